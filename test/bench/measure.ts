/** Measuring one operation: the load of a job beside what it cost the server. */

import { setTimeout as pause } from 'node:timers/promises';
import type { LoadChild, ServedChild } from './children.js';
import type { Job } from './load.js';

/**
 * What the sides of a comparison are: an echo, the ledger on a store, or the ledger on the embedded store with many
 * policies, of which the one that applies counts nothing, or counts what is reserved, or while agents wait for people.
 */
export type Side = 'echo' | 'embedded' | 'double' | 'policies' | 'quotas' | 'waiting';

export interface Measurement {
  readonly operation: Job['operation'];
  /** What answered it. */
  readonly side: Side;
  readonly connections: number;
  readonly requests: number;
  readonly failures: number;
  readonly firstFailure: string | null;
  readonly perSecond: number;
  /** CPU time of the server for one request, in µs: all threads, what it does afterwards included. */
  readonly cpuMicros: number;
  /** The main thread's part of it; null where the system does not tell. */
  readonly mainMicros: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const LOOK_MS = 250;
/** Below this share of one CPU a server is quiet. */
const QUIET = 0.15;
const QUIET_WITHIN_MS = 120_000;

/** Waits until the server has done everything that the requests before have left it with. */
export async function untilQuiet(server: ServedChild): Promise<void> {
  const endsAt = performance.now() + QUIET_WITHIN_MS;
  let before = await server.usage();
  while (performance.now() < endsAt) {
    await pause(LOOK_MS);
    const now = await server.usage();
    if (now.cpuMicros - before.cpuMicros < QUIET * LOOK_MS * 1_000) return;
    before = now;
  }
  throw new Error(`the server called ${server.side} does not come to rest`);
}

/** Runs a job against a server that is at rest, and leaves it at rest. */
export async function measure(
  load: LoadChild,
  server: ServedChild,
  job: Omit<Job, 'port'>,
): Promise<Measurement> {
  const before = await server.usage();
  const report = await load.run({ ...job, port: server.port });
  await untilQuiet(server);
  const rested = await server.usage();
  const answered = report.requests + report.failures;
  return {
    operation: job.operation,
    side: server.side,
    connections: job.connections,
    requests: report.requests,
    failures: report.failures,
    firstFailure: report.firstFailure,
    perSecond: report.requests / report.seconds,
    cpuMicros: (rested.cpuMicros - before.cpuMicros) / Math.max(answered, 1),
    mainMicros:
      rested.mainMicros === null || before.mainMicros === null
        ? null
        : (rested.mainMicros - before.mainMicros) / Math.max(answered, 1),
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
  };
}
