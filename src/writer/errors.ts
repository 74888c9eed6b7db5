/** The faults of the write path, each typed: none of them is a refusal, and none of them answers a command. */

/** The tenant's queue is full. Nothing was done; try again after a while. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  constructor(
    /** When to try again, in ms. */
    readonly retryAfterMs: number,
  ) {
    super('the tenant has more commands waiting than its queue may hold');
  }
}

/**
 * The store could not do it in time. The command may still take effect, so a client repeats it under the same
 * idempotency key.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The process is shutting down and takes no new work. */
export class ShuttingDown extends Error {
  override readonly name = 'ShuttingDown';
  constructor() {
    super('the process is shutting down');
  }
}

/** Our bug: nothing of this command was stored. The cause is logged, never shown to the caller. */
export class InternalError extends Error {
  override readonly name: string = 'InternalError';
}

/** The tenant's stream contradicts its own fold: nothing is decided on it until an operator has looked. */
export class WriterStopped extends InternalError {
  override readonly name = 'WriterStopped';
}
