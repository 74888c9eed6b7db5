/** What a verification can find wrong, and where. */

import type { StoredEvent } from '../ports/event-store.port.js';

export type Check =
  /** Revisions are contiguous from 0, and positions grow: nothing is missing, nothing is out of order. */
  | 'order'
  /** The hash covers the one before it and these very bytes. */
  | 'chain'
  /** The event is of a type and schema this version knows. */
  | 'decode'
  /** The event does not contradict what its stream says before it. */
  | 'fold'
  /** The balances in the event are those that its amounts lead to. */
  | 'balance'
  /** A reservation has at most one end, and `reserved` is the sum of those without one. */
  | 'holds'
  /** An idempotency key has at most one answer. */
  | 'claim'
  /** The balances read model agrees with the ledger. */
  | 'read_model';

export interface Finding {
  readonly check: Check;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly message: string;
}

/** Something a record fails in; caught where the record is known. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  constructor(
    readonly check: Check,
    message: string,
  ) {
    super(message);
  }
}

export function findingAt(event: StoredEvent, error: unknown, otherwise: Check): Finding {
  return {
    check: error instanceof Mismatch ? error.check : otherwise,
    stream: event.stream,
    revision: event.revision,
    position: event.position,
    eventId: event.id,
    eventType: event.type,
    message: error instanceof Error ? error.message : String(error),
  };
}
