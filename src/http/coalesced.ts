/** Work that many ask for at once, done for all of them together. */

import type { Clock } from '../ports/clock.port.js';

/**
 * Makes a function that resolves once the work has been done by a run that began after the call. Everybody who
 * asks before a run begins shares it; runs follow one after the other, so many ms apart at least, however many ask.
 */
export function coalesced(
  work: () => Promise<void>,
  { gapMs, clock }: { readonly gapMs: number; readonly clock: Clock },
): () => Promise<void> {
  let next: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();
  let beganMs = Number.NEGATIVE_INFINITY;
  const begin = async (): Promise<void> => {
    await last;
    // A clock that was set back must not make anybody wait longer than the gap.
    const waitMs = Math.min(gapMs, beganMs + gapMs - clock.now());
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve);
      });
    }
    next = null;
    beganMs = clock.now();
    await work();
  };
  return () => {
    if (next === null) {
      next = begin();
      last = next.catch(() => undefined);
    }
    return next;
  };
}
