/** A subscription to everything of ours, which comes back over every loss of the connection. */

import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import type { Source } from './news.js';
import { messageOf } from './outcome.js';
import type { ReadContext } from './read.js';
import { readHead } from './read-all.js';
import { newsAfter } from './requests.js';

const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 5_000;

export interface SubscriptionOptions {
  /** Told each position that the log has reached. */
  readonly note: (position: number) => void;
  readonly log: (message: string) => void;
}

/**
 * Begins at the head it finds, so that nothing appended after it was opened is missed, and resumes after the
 * last position it has seen.
 */
export class Subscription implements Source {
  /** Where the subscription is; null before the first. */
  #seen: number | null = null;
  #isClosed = false;
  #isLost = false;
  #losses = 0;
  #stop: (() => void) | null = null;
  #pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | null = null;

  constructor(
    private readonly context: ReadContext,
    private readonly options: SubscriptionOptions,
  ) {
    void this.#run();
  }

  get losses(): number {
    return this.#losses;
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.();
    this.#pause?.end();
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      try {
        this.#seen ??= await readHead(this.context);
        this.options.note(this.#seen);
        await this.#follow(this.#seen, () => {
          attempt = 0;
        });
      } catch (error) {
        if (this.#isClosed) return;
        this.#losses += 1;
        if (!this.#isLost)
          this.options.log(`the subscription to the event store is lost: ${messageOf(error)}`);
        this.#isLost = true;
      }
      if (!this.#isClosed) await this.#wait(Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** attempt));
    }
  }

  /** Ends only by an error, or when closed. */
  async #follow(after: number, onLive: () => void): Promise<void> {
    const { connection, prefix } = this.context;
    const { call } = await connection.call('subscribe', (client, metadata, options) =>
      client.read(newsAfter(prefix, after), metadata, options),
    );
    this.#stop = () => call.cancel();
    if (this.#isClosed) this.#stop();
    try {
      await this.#consume(call, onLive);
    } finally {
      this.#stop = null;
      call.cancel();
    }
  }

  #consume(call: ClientReadableStream<ReadResp>, onLive: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      call.on('data', (response: ReadResp) => {
        if (response.hasConfirmation()) {
          onLive();
          if (this.#isLost) this.options.log('the subscription to the event store is back');
          this.#isLost = false;
        }
        const text = response.getEvent()?.getEvent()?.getCommitPosition();
        // A checkpoint of the filter carries no event, and is no place to read from.
        if (text === undefined) return;
        const position = Number(text);
        this.#seen = Math.max(this.#seen ?? 0, position);
        this.options.note(position);
      });
      call.on('error', reject);
      call.on('end', () => (this.#isClosed ? resolve() : reject(new Error('the server ended it'))));
    });
  }

  /** Waits half the time to all of it, so that nodes which lost it together do not come back together. */
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        if (this.#pause !== null) clearTimeout(this.#pause.timer);
        this.#pause = null;
        resolve();
      };
      this.#pause = { timer: setTimeout(end, ms * (0.5 + Math.random() / 2)), end };
    });
  }
}
