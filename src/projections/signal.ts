/** Wakes a loop that has nothing to do. A signal given while nobody waits is not lost. */

export class Signal {
  private given = false;
  private resume: (() => void) | null = null;

  give(): void {
    this.given = true;
    this.resume?.();
  }

  /** Resolves when the signal is given, at once when it was since the last wait. One waiter at a time. */
  async wait(): Promise<void> {
    if (!this.given) {
      await new Promise<void>((resolve) => {
        this.resume = resolve;
      });
      this.resume = null;
    }
    this.given = false;
  }
}
