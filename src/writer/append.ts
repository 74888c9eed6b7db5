/** Appending until it is known what became of it. */

import type { SealedEvent } from '../domain/hash-chain.js';
import { type AppendResult, StoreFault } from '../ports/event-store.port.js';
import { pause, pauseBefore, type RetryContext, type WriterContext } from './context.js';

export interface Appending {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly SealedEvent[];
  /** Called once when the outcome has been unknown for too long to keep callers waiting. */
  readonly onUnsettled: () => void;
  /** Whether nobody waits for the outcome any more: the process is leaving. */
  readonly isAbandoned: () => boolean;
}

/** As much of a writer's context as appending needs. */
export type AppendContext = Pick<WriterContext, 'clock' | 'counters' | 'limits' | 'log' | 'random'> & {
  readonly store: Pick<WriterContext['store'], 'append'>;
};

/**
 * Appends a batch. While its outcome is unknown the identical batch (ids, bytes, expected revision) is sent
 * again: once it may be in the log, only the log can say. What is certainly not written is tried a few times.
 * @throws StoreFault when it is not written, or when abandoned
 */
export async function appendUntilKnown(append: Appending, context: AppendContext): Promise<AppendResult> {
  const { clock, counters, limits, store } = context;
  const beganMs = clock.now();
  let mayBeWritten = false;
  let isReported = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.append(append.stream, append.expectedRevision, append.events);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      // That a later attempt was not written says nothing about an earlier one.
      mayBeWritten ||= error.outcome === 'unknown';
      if (append.isAbandoned() || (!mayBeWritten && attempt >= limits.attemptsMax)) throw error;
      if (attempt === 1) context.log.warn({ err: error, stream: append.stream }, 'an append is sent again');
    }
    if (!isReported && clock.now() - beganMs >= limits.unsettledMaxMs) {
      isReported = true;
      append.onUnsettled();
    }
    counters.resent += 1;
    await pause(clock, pauseBefore(attempt, context));
  }
}

/**
 * Reads with a few attempts, as long as callers may be kept waiting: each may take long where a store is silent.
 * @throws StoreFault when none succeeds
 */
export async function readWithRetries<T>(read: () => Promise<T>, context: RetryContext): Promise<T> {
  const { clock, limits } = context;
  const beganMs = clock.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const isLate = clock.now() - beganMs >= limits.unsettledMaxMs;
      if (!(error instanceof StoreFault) || attempt >= limits.attemptsMax || isLate) throw error;
    }
    await pause(clock, pauseBefore(attempt, context));
  }
}
