/** What a tenant writer answers a command with, once everything the answer rests on is in the log. */

import type { RecordedEvent } from '../domain/events.js';
import type { Refusal } from '../domain/refusals.js';

export type Answer =
  /** Decided anew: the events of this command, in order; none when it changes nothing. */
  | { readonly kind: 'accepted'; readonly events: readonly RecordedEvent[]; readonly nowMs: number }
  /** The same request was answered before: the event that carries that answer. */
  | {
      readonly kind: 'replayed';
      readonly event: RecordedEvent;
      /** Whether the hold that the event made is still active. False when it made none. */
      readonly reservationActive: boolean;
      readonly nowMs: number;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly nowMs: number };

/** Where in the ledger a read saw the state. */
export interface ReadAt {
  readonly revision: number;
  readonly position: number;
  /** Server time of the read, ms since the epoch. */
  readonly nowMs: number;
}
