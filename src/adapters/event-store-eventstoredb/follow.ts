/** Following the log in a thread of its own, which is started again should it end. */

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FollowData, FromFollower } from './follow-messages.js';
import type { Source } from './news.js';
import type { SubscriptionOptions } from './subscribe.js';

const RESTART_MS = 1_000;

export class Follower implements Source {
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | null = null;
  #isClosed = false;
  #losses = 0;
  /** Of threads that have ended. */
  #lossesBefore = 0;

  constructor(
    private readonly data: FollowData,
    private readonly options: SubscriptionOptions,
  ) {
    this.#start();
  }

  get losses(): number {
    return this.#losses;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    void this.#worker?.terminate();
  }

  #start(): void {
    const path = fileURLToPath(new URL('./follow-worker.js', import.meta.url));
    const worker = new Worker(path, { workerData: this.data });
    this.#worker = worker;
    worker.on('message', ({ position, message, losses }: FromFollower) => {
      this.#losses = this.#lossesBefore + losses;
      if (message !== undefined) this.options.log(message);
      if (position !== undefined) this.options.note(position);
    });
    worker.on('error', (error) =>
      this.options.log(`the thread that follows the event store failed: ${error.message}`),
    );
    worker.on('exit', () => {
      if (this.#isClosed) return;
      this.#lossesBefore = this.#losses + 1;
      this.#losses = this.#lossesBefore;
      this.#restart = setTimeout(() => this.#start(), RESTART_MS);
    });
  }
}
