/** Which answered request an event stands for, read back from the event itself. */

import type { RecordedEvent } from '../domain/events.js';
import { Mismatch } from './finding.js';

/** The claim of an event, or null when it answers no request that could be repeated. */
function claimOfEvent(event: RecordedEvent): string | null {
  if (event.type === 'OutcomeRecorded') return `outcome|${event.data.toolCallId}`;
  const key = event.metadata.idempotencyKey;
  if (key === null) return null;
  switch (event.type) {
    case 'Reserved':
      return event.data.toolCallId === null ? `reserve|${key}` : null;
    case 'Committed':
      return event.data.reason === 'client' ? `commit|${event.data.reservationId}|${key}` : null;
    case 'Released':
      return event.data.reason === 'expired' ? null : `release|${event.data.reservationId}|${key}`;
    case 'Extended':
      return `extend|${event.data.reservationId}|${key}`;
    case 'Debited':
      return `debit|${key}`;
    case 'Adjusted':
      return `adjust|${event.data.chargeId}|${key}`;
    case 'BudgetFunded':
      return `fund|${event.data.scope}|${event.data.unit}|${key}`;
    case 'Decided':
      return claimOfDecision(event.data, key);
    default:
      return null;
  }
}

/** Refusals claim nothing, nor does the gate's no or not yet: the same call may be allowed later. */
function claimOfDecision(
  { answered, operation, decision, gate }: (RecordedEvent & { type: 'Decided' })['data'],
  key: string,
): string | null {
  const isNo = decision === 'DENY' || decision === 'PENDING';
  if (!answered || (gate !== null && isNo)) return null;
  if (gate !== null) return `tool_call|${gate.sessionId.toLowerCase()}|${key}`;
  // A dry run is asked for where a reservation is, and shares its keys.
  return `${operation === 'dry_run' ? 'reserve' : operation}|${key}`;
}

/** The claims of one tenant. */
export class Claims {
  private readonly answered = new Map<string, number>();

  /** @throws Mismatch when the request was answered before */
  apply(event: RecordedEvent): void {
    const claim = claimOfEvent(event);
    if (claim === null) return;
    const earlier = this.answered.get(claim);
    if (earlier !== undefined) {
      throw new Mismatch('claim', `it answers a request that revision ${earlier} has answered: ${claim}`);
    }
    this.answered.set(claim, event.revision);
  }
}
