/** Decides about the outcomes of tool calls: what the world answered, and what that settles. */

import { checkScopeFilter } from './access.js';
import type { RecordOutcome } from './commands.js';
import type { Committed, OutcomeRecorded, Released } from './events.js';
import { replayOf } from './idempotency.js';
import { type Settlement, settle } from './overage.js';
import { keyOf } from './placement.js';
import { isRefusal, type Refusal, refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { committed, released, settledScopes } from './settlement.decider.js';
import { closedGuard } from './standing.js';
import type { Reservation, Tenant, TenantState, ToolCall } from './state.js';

/**
 * What the external system answered, and the settlement of everything the call held. Risk settles at the
 * assessed points whatever is reported; only a trusted key's `failed` gives them back.
 */
export function recordOutcome(request: Request<RecordOutcome>, tenant: Tenant, state: TenantState): Ruling {
  const { command, prior } = request;
  const call = state.toolCalls.get(command.toolCallId);
  if (call === undefined && prior.toolCall === null && prior.answer === null) {
    return refuse(refusal('tool_call_not_found', `The tool call ${command.toolCallId} does not exist.`));
  }
  const key = keyOf(request, state);
  const forbidden = key && call && checkScopeFilter(key, call.scopePath);
  if (forbidden) return refuse(forbidden);
  const replay = replayOf(request);
  if (replay) {
    return replay.kind === 'replayed'
      ? replay
      : refuse(refusal('tool_call_settled', `Another outcome of ${command.toolCallId} is recorded.`));
  }
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  if (call === undefined && prior.toolCall?.allowed === false) {
    return refuse(
      refusal('tool_call_settled', `The tool call ${command.toolCallId} was denied: it has no outcome.`),
    );
  }
  return settleToolCall(command, call, state, key?.trusted === true);
}

/** A call whose hold has timed out is settled already: its late outcome is recorded all the same. */
function settleToolCall(
  command: RecordOutcome,
  call: ToolCall | undefined,
  state: TenantState,
  isTrusted: boolean,
): Ruling {
  const settlements: (Committed | Released)[] = [];
  for (const reservationId of call?.holds ?? []) {
    const reservation = state.reservations.get(reservationId);
    if (reservation === undefined) continue;
    const settlement = settleHold(command, reservation, state, isTrusted);
    if (isRefusal(settlement)) return refuse(settlement);
    settlements.push(settlement);
  }
  return accept(outcomeRecorded(command, settlements), ...settlements);
}

/** One hold of the call: given back on a trusted key's word, else charged; only money knows an actual amount. */
function settleHold(
  { status, actual: reported }: RecordOutcome,
  reservation: Reservation,
  state: TenantState,
  isTrusted: boolean,
): Committed | Released | Refusal {
  const { unit, amount } = reservation.held;
  const stated = unit === 'RISK_POINTS' ? null : reported;
  if (stated !== null && stated.unit !== unit) {
    return refusal('unit_mismatch', `The call holds ${unit}, not ${stated.unit}.`, {
      scope: reservation.scopePath,
      requested_unit: stated.unit,
      expected_units: [unit],
    });
  }
  if (status === 'failed' && isTrusted && stated === null) {
    return released(reservation, state, 'client', 'outcome failed');
  }
  const actual = stated?.amount ?? amount;
  const settlement = settleWhatRan(reservation, state, actual);
  return isRefusal(settlement)
    ? settlement
    : committed(reservation, settlement, { reason: 'outcome', actual, metrics: null, metadata: null });
}

/** The call has run: a policy that would refuse the overage caps it instead, so that no outcome is lost. */
function settleWhatRan(reservation: Reservation, state: TenantState, actual: bigint): Settlement | Refusal {
  const scopes = settledScopes(reservation, state);
  const { amount } = reservation.held;
  const settlement = settle(scopes, amount, actual, reservation.overagePolicy);
  return isRefusal(settlement) ? settle(scopes, amount, actual, 'ALLOW_IF_AVAILABLE') : settlement;
}

function outcomeRecorded(
  command: RecordOutcome,
  settlements: readonly (Committed | Released)[],
): OutcomeRecorded {
  const { toolCallId, status, httpStatus, exitCode, error, outputSha256 } = command;
  return {
    type: 'OutcomeRecorded',
    data: {
      toolCallId,
      status,
      httpStatus,
      exitCode,
      error,
      outputSha256,
      refunded: settlements.some(({ type }) => type === 'Released'),
      settled: settlements.map(({ type, data }) => ({
        reservationId: data.reservationId,
        unit: data.unit,
        charged: type === 'Committed' ? data.charged : 0n,
        released: data.released,
      })),
    },
  };
}
