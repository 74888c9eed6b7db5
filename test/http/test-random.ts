/** Random choices that one seed repeats. */

export class TestRandom {
  constructor(private state: number) {}

  /** A whole number from 0 to `limit` − 1 (mulberry32). */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('there is nothing to choose from');
    return choice;
  }

  /** An idempotency key that nobody else has. */
  key(): string {
    return [0, 0, 0]
      .map(() =>
        this.below(2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
  }
}
