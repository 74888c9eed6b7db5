/** What the write path counts, for metrics. */

export interface WriterCounters {
  /** Commands taken in, and how they ended. */
  commands: number;
  accepted: number;
  replayed: number;
  refused: number;
  /** Commands turned away by a full queue, a store that could not, or our own bug. */
  overloaded: number;
  unavailable: number;
  failed: number;
  /** Appends and their events. */
  batches: number;
  events: number;
  /** Batches decided again because another node wrote first or a key turned out to be used. */
  redecided: number;
  /** Appends sent again because their outcome was unknown or they were not written. */
  resent: number;
  /** Tenants folded from the store, and snapshots written. */
  loaded: number;
  snapshots: number;
  /** Look-ups of claims and of finished reservations. */
  lookups: number;
  /** Position of the newest event that this process has appended or folded. */
  lastPosition: number;
}

export const newCounters = (): WriterCounters => ({
  commands: 0,
  accepted: 0,
  replayed: 0,
  refused: 0,
  overloaded: 0,
  unavailable: 0,
  failed: 0,
  batches: 0,
  events: 0,
  redecided: 0,
  resent: 0,
  loaded: 0,
  snapshots: 0,
  lookups: 0,
  lastPosition: 0,
});
