/** Decides about tool calls at the gate. */

import { type Examined, NO_TERMS, requestRateGuard, rulesGuard, type Terms, termsOf } from './admission.js';
import type { Amount } from './amount.js';
import { type Asking, askAbout, rejectedGuard, sessionScopeOf } from './approval.decider.js';
import type { SubmitToolCall } from './commands.js';
import type {
  BalanceAfter,
  Decided,
  DecidedApproval,
  Hold,
  LedgerEvent,
  Reserved,
  Shortfall,
} from './events.js';
import { evolve } from './evolve.js';
import {
  actionOf,
  askedOf,
  examineCall,
  gateSubject,
  holdGuard,
  inFull,
  refuseOutright,
  registryGuard,
  requestGuard,
  waitedGuard,
  wantedHolds,
  workspaceGuard,
} from './gate-guards.js';
import { evaluateHold, type FittingHold, type HoldRequest, shortfallsOf, topUp } from './holds.js';
import { replayOf } from './idempotency.js';
import type { ApprovalId, OperatorId, ReservationId } from './ids.js';
import { keyOf, type Placed, place } from './placement.js';
import type { Policy } from './policy-book.js';
import { isRefusal, type Refusal, reasonCodeOf, refusal } from './refusals.js';
import { allowedWith, isObserved, overageDefault, statedTerms } from './reservation.decider.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { tenantGuard } from './standing.js';
import { type ApiKey, type Budget, balanceOf, forkState, type Tenant, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

/**
 * A tool call: RISK_POINTS and, where an estimate is given, money are held together, or nothing is. One
 * `Decided`, with its `Reserved` in the same append. Denials are answers here, recorded as carefully as holds.
 */
export function submitToolCall(request: Request<SubmitToolCall>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const key = keyOf(request, state);
  const placed = workspaceGuard(command.subject, key) ?? place(gateSubject(command), tenant, key);
  if (isRefusal(placed)) return refuse(placed);
  const replay = replayOf(request);
  if (replay) return replayWhileOpen(replay, state);
  const outdated = registryGuard(command, state);
  if (outdated) return refuse(outdated);
  const unavailable = tenantGuard(tenant);
  if (unavailable) return accept(deny(command, placed, unavailable, state));
  const malformed = requestGuard(command, placed);
  if (malformed) return refuse(malformed);
  const examined = examineCall(command, placed, state, nowMs);
  if (isRefusal(examined)) return refuse(examined);
  const holding = weigh(command, placed, { examined, tenant, key, state, nowMs });
  const isOnlyObserved = isObserved(undefined, tenant) && !command.assessment.selfProtection;
  if (isOnlyObserved) return accept(observe(command, placed, { holding, examined, state }));
  if (isRefusal(holding)) return accept(deny(command, placed, holding, state));
  if (holding.asking.kind === 'waiting' || holding.asking.kind === 'to_ask') {
    return accept(...askPeople(command, placed, holding.asking, state));
  }

  // Nothing stands against it: the call is allowed, and everything it costs is held with it.
  return accept(
    ...used(command, holding),
    ...holding.opened,
    allow(command, placed, holding, termsOf(examined)),
    ...holding.reserved,
  );
}

/** Every check in its order: what the call would hold, or the first refusal. */
function weigh(
  command: SubmitToolCall,
  placed: Placed,
  at: {
    readonly examined: Examined;
    readonly tenant: Tenant;
    readonly key: ApiKey | undefined;
    readonly state: TenantState;
    readonly nowMs: number;
  },
): Weighed | Refusal {
  const { examined, state, nowMs } = at;
  const barred =
    requestRateGuard(examined, nowMs) ??
    refuseOutright(command) ??
    rejectedGuard(command.record.actionHash, sessionScopeOf(placed), state) ??
    rulesGuard(examined);
  if (barred) return barred;
  const plain = holdAll(command, placed, at);
  const shortfalls = isRefusal(plain) ? shortOf(plain, command, placed, at) : NO_SHORTFALLS;
  if (isRefusal(plain) && shortfalls.length === 0) return plain;
  const policy = examined.applied?.policy ?? null;
  const asking = askAbout(askedOf(command, placed), shortfalls, { ...at, placed, policy, key: at.key });
  // Where nobody can be asked for what is missing, that it is missing is the reason.
  if (isRefusal(plain) && (isRefusal(asking) || asking.kind === 'not_asked')) return plain;
  if (isRefusal(asking)) return asking;
  // Nobody is asked about a call that would be refused all the same, and a grant answers nothing else.
  const holding = isRefusal(plain)
    ? holdAll(command, placed, { ...at, topUp: { shortfalls, asking } })
    : plain;
  if (isRefusal(holding)) return holding;
  const over = asking.kind === 'to_ask' ? waitedGuard(command, state) : null;
  return over ?? { ...holding, asking };
}

const NO_SHORTFALLS: readonly Shortfall[] = [];

/** What RISK_POINTS budgets lack for a call, where it was refused for nothing else. */
function shortOf(
  { code, details }: Refusal,
  command: SubmitToolCall,
  placed: Placed,
  { state, nowMs }: { readonly state: TenantState; readonly nowMs: number },
): readonly Shortfall[] {
  if (code !== 'budget_exceeded' || details?.['unit'] !== 'RISK_POINTS') return NO_SHORTFALLS;
  const amount = BigInt(command.assessment.riskPoints);
  return shortfallsOf({ scopes: placed.scopes, unit: 'RISK_POINTS', amount, nowMs }, state);
}

/** ALLOW replays until the outcome is known or the hold has ended, so that nobody runs it on an old word. */
function replayWhileOpen(replay: Ruling, state: TenantState): Ruling {
  if (replay.kind !== 'replayed' || replay.event.type !== 'Decided') return replay;
  const { decisionId } = replay.event.data;
  if (state.toolCalls.has(decisionId)) return replay;
  return refuse(
    refusal('tool_call_settled', `The tool call ${decisionId} is settled; submit it anew under a new key.`),
  );
}

/** The call runs on an approval, which is used up with it. */
function used({ toolCallId }: SubmitToolCall, { asking }: Weighed): LedgerEvent[] {
  if (asking.kind !== 'granted') return [];
  const { approvalId } = asking.approval;
  return [{ type: 'ApprovalConsumed', data: { approvalId, allowed: toolCallId } }];
}

/** Not yet: people are asked, or have been asked about the same call before. */
function askPeople(
  command: SubmitToolCall,
  placed: Placed,
  asking: Extract<Asking, { kind: 'waiting' | 'to_ask' }>,
  state: TenantState,
): LedgerEvent[] {
  const isNew = asking.kind === 'to_ask';
  const { approvalId, answerByMs } = isNew ? asking.requested.data : asking.approval;
  const { type, data } = deny(isNew ? inFull(command) : command, placed, REQUIRED, state);
  const pending: Decided = {
    type,
    data: { ...data, decision: 'PENDING', approval: { approvalId, answerByMs } },
  };
  return isNew ? [...asking.events, pending] : [pending];
}

const REQUIRED = refusal('approval_required', 'A person is asked whether the call may run.');

interface Weighed extends Holding {
  readonly asking: Asking;
}

interface Holding {
  readonly opened: readonly LedgerEvent[];
  readonly reserved: readonly Reserved[];
  /** The session's RISK_POINTS budget after the holds. */
  readonly session: BalanceAfter | null;
  readonly balances: readonly BalanceAfter[];
}

/** Holds every unit over all scopes, each hold seeing the one before. A call that costs nothing opens nothing. */
function holdAll(
  command: SubmitToolCall,
  placed: Placed,
  {
    examined,
    tenant,
    state,
    nowMs,
    topUp: lacking,
  }: { examined: Examined; tenant: Tenant; state: TenantState; nowMs: number; topUp?: TopUp },
): Holding | Refusal {
  const terms = termsOf(examined);
  const scratch = forkState(state);
  const opened: LedgerEvent[] = [];
  const reserved: Reserved[] = [];
  const balances: BalanceAfter[] = [];
  for (const { amount, reservationId } of wantedHolds(command)) {
    if (lacking !== undefined && amount.unit === 'RISK_POINTS') {
      const added = toppedUp({ scopes: placed.scopes, ...amount, nowMs }, lacking, scratch);
      for (const event of added) evolve(scratch, event, nowMs);
      opened.push(...added);
    }
    const hold = evaluateHold({ scopes: placed.scopes, ...amount, nowMs }, scratch);
    balances.push(...hold.before);
    const refused = holdGuard(hold, amount, placed);
    if (refused) return refused;
    if (hold.kind === 'refused' || amount.amount === 0n) continue;
    // One call is counted once, with the first thing that it holds.
    const counted = reserved.length === 0 ? terms : { ...terms, quotas: [] };
    const event = reservedFor(command, placed, hold, {
      reservationId,
      amount,
      terms: counted,
      policy: examined.applied?.policy ?? null,
      tenant,
      state,
      nowMs,
    });
    for (const next of [...hold.opened, event]) evolve(scratch, next, nowMs);
    opened.push(...hold.opened);
    reserved.push(event);
  }
  const budget = sessionBudget(placed, scratch);
  return { opened, reserved, session: budget === undefined ? null : balanceOf(budget), balances };
}

/** The points that an approval adds, or would: for a question they only show that nothing else is in the way. */
interface TopUp {
  readonly shortfalls: readonly Shortfall[];
  readonly asking: Asking;
}

function toppedUp(request: HoldRequest, { shortfalls, asking }: TopUp, state: TenantState): LedgerEvent[] {
  const isGranted = asking.kind === 'granted';
  const operatorId = isGranted ? asking.by : ('' as OperatorId);
  const approvalId = isGranted ? asking.approval.approvalId : ('' as ApprovalId);
  return topUp(request, shortfalls, { approvalId, operatorId }, state);
}

function sessionBudget(placed: Placed, state: TenantState): Budget | undefined {
  const scope = placed.scopes.find((path) => path.slice(path.lastIndexOf('/') + 1).startsWith('workflow:'));
  return scope === undefined ? undefined : state.budgets.get(budgetKey(scope, 'RISK_POINTS'));
}

function reservedFor(
  command: SubmitToolCall,
  placed: Placed,
  hold: FittingHold,
  how: {
    reservationId: ReservationId;
    amount: Amount;
    terms: Terms;
    policy: Policy | null;
    tenant: Tenant;
    state: TenantState;
    nowMs: number;
  },
): Reserved {
  return {
    type: 'Reserved',
    data: {
      reservationId: how.reservationId,
      subject: placed.subject,
      action: actionOf(command),
      unit: how.amount.unit,
      amount: how.amount.amount,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      heldScopes: hold.heldScopes,
      createdAtMs: how.nowMs,
      expiresAtMs: how.nowMs + command.holdMs,
      gracePeriodMs: 0,
      overagePolicy:
        how.amount.unit === 'RISK_POINTS'
          ? 'ALLOW_IF_AVAILABLE'
          : overageDefault(hold.heldScopes, how.amount.unit, how),
      caps: how.terms.caps,
      metadata: null,
      toolCallId: command.toolCallId,
      balances: hold.after,
      ...statedTerms(how.terms),
    },
  };
}

function allow(command: SubmitToolCall, placed: Placed, holding: Weighed, terms: Terms): Decided {
  const { asking } = holding;
  const holds: Hold[] = holding.reserved.map(({ data }) => ({
    reservationId: data.reservationId,
    unit: data.unit,
    amount: data.amount,
    expiresAtMs: data.expiresAtMs,
  }));
  return decided(command, placed, {
    denied: null,
    session: holding.session,
    holds,
    balances: holding.balances,
    terms: holds.length === 0 ? terms : { ...terms, quotas: [] },
    approval: asking.kind === 'granted' ? { approvalId: asking.approval.approvalId, answerByMs: null } : null,
  });
}

/** What would have been decided, of a call that is let through. Nothing is held, counted or opened. */
function observe(
  command: SubmitToolCall,
  placed: Placed,
  { holding, examined, state }: { holding: Holding | Refusal; examined: Examined; state: TenantState },
): Decided {
  const { type, data } = isRefusal(holding)
    ? deny(command, placed, holding, state)
    : decided(command, placed, {
        denied: null,
        ...standingOf(command, placed, state),
        holds: [],
        terms: { ...termsOf(examined), quotas: [] },
      });
  return { type, data: { ...data, observed: true } };
}

function deny(command: SubmitToolCall, placed: Placed, denied: Refusal, state: TenantState): Decided {
  return decided(command, placed, {
    denied,
    ...standingOf(command, placed, state),
    holds: [],
    terms: { ...NO_TERMS, policyId: denied.deny?.blockedByPolicy ?? null },
  });
}

/** The session's budget and all budgets over the call, as they stand. */
function standingOf(
  command: SubmitToolCall,
  placed: Placed,
  state: TenantState,
): Pick<Holding, 'session' | 'balances'> {
  const budget = sessionBudget(placed, state);
  const session = budget === undefined ? null : balanceOf(budget);
  const balances = wantedHolds(command).flatMap(({ amount }) =>
    placed.scopes.flatMap((scope) => {
      const line = state.budgets.get(budgetKey(scope, amount.unit));
      return line === undefined ? [] : [balanceOf(line)];
    }),
  );
  return { session, balances };
}

function decided(
  command: SubmitToolCall,
  placed: Placed,
  how: {
    denied: Refusal | null;
    session: Holding['session'];
    holds: readonly Hold[];
    balances: Holding['balances'];
    terms: Terms;
    approval?: DecidedApproval | null;
  },
): Decided {
  const { denied, session, holds, balances, terms } = how;
  const caps = denied ? null : terms.caps;
  return {
    type: 'Decided',
    data: {
      decisionId: command.toolCallId,
      operation: 'tool_call',
      decision: denied ? 'DENY' : allowedWith(caps),
      answered: true,
      reasonCode: denied ? reasonCodeOf(denied.code) : null,
      message: denied?.message ?? null,
      subject: placed.subject,
      action: actionOf(command),
      estimate: { unit: 'RISK_POINTS', amount: BigInt(command.assessment.riskPoints) },
      reservationId: null,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      caps,
      metadata: null,
      details: denied?.details ?? null,
      repeats: 1,
      gate: { ...command.record, assessment: command.assessment, session, holds },
      balances,
      ...(denied?.deny && { deny: denied.deny }),
      ...(how.approval && { approval: how.approval }),
      ...statedTerms(terms),
    },
  };
}
