/** Following the log: whoever waits is told the newest position, over every loss of the connection. */

import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { messageOf } from './outcome.js';
import type { ReadContext } from './read.js';
import { readHead } from './read-all.js';
import { newsAfter } from './requests.js';

const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 5_000;

/**
 * The subscription opens with the first listener and stays. It begins at the head it finds, so that nothing
 * appended after a listener came is missed, and resumes after the last position it has seen.
 */
export class Following {
  readonly #listeners = new Set<(position: number) => void>();
  /** The newest position that was told. */
  #told = 0;
  /** The newest position that is known, told at the end of this turn of the event loop. */
  #known = 0;
  #isTelling = false;
  /** Where the subscription is; null before the first. */
  #seen: number | null = null;
  #isRunning = false;
  #isClosed = false;
  #isLost = false;
  #losses = 0;
  #stop: (() => void) | null = null;
  #pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | null = null;

  constructor(
    private readonly context: ReadContext,
    private readonly log: (message: string) => void,
    /** Whether to subscribe; otherwise only what is noted is told. */
    private readonly isSubscribing: boolean,
  ) {}

  /** The newest position that was heard of. */
  get position(): number {
    return this.#known;
  }

  /** How often the subscription was lost. */
  get losses(): number {
    return this.#losses;
  }

  /** Returns the function that ends the listening. */
  add(listener: (position: number) => void): () => void {
    const entry = (position: number): void => listener(position);
    this.#listeners.add(entry);
    if (this.isSubscribing && !this.#isRunning && !this.#isClosed) {
      this.#isRunning = true;
      void this.#run();
    }
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Notes that the log has reached a position; many notes in one turn of the event loop are told as one. */
  note(position: number): void {
    if (position <= this.#known) return;
    this.#known = position;
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#tell();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.();
    this.#pause?.end();
  }

  #tell(): void {
    if (this.#isClosed || this.#known <= this.#told) return;
    this.#told = this.#known;
    for (const listener of [...this.#listeners]) listener(this.#told);
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      try {
        this.#seen ??= await readHead(this.context);
        this.note(this.#seen);
        await this.#follow(this.#seen, () => {
          attempt = 0;
        });
      } catch (error) {
        if (this.#isClosed) return;
        this.#losses += 1;
        if (!this.#isLost) this.log(`the subscription to the event store is lost: ${messageOf(error)}`);
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
          if (this.#isLost) this.log('the subscription to the event store is back');
          this.#isLost = false;
        }
        const text = response.getEvent()?.getEvent()?.getCommitPosition();
        // A checkpoint of the filter carries no event, and is no place to read from.
        if (text === undefined) return;
        const position = Number(text);
        this.#seen = Math.max(this.#seen ?? 0, position);
        this.note(position);
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
