/** How often one source may ask what nobody needs a key for. */

import type { Clock } from '../ports/clock.port.js';

const WINDOW_MS = 60_000;
const REMEMBERED_MAX = 10_000;

interface Count {
  readonly endsMs: number;
  asked: number;
}

export class SourceLimit {
  /** Oldest first. */
  private readonly counts = new Map<string, Count>();

  /** @param perMinute requests that a source may make in the minute after its first */
  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly perMinute: number,
  ) {}

  /** Counts a request. @returns 0 when it may pass, else in how many ms the source may ask again */
  take(source: string): number {
    const nowMs = this.clock.now();
    const count = this.countOf(source, nowMs);
    if (count.asked >= this.perMinute) return count.endsMs - nowMs;
    count.asked += 1;
    return 0;
  }

  private countOf(source: string, nowMs: number): Count {
    const known = this.counts.get(source);
    if (known !== undefined && known.endsMs > nowMs) return known;
    const count = { endsMs: nowMs + WINDOW_MS, asked: 0 };
    this.counts.delete(source);
    if (this.counts.size >= REMEMBERED_MAX) this.forgetOldest();
    this.counts.set(source, count);
    return count;
  }

  /** Its window ends first of all. */
  private forgetOldest(): void {
    const oldest = this.counts.keys().next();
    if (!oldest.done) this.counts.delete(oldest.value);
  }
}
