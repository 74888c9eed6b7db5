/** Virtual time: callbacks run in the order of their moment, and nothing waits for a real clock. */

import type { Clock } from '../../src/ports/clock.port.js';

interface Timer {
  readonly atMs: number;
  readonly turn: number;
  callback: (() => void) | null;
}

export class VirtualTime implements Clock {
  /** A binary heap, soonest first; equal moments in the order in which they were asked for. */
  private readonly heap: Timer[] = [];
  private turns = 0;

  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, delayMs), turn: this.turns++, callback };
    this.push(timer);
    return () => {
      timer.callback = null;
    };
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs the next callback and everything that follows from it at once. False when there is none. */
  async step(): Promise<boolean> {
    const timer = this.pop();
    if (timer === undefined) return false;
    if (timer.callback === null) return true;
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    timer.callback();
    await settled();
    return true;
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): Timer | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) child += 1;
      const sooner = child === 2 * at + 1 ? left : right;
      if (sooner === undefined || !isBefore(sooner, last)) break;
      heap[at] = sooner;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn);

/** Resolves once every promise that can settle has settled. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The clock of one node: a little off, without a beat while the node is frozen, and silent once it is dead. */
export class NodeClock implements Clock {
  isDead = false;
  /** What should have happened while the node was frozen; null when it is not. */
  private missed: (() => void)[] | null = null;

  constructor(
    private readonly time: Clock,
    private skewMs: number,
  ) {}

  /** Sets the clock: it is this much ahead of the world's from now on, in ms. */
  set(skewMs: number): void {
    this.skewMs = skewMs;
  }

  get isFrozen(): boolean {
    return this.missed !== null;
  }

  now(): number {
    return this.time.now() + this.skewMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    let isCancelled = false;
    const cancel = this.time.after(delayMs, () =>
      this.whenAwake(() => {
        if (!isCancelled) callback();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Calls back at once, or when the node goes on; never when it is dead. */
  whenAwake(callback: () => void): void {
    if (this.missed !== null) this.missed.push(callback);
    else if (!this.isDead) callback();
  }

  /** Stops the whole node for some time, as a machine that is paused or out of memory. */
  freeze(forMs: number): void {
    if (this.missed !== null) return;
    this.missed = [];
    this.time.after(forMs, () => {
      const missed = this.missed ?? [];
      this.missed = null;
      // Each gets a turn of its own, in the order in which they came.
      for (const callback of missed) this.time.after(0, () => this.whenAwake(callback));
    });
  }
}
