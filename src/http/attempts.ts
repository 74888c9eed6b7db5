/** How often a sign-in may be tried: by name and by source, whether or not there is such a name. */

import type { Clock } from '../ports/clock.port.js';

const WINDOW_MS = 15 * 60 * 1000;
/** Failures after which a window lets nobody try again until it ends. */
const PER_NAME_AND_SOURCE = 5;
const PER_NAME = 30;
const PER_SOURCE = 30;
const REMEMBERED_MAX = 10_000;

interface Count {
  readonly endsMs: number;
  failures: number;
}

/** An attempt under way. It counts as failed until it turns out well, so that many at once gain nothing. */
export interface Attempt {
  succeeded(): void;
  /** The password was never looked at, so that nothing was guessed. */
  withdrawn(): void;
}

export class Attempts {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Begins an attempt, or says in how many ms the next one may begin. */
  begin(name: string, source: string): Attempt | { readonly retryAfterMs: number } {
    const nowMs = this.clock.now();
    const limits = [
      [`both ${source} ${name}`, PER_NAME_AND_SOURCE],
      [`name ${name}`, PER_NAME],
      [`source ${source}`, PER_SOURCE],
    ] as const;
    // Who is turned away leaves no trace: what they make up must not push out what is counted.
    const full = limits.flatMap(([key, max]) => {
      const known = this.counts.get(key);
      return known !== undefined && known.endsMs > nowMs && known.failures >= max ? [known.endsMs] : [];
    });
    if (full.length > 0) return { retryAfterMs: Math.max(...full) - nowMs };
    const counted = limits.map(([key]) => this.countOf(key, nowMs));
    for (const count of counted) count.failures += 1;
    const withdrawn = (): void => {
      for (const count of counted) count.failures -= 1;
    };
    return {
      withdrawn,
      succeeded: () => {
        withdrawn();
        // Whoever knows the password has not been guessing it.
        this.counts.delete(limits[0][0]);
      },
    };
  }

  private countOf(key: string, nowMs: number): Count {
    const known = this.counts.get(key);
    if (known !== undefined && known.endsMs > nowMs) return known;
    if (this.counts.size >= REMEMBERED_MAX) this.forget(nowMs);
    const count = { endsMs: nowMs + WINDOW_MS, failures: 0 };
    this.counts.delete(key);
    this.counts.set(key, count);
    return count;
  }

  /** Lets go of what is over, and of the oldest when nothing is. */
  private forget(nowMs: number): void {
    for (const [key, { endsMs }] of this.counts) if (endsMs <= nowMs) this.counts.delete(key);
    for (const key of this.counts.keys()) {
      if (this.counts.size < REMEMBERED_MAX) return;
      this.counts.delete(key);
    }
  }
}
