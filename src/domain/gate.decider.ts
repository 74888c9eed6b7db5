/** Decides about tool calls at the gate. */

import { type Examined, NO_TERMS, requestRateGuard, rulesGuard, type Terms, termsOf } from './admission.js';
import type { Amount } from './amount.js';
import type { SubmitToolCall } from './commands.js';
import type { BalanceAfter, Decided, Hold, LedgerEvent, Reserved } from './events.js';
import { evolve } from './evolve.js';
import {
  actionOf,
  approvalGuard,
  examineCall,
  gateSubject,
  holdGuard,
  refuseOutright,
  requestGuard,
  wantedHolds,
  workspaceGuard,
} from './gate-guards.js';
import { evaluateHold, type FittingHold } from './holds.js';
import { replayOf } from './idempotency.js';
import type { ReservationId } from './ids.js';
import type { Policy } from './policy-book.js';
import { isRefusal, type Refusal, reasonCodeOf, refusal } from './refusals.js';
import {
  allowedWith,
  isObserved,
  keyOf,
  overageDefault,
  type Placed,
  place,
  statedTerms,
} from './reservation.decider.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { tenantGuard } from './standing.js';
import { type Budget, balanceOf, forkState, type Tenant, type TenantState } from './state.js';
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
  const unavailable = tenantGuard(tenant);
  if (unavailable) return accept(deny(command, placed, unavailable, state));
  const malformed = requestGuard(command, placed);
  if (malformed) return refuse(malformed);
  const examined = examineCall(command, placed, state, nowMs);
  if (isRefusal(examined)) return refuse(examined);
  const holding = weigh(command, placed, { examined, tenant, state, nowMs });
  const isOnlyObserved = isObserved(undefined, tenant) && !command.assessment.selfProtection;
  if (isOnlyObserved) return accept(observe(command, placed, { holding, examined, state }));
  if (isRefusal(holding)) return accept(deny(command, placed, holding, state));

  // Nothing stands against it: the call is allowed, and everything it costs is held with it.
  return accept(...holding.opened, allow(command, placed, holding, termsOf(examined)), ...holding.reserved);
}

/** Every check in its order: what the call would hold, or the first refusal. */
function weigh(
  command: SubmitToolCall,
  placed: Placed,
  at: {
    readonly examined: Examined;
    readonly tenant: Tenant;
    readonly state: TenantState;
    readonly nowMs: number;
  },
): Holding | Refusal {
  const { examined, nowMs } = at;
  const barred = requestRateGuard(examined, nowMs) ?? refuseOutright(command) ?? rulesGuard(examined);
  if (barred) return barred;
  const holding = holdAll(command, placed, at);
  return isRefusal(holding) ? holding : (approvalGuard(command) ?? holding);
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
  }: { examined: Examined; tenant: Tenant; state: TenantState; nowMs: number },
): Holding | Refusal {
  const terms = termsOf(examined);
  const scratch = forkState(state);
  const opened: LedgerEvent[] = [];
  const reserved: Reserved[] = [];
  const balances: BalanceAfter[] = [];
  for (const { amount, reservationId } of wantedHolds(command)) {
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

function allow(command: SubmitToolCall, placed: Placed, holding: Holding, terms: Terms): Decided {
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
      ...statedTerms(terms),
    },
  };
}
