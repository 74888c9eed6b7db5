/** Decides about tool calls at the gate. */

import type { Amount } from './amount.js';
import type { SubmitToolCall } from './commands.js';
import type { Action, BalanceAfter, Decided, Hold, LedgerEvent, Reserved } from './events.js';
import { evolve } from './evolve.js';
import { evaluateHold, type FittingHold } from './holds.js';
import { replayOf } from './idempotency.js';
import type { ReservationId } from './ids.js';
import { isRefusal, type Refusal, type RefusalCode, reasonCodeOf, refusal } from './refusals.js';
import { keyOf, overageDefault, type Placed, place } from './reservation.decider.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { tenantGuard } from './standing.js';
import { type ApiKey, type Budget, balanceOf, forkState, type Tenant, type TenantState } from './state.js';
import { budgetKey, type Subject } from './subject.js';

/** From this tier on a new tenant's gate asks a person; without one to ask it refuses. */
const APPROVAL_TIER = 4;

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
  const outright = refuseOutright(command);
  if (outright) return accept(deny(command, placed, outright, state));

  const holding = holdAll(command, placed, { tenant, state, nowMs });
  if (isRefusal(holding)) return accept(deny(command, placed, holding, state));
  const unapproved = approvalGuard(command);
  if (unapproved) return accept(deny(command, placed, unapproved, state));

  // Nothing stands against it: the call is allowed, and everything it costs is held with it.
  return accept(...holding.opened, allow(command, placed, holding), ...holding.reserved);
}

/** The session is the workflow, and the tool registry says which toolset: neither is the client's to choose. */
export const gateSubject = ({ subject, record, toolset }: SubmitToolCall): Subject => ({
  ...subject,
  workflow: record.sessionId,
  toolset,
});

/** Where the key fixes the app, a workspace of the caller's choice would be a fresh standing budget of that app. */
function workspaceGuard(subject: Subject, key: ApiKey | undefined): Refusal | null {
  const isChosen = subject.workspace !== undefined && key?.fixedSubject.workspace === undefined;
  if (!isChosen || key?.fixedSubject.app === undefined) return null;
  return refusal('scope_forbidden', 'The API key fixes app and no workspace, so none may be given.', {
    field: 'subject.workspace',
  });
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

function requestGuard({ estimate }: SubmitToolCall, { subject }: Placed): Refusal | null {
  if (subject.app === undefined) {
    return refusal('request_invalid', 'subject.app is missing: give it, or issue the key with a fixed app.', {
      field: 'subject.app',
    });
  }
  if (estimate?.unit === 'RISK_POINTS') {
    return refusal('request_invalid', 'estimate.unit cannot be RISK_POINTS: the server assesses risk.', {
      field: 'estimate.unit',
    });
  }
  return null;
}

function refuseOutright({ assessment }: SubmitToolCall): Refusal | null {
  if (assessment.selfProtection) {
    return refusal('self_protection', 'The call touches the gate itself. No setting allows that.');
  }
  if (assessment.radius === 'system') {
    return refusal(
      'radius_refused',
      `The call reaches a whole system and what depends on it (${assessment.riskPoints} risk points): ${worstReason(assessment)}`,
    );
  }
  return null;
}

function worstReason(assessment: SubmitToolCall['assessment']): string {
  const worst = assessment.effects.reduce<(typeof assessment.effects)[number] | undefined>(
    (most, effect) => (most === undefined || effect.points > most.points ? effect : most),
    undefined,
  );
  return worst === undefined ? 'unseen' : `${worst.verb} ${worst.target}.`;
}

function approvalGuard({ assessment }: SubmitToolCall): Refusal | null {
  if (assessment.tier < APPROVAL_TIER) return null;
  return refusal(
    'approval_unavailable',
    `Calls of tier ${APPROVAL_TIER} need a person’s approval, and nobody is set up to give it: ${worstReason(assessment)}`,
  );
}

/** What denies even a call that costs nothing. A budget that is used up does not: there is nothing to take. */
const FREE_TOO: ReadonlySet<RefusalCode> = new Set([
  'budget_not_found',
  'unit_mismatch',
  'budget_closed',
  'budget_frozen',
] satisfies RefusalCode[]);

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
  { tenant, state, nowMs }: { tenant: Tenant; state: TenantState; nowMs: number },
): Holding | Refusal {
  const scratch = forkState(state);
  const opened: LedgerEvent[] = [];
  const reserved: Reserved[] = [];
  const balances: BalanceAfter[] = [];
  for (const { amount, reservationId } of wantedHolds(command)) {
    const hold = evaluateHold({ scopes: placed.scopes, ...amount, nowMs }, scratch);
    balances.push(...hold.before);
    if (hold.kind === 'refused' && (amount.amount > 0n || FREE_TOO.has(hold.refusal.code))) {
      return withoutUnit(hold.refusal, amount.unit, placed);
    }
    if (hold.kind === 'refused' || amount.amount === 0n) continue;
    const event = reservedFor(command, placed, hold, { reservationId, amount, tenant, state, nowMs });
    for (const next of [...hold.opened, event]) evolve(scratch, next, nowMs);
    opened.push(...hold.opened);
    reserved.push(event);
  }
  const budget = sessionBudget(placed, scratch);
  return { opened, reserved, session: budget === undefined ? null : balanceOf(budget), balances };
}

