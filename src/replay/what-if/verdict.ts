/** What was decided about a request, as it is compared. */

import type { Caps, Decided, Decision, RecordedEvent, Reserved } from '../../domain/events.js';
import { reasonCodeOf } from '../../domain/refusals.js';
import type { Ruling } from '../../domain/ruling.js';

export interface Verdict {
  readonly decision: Decision | 'PENDING';
  /** Null for what is allowed. */
  readonly reasonCode: string | null;
  readonly message: string | null;
  /** The policy that applied or stood in the way; null where none did. */
  readonly policyId: string | null;
  readonly caps: Caps | null;
}

const ALLOWED = { reasonCode: null, message: null } as const;
const NO_TERMS = { policyId: null, caps: null } as const;

/** What an event says was decided; null for an event that is no decision. */
export function verdictIn(event: RecordedEvent): Verdict | null {
  switch (event.type) {
    case 'Decided':
      return ofDecided(event.data);
    case 'Reserved':
      return event.data.toolCallId === null ? ofReserved(event.data) : null;
    case 'Debited':
      return { decision: 'ALLOW', ...ALLOWED, ...NO_TERMS };
    default:
      return null;
  }
}

/** The same of a ruling. */
export function verdictOf(ruling: Ruling): Verdict {
  if (ruling.kind === 'refused') {
    const { code, message, deny } = ruling.refusal;
    const policyId = deny?.blockedByPolicy ?? null;
    return { decision: 'DENY', reasonCode: reasonCodeOf(code), message, policyId, caps: null };
  }
  const events = ruling.kind === 'replayed' ? [ruling.event] : ruling.events;
  for (const event of events) {
    if (event.type === 'Decided') return ofDecided(event.data);
    if (event.type === 'Reserved') return ofReserved(event.data);
  }
  return { decision: 'ALLOW', ...ALLOWED, ...NO_TERMS };
}

const ofDecided = ({ decision, reasonCode, message, policyId, caps }: Decided['data']): Verdict => ({
  decision,
  reasonCode,
  message,
  policyId: policyId ?? null,
  caps,
});

const ofReserved = ({ caps, policyId }: Reserved['data']): Verdict => ({
  decision: caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS',
  ...ALLOWED,
  policyId: policyId ?? null,
  caps,
});

/** Whether two verdicts let the same happen, for the same reason. */
export const isSame = (one: Verdict, other: Verdict): boolean =>
  one.decision === other.decision &&
  one.reasonCode === other.reasonCode &&
  JSON.stringify(one.caps) === JSON.stringify(other.caps);
