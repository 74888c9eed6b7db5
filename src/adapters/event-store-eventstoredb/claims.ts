/** The idempotency index as the store sees it: asks its thread, and keeps it caught up with the log. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StoreFault } from '../../ports/event-store.port.js';
import type { Checked, FromIndex, Marked, ToIndex } from './claims-messages.js';
import type { StreamReading } from './read-stream.js';
import type { ReadEvent } from './wire.js';

/** Events of one read while catching up. */
const PAGE = 500;
/** Streams that are known to be of this log; past it all are looked at once more. */
const VERIFIED_MAX = 100_000;

/** A thing to send, without the number of the call that is added on the way. */
type Question =
  | Omit<ToIndex & { kind: 'check' }, 'call'>
  | Omit<ToIndex & { kind: 'identify' }, 'call'>
  | { readonly kind: 'close' };

interface Waiting {
  readonly resolve: (message: FromIndex) => void;
  readonly reject: (fault: StoreFault) => void;
}

export interface ClaimsOptions {
  readonly reading: StreamReading;
  /** The id of the first event in the log; null while it is empty. */
  readonly firstId: () => Promise<string | null>;
  readonly log: (message: string) => void;
}

/** Opens the index, creating it where there is none. @throws Error when it cannot be, or is in use */
export async function openClaims(path: string, options: ClaimsOptions): Promise<Claims> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const worker = new Worker(fileURLToPath(new URL('./claims-worker.js', import.meta.url)), {
    workerData: { path },
  });
  const first = await new Promise<FromIndex>((resolve, reject) => {
    worker.once('message', (messages: readonly FromIndex[]) => {
      for (const message of messages) {
        if (message.kind === 'trouble') options.log(message.message);
        else resolve(message);
      }
    });
    worker.once('error', reject);
  });
  if (first.kind === 'refused') {
    await worker.terminate();
    throw new Error(first.message);
  }
  return new Claims(worker, options);
}

export class Claims {
  readonly #waiting = new Map<number, Waiting>();
  readonly #verified = new Set<string>();
  /** Catching up that has not begun, which everybody who asks meanwhile may share. */
  readonly #queued = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  /** Whether the log had a name. */
  #identified: Promise<boolean> | null = null;
  #outbox: ToIndex[] = [];
  #nextCall = 0;
  #end: string | null = null;

  constructor(
    private readonly worker: Worker,
    private readonly options: ClaimsOptions,
  ) {
    worker.on('message', (messages: readonly FromIndex[]) => {
      for (const message of messages) this.#receive(message);
    });
    worker.on('error', (error) => this.#fail(`the idempotency index's thread failed: ${error.message}`));
    worker.on('exit', () => this.#fail('the idempotency index is closed'));
  }

  /** What is known of a stream and of some events, without looking at the log. */
  async check(stream: string, events: readonly Marked[]): Promise<Checked> {
    await this.#identify();
    const answer = await this.#ask({ kind: 'check', stream, events: events.map(bare) });
    if (answer.kind !== 'checked') throw new StoreFault('the idempotency index is confused', 'not_written');
    return answer.checked;
  }

  /** Notes events that were appended, the first of them at a revision. */
  note(stream: string, revision: number, events: readonly Marked[]): void {
    if (this.#end !== null) return;
    // Whoever wrote a stream's beginning has no need to compare it.
    if (revision === 0) this.#verify(stream);
    this.#post({ kind: 'note', stream, revision, events: events.map(bare) });
  }

  /** Whether the watermark has been compared with the log since the process began. */
  isVerified(stream: string): boolean {
    return this.#verified.has(stream);
  }

  /**
   * Reads from the log what the index lacks of a stream; everything that was in the log before this call is
   * in the index after it.
   * @throws StoreFault
   */
  catchUp(stream: string): Promise<void> {
    const queued = this.#queued.get(stream);
    if (queued !== undefined) return queued;
    const running = this.#running.get(stream) ?? Promise.resolve();
    const next = running
      .catch(() => undefined)
      .then(() => {
        this.#queued.delete(stream);
        const run = this.#read(stream).finally(() => {
          if (this.#running.get(stream) === run) this.#running.delete(stream);
        });
        this.#running.set(stream, run);
        return run;
      });
    this.#queued.set(stream, next);
    return next;
  }

  async close(): Promise<void> {
    if (this.#end !== null) return;
    await this.#ask({ kind: 'close' }).catch((error: unknown) => this.options.log(String(error)));
    this.#end = 'the idempotency index is closed';
    await this.worker.terminate();
  }

  async #read(stream: string): Promise<void> {
    const { reading } = this.options;
    const { through, lastId } = await this.check(stream, []);
    const isVerified = this.#verified.has(stream) || through < 0;
    let from = isVerified ? through + 1 : through;
    for (let isFirst = true; ; isFirst = false) {
      const page = await reading.page(stream, from, PAGE);
      if (isFirst && !isVerified && page[0]?.stored.id.replaceAll('-', '') !== lastId) {
        // The log is the one that was indexed, and what was indexed is not in it any more.
        reading.refuse(stream, page[0]?.stored.revision ?? null);
      }
      if (page.length > 0) this.note(stream, from, page.map(markedOf));
      from += page.length;
      if (page.length < PAGE) break;
    }
    this.#verify(stream);
  }

  #verify(stream: string): void {
    if (this.#verified.size >= VERIFIED_MAX) this.#verified.clear();
    this.#verified.add(stream);
  }

  /** Makes sure that the index is of this log; once, unless the log is still empty and has no name. */
  async #identify(): Promise<void> {
    this.#identified ??= this.#nameLog();
    const identified = this.#identified;
    let hasName = false;
    try {
      hasName = await identified;
    } finally {
      if (!hasName && this.#identified === identified) this.#identified = null;
    }
  }

  async #nameLog(): Promise<boolean> {
    const firstId = await this.options.firstId();
    await this.#ask({ kind: 'identify', firstId });
    return firstId !== null;
  }

  #ask(question: Question): Promise<FromIndex> {
    if (this.#end !== null) return Promise.reject(new StoreFault(this.#end, 'not_written'));
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#post({ ...question, call });
    });
  }

  /** What is posted in one turn of the event loop goes in one message, which costs more than what it carries. */
  #post(message: ToIndex): void {
    this.#outbox.push(message);
    if (this.#outbox.length > 1) return;
    setImmediate(() => {
      this.worker.postMessage(this.#outbox);
      this.#outbox = [];
    });
  }

  #receive(message: FromIndex): void {
    if (message.kind === 'trouble') this.options.log(message.message);
    if (!('call' in message)) return;
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if (message.kind === 'failed') waiting?.reject(new StoreFault(message.message, 'not_written'));
    else waiting?.resolve(message);
  }

  #fail(why: string): void {
    if (this.#end === null) this.options.log(why);
    this.#end ??= why;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new StoreFault(why, 'not_written'));
  }
}

/** Sealed events carry far more than the thread needs. */
const bare = ({ id, claim }: Marked): Marked => ({ id, claim });
const markedOf = ({ stored, claim }: ReadEvent): Marked => ({ id: stored.id, claim });
