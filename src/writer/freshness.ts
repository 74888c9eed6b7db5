/** How much a fold knows of its stream: other processes may append to it. */

import type { WriterContext } from './context.js';

/** One look at the end of a stream: a read of its tail, or an append at the revision of its last event. */
export interface Look {
  readonly number: number;
  /** When it began, ms since the epoch. */
  readonly atMs: number;
}

export class Freshness {
  /** Looks that have begun; whoever comes now is served by any that begins later. */
  begun = 0;
  /** The latest look that ended, all of which is in the fold. */
  private ended = 0;
  /** The earliest look that will do, since the stream is said to hold more than what was seen before. */
  private wanted = 0;
  private verifiedMs = 0;

  constructor(private readonly context: Pick<WriterContext, 'clock' | 'isShared'>) {}

  begin(): Look {
    this.begun += 1;
    return { number: this.begun, atMs: this.context.clock.now() };
  }

  /** Everything that was in the stream when a look began has been folded. */
  verify({ number, atMs }: Look): void {
    this.ended = number;
    this.verifiedMs = atMs;
  }

  /** The stream may hold events that the fold has not seen. A look under way may have missed them. */
  distrust(): void {
    this.wanted = this.begun + 1;
  }

  get isBehind(): boolean {
    return this.ended < this.wanted;
  }

  /** Whether a look that began after an arrival (`begun` at that time) has ended. A stream of one's own needs none. */
  hasLookedSince(arrival: number): boolean {
    return !this.context.isShared || this.ended > arrival;
  }

  /** Whether other processes may have written something longer ago than this, in ms, that the fold lacks. */
  isOlderThan(ageMs: number): boolean {
    if (!this.context.isShared) return false;
    const knownMs = this.context.clock.now() - this.verifiedMs;
    // A clock that was set back says nothing about the age.
    return knownMs < 0 || knownMs > ageMs;
  }
}