/** At the gate a missing budget denies, whatever other units the scopes are kept in. */
const withoutUnit = (refused: Refusal, unit: string, placed: Placed): Refusal =>
  refused.code === 'unit_mismatch' || refused.code === 'budget_not_found'
    ? refusal('budget_not_found', `There is no ${unit} budget at ${placed.path} or above it.`, { unit })
    : refused;

/** Risk always, even of 0 points, since a missing or closed budget denies; money when it was estimated. */
function wantedHolds(command: SubmitToolCall): { amount: Amount; reservationId: ReservationId }[] {
  const risk: Amount = { unit: 'RISK_POINTS', amount: BigInt(command.assessment.riskPoints) };
  const wanted = [{ amount: risk, reservationId: command.riskReservationId }];
  if (command.estimate !== null && command.estimate.amount > 0n) {
    wanted.push({ amount: command.estimate, reservationId: command.moneyReservationId });
  }
  return wanted;
}

function sessionBudget(placed: Placed, state: TenantState): Budget | undefined {
  const scope = placed.scopes.find((path) => path.slice(path.lastIndexOf('/') + 1).startsWith('workflow:'));
  return scope === undefined ? undefined : state.budgets.get(budgetKey(scope, 'RISK_POINTS'));
}

const actionOf = (command: SubmitToolCall): Action => ({
  kind: command.assessment.actionKind,
  name: command.record.tool.server
    ? `${command.record.tool.server}:${command.record.tool.name}`
    : command.record.tool.name,
});

function reservedFor(
  command: SubmitToolCall,
  placed: Placed,
  hold: FittingHold,
  how: { reservationId: ReservationId; amount: Amount; tenant: Tenant; state: TenantState; nowMs: number },
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
          : overageDefault(hold.heldScopes, how.amount.unit, how.tenant, how.state),
      caps: null,
      metadata: null,
      toolCallId: command.toolCallId,
      balances: hold.after,
    },
  };
}

function allow(command: SubmitToolCall, placed: Placed, holding: Holding): Decided {
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
  });
}

function deny(command: SubmitToolCall, placed: Placed, denied: Refusal, state: TenantState): Decided {
  const budget = sessionBudget(placed, state);
  const session = budget === undefined ? null : balanceOf(budget);
  const balances = wantedHolds(command).flatMap(({ amount }) =>
    placed.scopes.flatMap((scope) => {
      const line = state.budgets.get(budgetKey(scope, amount.unit));
      return line === undefined ? [] : [balanceOf(line)];
    }),
  );
  return decided(command, placed, { denied, session, holds: [], balances });
}

function decided(
  command: SubmitToolCall,
  placed: Placed,
  how: {
    denied: Refusal | null;
    session: Holding['session'];
    holds: readonly Hold[];
    balances: Holding['balances'];
  },
): Decided {
  const { denied, session, holds, balances } = how;
  return {
    type: 'Decided',
    data: {
      decisionId: command.toolCallId,
      operation: 'tool_call',
      decision: denied ? 'DENY' : 'ALLOW',
      answered: true,
      reasonCode: denied ? reasonCodeOf(denied.code) : null,
      message: denied?.message ?? null,
      subject: placed.subject,
      action: actionOf(command),
      estimate: { unit: 'RISK_POINTS', amount: BigInt(command.assessment.riskPoints) },
      reservationId: null,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      caps: null,
      metadata: null,
      details: denied?.details ?? null,
      repeats: 1,
      gate: { ...command.record, assessment: command.assessment, session, holds },
      balances,
    },
  };
}
