/** Messages that were answered already: the same one again is a replay. */

import type { Clock } from '../../ports/clock.port.js';

/** Twice as long as a signature is good for, in ms. */
const KEPT_MS = 10 * 60 * 1000;
const KEPT_MAX = 10_000;

export class SeenMessages {
  /** When each was seen, oldest first. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** @returns false for one that was seen before */
  add(id: string): boolean {
    this.forgetOld();
    if (this.seen.has(id)) return false;
    this.seen.set(id, this.clock.now());
    return true;
  }

  /** It has come to nothing, and may come again. */
  forget(id: string): void {
    this.seen.delete(id);
  }

  private forgetOld(): void {
    const oldestMs = this.clock.now() - KEPT_MS;
    for (const [id, atMs] of this.seen) {
      if (atMs > oldestMs && this.seen.size < KEPT_MAX) return;
      this.seen.delete(id);
    }
  }
}
