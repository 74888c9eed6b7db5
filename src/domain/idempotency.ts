/** Idempotency: which request a command claims to be, and what an earlier answer means for it. */

import type { Command } from './commands.js';
import type { Decided, LedgerEvent, Origin, RecordedEvent } from './events.js';
import type { Claim } from './ids.js';
import { refusal } from './refusals.js';
import { type Request, type Ruling, refuse } from './ruling.js';

/**
 * The claim of a request inside its tenant: operation, the object its path names, and the key. Null when the
 * request has no idempotency key. A dry run is the same endpoint as a reserve and shares its keys. An outcome
 * needs no key: a tool call has one outcome.
 */
export function claimOf(command: Command, origin: Origin): Claim | null {
  if (command.type === 'RecordOutcome') return `outcome|${command.toolCallId}|` as Claim;
  const key = origin.idempotencyKey;
  if (key === null) return null;
  switch (command.type) {
    case 'Decide':
      return `${command.operation === 'dry_run' ? 'reserve' : 'decide'}||${key}` as Claim;
    case 'Reserve':
      return `reserve||${key}` as Claim;
    case 'Commit':
      return `commit|${command.reservationId}|${key}` as Claim;
    case 'Release':
      return `release|${command.reservationId}|${key}` as Claim;
    case 'Extend':
      return `extend|${command.reservationId}|${key}` as Claim;
    case 'Debit':
      return `debit||${key}` as Claim;
    case 'AdjustCharge':
      return `adjust|${command.charge.chargeId}|${key}` as Claim;
    case 'FundBudget':
      return `fund|${command.scope.toLowerCase()}|${command.unit}|${key}` as Claim;
    case 'CorrectBudget':
      return `correct|${command.scope.toLowerCase()}|${command.unit}|${key}` as Claim;
    case 'ClosePeriod':
      return `close_period||${key}` as Claim;
    case 'SubmitToolCall':
      return `tool_call|${command.record.sessionId.toLowerCase()}|${key}` as Claim;
    default:
      return null;
  }
}

/**
 * Which of the accepted events carries the claim and is the stored answer; −1 when none does. A gate's DENY
 * and PENDING never replay, so they claim nothing.
 */
export function answerIndex(events: readonly LedgerEvent[]): number {
  const gate = events.findIndex((event) => event.type === 'Decided' || event.type === 'OutcomeRecorded');
  if (gate < 0) return events.length - 1;
  const event = events[gate];
  return event !== undefined && isGateDenial(event) ? -1 : gate;
}

/** Whether an event is the gate's no, or its not yet, to a tool call. What a tenant only observes is let through. */
export const isGateDenial = (event: LedgerEvent): event is Decided =>
  event.type === 'Decided' &&
  event.data.gate !== null &&
  (event.data.decision === 'DENY' || event.data.decision === 'PENDING') &&
  event.data.observed !== true;

/**
 * The earlier answer to the same claim: replayed when the request is the same, refused when it is another one
 * under the same key, null when there is none.
 */
export function replayOf(request: Request): Ruling | null {
  const { answer } = request.prior;
  if (answer === null) return null;
  if (isSameRequest(answer, request.origin)) return { kind: 'replayed', event: answer };
  return refuse(
    refusal('idempotency_mismatch', 'The idempotency key was used before with a different request.'),
  );
}

const isSameRequest = (answer: RecordedEvent, origin: Origin): boolean =>
  answer.metadata.requestHash === origin.requestHash;
