/** Readers that wait until what is under way has been recorded. */

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (fault: Error) => void;
}

export class Waiters {
  private waiting: Waiter[] = [];

  /** Resolves when what is waited for has come, rejects when it cannot come. */
  join(): Promise<void> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  release(): void {
    for (const waiter of this.takeAll()) waiter.resolve();
  }

  reject(fault: Error): void {
    for (const waiter of this.takeAll()) waiter.reject(fault);
  }

  private takeAll(): Waiter[] {
    const { waiting } = this;
    this.waiting = [];
    return waiting;
  }
}
