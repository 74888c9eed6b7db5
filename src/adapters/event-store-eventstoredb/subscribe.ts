/** A subscription to everything of ours, which comes back over every loss of the connection. */

import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import type { Source } from './news.js';
import { messageOf } from './outcome.js';
import type { ReadContext } from './read.js';
import { readHead } from './read-all.js';
import { newsAfter } from './requests.js';

/** What the bytes of an answer begin with that carries an event; a confirmation or a checkpoint does not. */
const EVENT_TAG = 0x0a;
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
  /** The last event that has come and was not looked into, in the protocol's bytes. */
  #newest: Buffer | null = null;
  #isClosed = false;
  #isLost = false;
  #stop: (() => void) | null = null;
  #pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | null = null;

  constructor(
    private readonly context: ReadContext,
    private readonly options: SubscriptionOptions,
  ) {
    void this.#run();
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
    const { path, requestSerialize } = streamsGrpc.StreamsService.read;
    const { call } = await connection.call('subscribe', (client, metadata, options) =>
      client.makeServerStreamRequest(
        path,
        requestSerialize,
        (bytes: Buffer) => bytes,
        newsAfter(prefix, after),
        metadata,
        options,
      ),
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

  #consume(call: ClientReadableStream<Buffer>, onLive: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      // What is not understood ends the subscription, like a lost connection, and not the thread.
      const orLost = (act: () => void): void => {
        try {
          act();
        } catch (error) {
          reject(error);
        }
      };
      call.on('data', (bytes: Buffer) => {
        if (bytes[0] === EVENT_TAG) this.#take(bytes, orLost);
        else orLost(() => this.#hear(bytes, onLive));
      });
      call.on('error', reject);
      call.on('end', () => (this.#isClosed ? resolve() : reject(new Error('the server ended it'))));
    });
  }

  /** An answer that carries no event: once the subscription is confirmed it is there. */
  #hear(bytes: Buffer, onLive: () => void): void {
    if (!streams.ReadResp.deserializeBinary(bytes).hasConfirmation()) return;
    onLive();
    if (this.#isLost) this.options.log('the subscription to the event store is back');
    this.#isLost = false;
  }

  /** Of the events that come in one turn of the event loop only the last is looked into. */
  #take(event: Buffer, orLost: (act: () => void) => void): void {
    const isFirst = this.#newest === null;
    this.#newest = event;
    if (isFirst) setImmediate(() => orLost(() => this.#read()));
  }

  #read(): void {
    const event = this.#newest;
    this.#newest = null;
    if (event === null) return;
    const response = streams.ReadResp.deserializeBinary(event);
    const position = Number(response.getEvent()?.getEvent()?.getCommitPosition() ?? 0);
    this.#seen = Math.max(this.#seen ?? 0, position);
    this.options.note(position);
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
