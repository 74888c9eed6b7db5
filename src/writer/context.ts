/** What every tenant writer of a process works with. */

import type { Clock } from '../ports/clock.port.js';
import type { EventCodec } from '../ports/event-codec.port.js';
import type { EventStore } from '../ports/event-store.port.js';
import type { History } from '../ports/history.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { SnapshotStore } from '../ports/snapshot-store.port.js';
import type { WriterCounters } from './counters.js';
import type { WriterLimits } from './limits.js';

/** Where the writers report what no caller sees. The shape of a pino logger. */
export interface WriterLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface WriterContext {
  readonly store: EventStore;
  readonly codec: EventCodec;
  /** `after(0, …)` must let I/O and other callbacks run first, as setImmediate does. */
  readonly clock: Clock;
  readonly ids: Ids;
  readonly snapshots: SnapshotStore;
  readonly history: History;
  readonly log: WriterLog;
  readonly limits: WriterLimits;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  readonly counters: WriterCounters;
  /** Whether other processes append to the same log, so that a fold may be outdated without having noticed. */
  readonly isShared: boolean;
}

/** What trying again needs. */
export type RetryContext = Pick<WriterContext, 'clock' | 'limits' | 'random'>;

export const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

/** The pause before an attempt, growing from attempt 1 on, with up to half of it at random. */
export function pauseBefore(attempt: number, { limits, random }: RetryContext): number {
  const grown = Math.min(limits.pauseMinMs * 2 ** (attempt - 1), limits.pauseMaxMs);
  return Math.ceil(grown * (0.5 + random() / 2));
}
