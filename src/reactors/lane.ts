/** The way to one receiver: a few deliveries at a time, the others wait, and nobody else does. */

const RUNNING_MAX = 4;
const WAITING_MAX = 1_000;

export class Lane {
  private readonly waiting: (() => void)[] = [];
  /** Those that have rested go first: they have been at it for longest. */
  private readonly returning: (() => void)[] = [];
  private running = 0;
  private resting = 0;

  /** Deliveries that are under way, rest or wait. */
  get length(): number {
    return this.running + this.resting + this.returning.length + this.waiting.length;
  }

  /**
   * Delivers when it is its turn.
   * @param deliver never rejects
   * @returns resolves once it has ended; null when too many wait, and it was not taken
   */
  add(deliver: () => Promise<void>): Promise<void> | null {
    if (this.length - this.running >= WAITING_MAX) return null;
    return this.placeIn(this.waiting)
      .then(deliver)
      .finally(() => this.leave());
  }

  /** Lets others go ahead while one that is under way has only to wait, and comes back after that. */
  async rest(wait: () => Promise<void>): Promise<void> {
    this.resting += 1;
    this.leave();
    await wait().finally(() => {
      this.resting -= 1;
    });
    await this.placeIn(this.returning);
  }

  private placeIn(queue: (() => void)[]): Promise<void> {
    return new Promise((enter) => {
      queue.push(enter);
      this.next();
    });
  }

  private leave(): void {
    this.running -= 1;
    this.next();
  }

  private next(): void {
    while (this.running < RUNNING_MAX) {
      const enter = this.returning.shift() ?? this.waiting.shift();
      if (enter === undefined) return;
      this.running += 1;
      enter();
    }
  }
}
