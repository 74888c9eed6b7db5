/** Time from outside: the wall clock, and timers that a simulation can own. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after a delay of at least 0 ms; returns the cancel function. */
  after(delayMs: number, callback: () => void): () => void;
}
