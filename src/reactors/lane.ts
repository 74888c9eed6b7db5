/** The way to one receiver: a few deliveries at a time, the others wait, and nobody else does. */

const RUNNING_MAX = 4;
const WAITING_MAX = 1_000;

export class Lane {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running = 0;

  /** Deliveries that are under way or wait. */
  get length(): number {
    return this.running + this.waiting.length;
  }

  /**
   * Delivers when it is its turn.
   * @param deliver never rejects
   * @returns resolves once it has ended; null when too many wait, and it was not taken
   */
  add(deliver: () => Promise<void>): Promise<void> | null {
    if (this.waiting.length >= WAITING_MAX) return null;
    return new Promise((resolve) => {
      this.waiting.push(() => deliver().finally(resolve));
      this.next();
    });
  }

  private next(): void {
    while (this.running < RUNNING_MAX) {
      const deliver = this.waiting.shift();
      if (deliver === undefined) return;
      this.running += 1;
      void deliver().finally(() => {
        this.running -= 1;
        this.next();
      });
    }
  }
}
