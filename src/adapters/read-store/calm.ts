/** Waits for a moment in which the deciding thread has little to do, for work that can wait. */

import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/** How long the thread is looked at before it is called calm, in ms. */
const LOOK_MS = 100;
/** The share of that time in which a calm thread may have worked. */
const BUSY_MAX = 0.3;

/**
 * Resolves once the calling thread is calm, after `patienceMs` at the latest, and at once when `signal` ends the
 * waiting.
 */
export async function calm(patienceMs: number, signal: AbortSignal): Promise<void> {
  const endsAt = performance.now() + patienceMs;
  let before = performance.eventLoopUtilization();
  while (performance.now() < endsAt && !signal.aborted) {
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, before).utilization < BUSY_MAX) return;
    before = now;
  }
}
