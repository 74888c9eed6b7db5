/** What falls due, soonest first. Entries are never removed early: whoever takes one looks whether it still holds. */

import type { Due } from './due.decider.js';

export class DueQueue {
  /** A binary heap: every entry is due no later than its two children at 2i + 1 and 2i + 2. */
  private heap: Due[] = [];

  get length(): number {
    return this.heap.length;
  }

  /** When the soonest is due, in ms since the epoch; Infinity when nothing is. */
  get nextMs(): number {
    return this.heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  push(due: Due): void {
    let at = this.heap.length;
    this.heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || above.atMs <= due.atMs) break;
      this.heap[at] = above;
      at = parent;
    }
    this.heap[at] = due;
  }

  /** Takes the soonest entry when it is due at `nowMs`. */
  takeDue(nowMs: number): Due | undefined {
    const [soonest] = this.heap;
    if (soonest === undefined || soonest.atMs > nowMs) return undefined;
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last);
    return soonest;
  }

  /** Begins anew, with these entries. */
  reset(dues: Iterable<Due>): void {
    this.heap = [];
    for (const due of dues) this.push(due);
  }

  /** Puts an entry at the top and lets it sink to its place. */
  private sink(due: Due): void {
    let at = 0;
    for (;;) {
      const left = this.heap[2 * at + 1];
      const right = this.heap[2 * at + 2];
      const isRight = right !== undefined && left !== undefined && right.atMs < left.atMs;
      const sooner = isRight ? right : left;
      if (sooner === undefined || sooner.atMs >= due.atMs) break;
      this.heap[at] = sooner;
      at = 2 * at + (isRight ? 2 : 1);
    }
    this.heap[at] = due;
  }
}
