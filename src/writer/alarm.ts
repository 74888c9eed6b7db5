/** One timer that rings at one moment at a time. */

import type { Clock } from '../ports/clock.port.js';

/** Longest delay that a timer can hold, in ms; an alarm that rings early is set again. */
const DELAY_MAX_MS = 2 ** 31 - 1;

export class Alarm {
  private atMs = Number.POSITIVE_INFINITY;
  private stop: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Rings at a moment (ms since the epoch, Infinity for never), and not before the shortest delay is over. */
  set(atMs: number, delayMinMs: number): void {
    if (atMs === this.atMs) return;
    this.cancel();
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.atMs = atMs;
    const delayMs = Math.min(Math.max(atMs - this.clock.now(), delayMinMs), DELAY_MAX_MS);
    this.stop = this.clock.after(delayMs, () => {
      this.cancel();
      this.ring();
    });
  }

  cancel(): void {
    this.stop?.();
    this.stop = null;
    this.atMs = Number.POSITIVE_INFINITY;
  }
}
