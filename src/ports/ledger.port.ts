/** The ledger as a whole, wherever it is: as its writer sees it, and to whoever only reads it. */

import type { EventReader, EventStore } from './event-store.port.js';

/** A ledger that is only read. */
export interface LedgerReader extends EventReader {
  /** Tells the subscribers that the log has reached a position; whoever owns the store relays it. */
  notify(position: number): void;
  close(): Promise<void>;
}

/** The ledger as its writer sees it. */
export interface Ledger {
  readonly store: EventStore;
  /** What stands against writing it from this machine, in a sentence; null when nothing does. */
  problem(): string | null;
  close(): Promise<void>;
}
