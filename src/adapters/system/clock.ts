/** The wall clock and real timers. */

import type { Clock } from '../../ports/clock.port.js';

/** A delay of 0 lets I/O and other callbacks run first. Longer timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    if (delayMs <= 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    // A timer longer than a signed 32-bit number of ms would fire at once.
    const timer = setTimeout(callback, Math.min(delayMs, TIMER_MAX_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const TIMER_MAX_MS = 2_147_483_647;
