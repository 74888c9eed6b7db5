/** Those who wait for read models to reach a position. */

import type { ProjectionStatus } from '../../ports/read-store.port.js';

interface Waiter {
  readonly position: number;
  readonly names: readonly string[] | null;
  readonly answer: (reached: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

export class Waiters {
  private readonly waiting = new Set<Waiter>();
  private projections: readonly ProjectionStatus[] = [];

  /** The latest known state of every read model. */
  get status(): readonly ProjectionStatus[] {
    return this.projections;
  }

  get areWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Takes news of the read models, and answers everybody whom they settle. */
  update(projections: readonly ProjectionStatus[]): void {
    this.projections = projections;
    for (const waiter of this.waiting) {
      const verdict = this.verdictOn(waiter.position, waiter.names);
      if (verdict !== null) this.settle(waiter, verdict);
    }
  }

  wait(position: number, timeoutMs: number, names: readonly string[] | null): Promise<boolean> {
    const verdict = this.verdictOn(position, names);
    if (verdict !== null) return Promise.resolve(verdict);
    return new Promise((answer) => {
      const waiter: Waiter = {
        position,
        names,
        answer,
        timer: setTimeout(() => this.settle(waiter, false), timeoutMs),
      };
      this.waiting.add(waiter);
    });
  }

  /** Nobody will be told more. */
  giveUp(): void {
    for (const waiter of this.waiting) this.settle(waiter, false);
  }

  /** True when reached, false when it never will be as things stand, null while it may be. */
  private verdictOn(position: number, names: readonly string[] | null): boolean | null {
    if (position <= 0) return true;
    let hasAll = names === null ? this.projections.length > 0 : true;
    for (const name of names ?? this.projections.map((each) => each.name)) {
      const projection = this.projections.find((each) => each.name === name);
      if (projection !== undefined && projection.position >= position) continue;
      if (projection?.stopped) return false;
      hasAll = false;
    }
    return hasAll ? true : null;
  }

  private settle(waiter: Waiter, reached: boolean): void {
    clearTimeout(waiter.timer);
    this.waiting.delete(waiter);
    waiter.answer(reached);
  }
}
