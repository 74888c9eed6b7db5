/** The embedded event store as the main thread sees it: posts to the writing thread and waits for its word. */

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { assert } from '../../domain/assertions.js';
import type { SealedEvent } from '../../domain/hash-chain.js';
import type { Claim } from '../../domain/ids.js';
import type { AppendResult, EventStore, StoredEvent } from '../../ports/event-store.port.js';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import { adviceFor, isDamageMessage, type OpenFailure, StoreOpenError } from './failure.js';
import { Listeners } from './listeners.js';
import {
  type AppendOutcome,
  type Flat,
  packAppend,
  unpackOutcomes,
  unpackStored,
  type Verb,
} from './messages.js';
import type { WorkerOptions } from './opening.js';

export interface SqliteEventStoreOptions extends WorkerOptions {
  /** A file, or `:memory:` for a store that ends with its process. */
  readonly path: string;
  /** Appends, and apart from them reads, that may wait at once; 4,096 when left out. */
  readonly maxQueueLength?: number;
  /** Told when the writing thread ends without being asked to, and once when the file turns out damaged. */
  readonly log?: (message: string) => void;
}

const QUEUE_LENGTH_MAX = 4_096;
/** What may wait to be written, together; bounds memory when every append is as large as it may be. */
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
const BATCH_EVENTS_MAX = 200;
const BATCH_BYTES_MAX = 900 * 1024;
/** Names that SQLite stores and returns unchanged whatever they are for. */
const PLAIN = /^[\x20-\x7e]+$/;

/**
 * Opens the store, creating its directory and file where there are none, and holds its lock until it is closed.
 * @throws StoreOpenError in use elsewhere, corrupt, of a newer format, or not writable
 */
export async function openSqliteEventStore(options: SqliteEventStoreOptions): Promise<EventStore> {
  const { path, maxPages } = options;
  const workerData: WorkerOptions = maxPages === undefined ? { path } : { path, maxPages };
  const worker = new Worker(fileURLToPath(new URL('./worker.js', import.meta.url)), { workerData });
  return storeOver(worker, options);
}

/** The store that a thread keeps, once it says that it is open. @throws StoreOpenError */
export async function storeOver(worker: Worker, options: SqliteEventStoreOptions): Promise<EventStore> {
  const [notice, first, message] = await new Promise<Flat>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (notice === 'opened') return new SqliteEventStore(worker, first as number, options);
  await worker.terminate();
  throw new StoreOpenError(first as OpenFailure, message as string);
}

interface Pending<T> {
  readonly bytes: number;
  readonly resolve: (value: T) => void;
  readonly reject: (fault: StoreFault) => void;
}

class SqliteEventStore implements EventStore {
  readonly #worker: Worker;
  readonly #queueLengthMax: number;
  readonly #appends = new Map<number, Pending<AppendResult>>();
  readonly #reads = new Map<number, Pending<Flat>>();
  readonly #listeners: Listeners;
  readonly #exit: Promise<void>;
  readonly #totals = { appends: 0, events: 0, groups: 0, faults: 0, turnedAway: 0 };
  readonly #path: string;
  readonly #log: (message: string) => void;
  /** Whether the last append could not be written and nothing has been since. */
  #isFailing = false;
  /** Whether a read has found a page that is not as it was written. It does not mend itself. */
  #isDamaged = false;
  #queuedBytes = 0;
  #nextId = 0;
  #head: number;
  /** Why nothing is accepted any more; null while the store is open. */
  #end: string | null = null;

  constructor(worker: Worker, head: number, { path, maxQueueLength, log }: SqliteEventStoreOptions) {
    this.#worker = worker;
    this.#path = path;
    this.#log = log ?? (() => undefined);
    this.#head = head;
    this.#listeners = new Listeners(head);
    this.#queueLengthMax = maxQueueLength ?? QUEUE_LENGTH_MAX;
    worker.on('message', (message: Flat) => this.#receive(message));
    worker.on('error', (error) => this.#log(`the event store's thread failed: ${error.message}`));
    this.#exit = new Promise((resolve) => {
      worker.once('exit', () => {
        if (this.#end === null) this.#log("the event store's thread ended unexpectedly");
        this.#abandon();
        resolve();
      });
    });
  }

  async append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<AppendResult> {
    const bytes = checkBatch(stream, expectedRevision, events);
    this.#admit(this.#appends, bytes);
    const rows = events.map(({ id, event, dataJson, metadataJson, claim }) => ({
      id,
      type: event.type,
      data: dataJson,
      metadata: metadataJson,
      claim,
    }));
    this.#totals.appends += 1;
    this.#totals.events += events.length;
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#queuedBytes += bytes;
      this.#appends.set(id, { bytes, resolve, reject });
      this.#worker.postMessage(packAppend(id, { stream, expectedRevision, events: rows }));
    });
  }

  async readStream(
    stream: string,
    { revision, limit }: { readonly revision: number; readonly limit: number },
  ): Promise<StoredEvent[]> {
    return unpackStored(await this.#read('readStream', stream, revision, limit), 2);
  }

  async readAll({
    position,
    limit,
  }: {
    readonly position: number;
    readonly limit: number;
  }): Promise<StoredEvent[]> {
    return unpackStored(await this.#read('readAll', position, limit), 2);
  }

  async headPosition(): Promise<number> {
    return Number((await this.#read('headPosition'))[2]);
  }

  async findClaim(stream: string, claim: Claim): Promise<number | null> {
    return (await this.#read('findClaim', stream, claim))[2] as number | null;
  }

  onAppended(listener: (position: number) => void): () => void {
    return this.#listeners.add(listener);
  }

  stats(): Readonly<Record<string, number>> {
    return {
      appendsQueued: this.#appends.size,
      readsQueued: this.#reads.size,
      bytesQueued: this.#queuedBytes,
      headPosition: this.#head,
      appendsTotal: this.#totals.appends,
      eventsTotal: this.#totals.events,
      groupsTotal: this.#totals.groups,
      faultsTotal: this.#totals.faults,
      turnedAwayTotal: this.#totals.turnedAway,
      failing: Number(this.#isFailing),
      damaged: Number(this.#isDamaged),
    };
  }

  async close(): Promise<void> {
    if (this.#end === null) {
      this.#end = 'the event store is closed';
      this.#worker.postMessage(['close']);
    }
    await this.#exit;
  }

  #read(verb: Verb, ...parameters: Flat): Promise<Flat> {
    return new Promise((resolve, reject) => {
      this.#admit(this.#reads, 0);
      const id = this.#nextId++;
      this.#reads.set(id, { bytes: 0, resolve, reject });
      this.#worker.postMessage([verb, id, ...parameters]);
    });
  }

  /** @throws StoreFault when the store is closed or the queue is full; nothing was written then */
  #admit(queue: ReadonlyMap<number, unknown>, bytes: number): void {
    if (this.#end !== null) throw new StoreFault(this.#end, 'not_written');
    if (queue.size < this.#queueLengthMax && this.#queuedBytes + bytes <= QUEUE_BYTES_MAX) return;
    this.#totals.turnedAway += 1;
    throw new StoreFault('the event store has too much to do: its queue is full', 'not_written');
  }

  #receive(message: Flat): void {
    if (message[0] === 'appended') this.#settleGroup(message);
    else if (message[0] === 'writable') this.#isFailing = false;
    else if (message[0] === 'read' || message[0] === 'unread') this.#settleRead(message);
  }

  #settleGroup(message: Flat): void {
    this.#totals.groups += 1;
    this.#head = message[1] as number;
    unpackOutcomes(message, (id, outcome) => this.#settleAppend(id, outcome));
    this.#listeners.tell(this.#head);
  }

  #settleAppend(id: number, outcome: AppendOutcome): void {
    const append = this.#appends.get(id);
    if (append === undefined) return;
    this.#appends.delete(id);
    this.#queuedBytes -= append.bytes;
    this.#isFailing = outcome.kind === 'fault';
    if (outcome.kind === 'fault') {
      this.#totals.faults += 1;
      this.#noteDamage(outcome.message);
      append.reject(new StoreFault(outcome.message, outcome.outcome));
    } else {
      append.resolve(outcome);
    }
  }

  #settleRead(message: Flat): void {
    const id = message[1] as number;
    const read = this.#reads.get(id);
    this.#reads.delete(id);
    if (message[0] === 'read') read?.resolve(message);
    else {
      this.#noteDamage(String(message[2]));
      read?.reject(new StoreFault(`the event store could not be read: ${message[2]}`, 'not_written'));
    }
  }

  #noteDamage(message: string): void {
    if (this.#isDamaged || !isDamageMessage(message)) return;
    this.#isDamaged = true;
    this.#log(`the ledger ${this.#path} is damaged: ${message}; ${adviceFor(this.#path)}`);
  }

  /** The thread is gone: what it was asked may or may not have been done. */
  #abandon(): void {
    this.#end ??= 'the event store has stopped: its thread ended';
    const appends = [...this.#appends.values()];
    const reads = [...this.#reads.values()];
    this.#appends.clear();
    this.#reads.clear();
    this.#queuedBytes = 0;
    for (const append of appends) append.reject(new StoreFault(this.#end, 'unknown'));
    for (const read of reads) read.reject(new StoreFault(this.#end, 'not_written'));
  }
}

/** Asserts the bounds of a batch; returns its size in bytes. */
function checkBatch(stream: string, expectedRevision: number, events: readonly SealedEvent[]): number {
  assert(PLAIN.test(stream), 'a stream name is printable ASCII');
  assert(
    Number.isSafeInteger(expectedRevision) && expectedRevision >= NO_STREAM,
    'an expected revision is at least -1',
  );
  assert(events.length >= 1 && events.length <= BATCH_EVENTS_MAX, 'an append has 1 to 200 events');
  let bytes = 0;
  for (const { id, dataJson, metadataJson } of events) {
    assert(PLAIN.test(id), 'an event id is printable ASCII');
    bytes += Buffer.byteLength(dataJson) + Buffer.byteLength(metadataJson);
  }
  assert(bytes <= BATCH_BYTES_MAX, 'an append has at most 900 KiB');
  const claims = events.flatMap(({ claim }) => claim ?? []);
  assert(new Set(events.map(({ id }) => id)).size === events.length, 'the ids in an append differ');
  assert(new Set(claims).size === claims.length, 'the claims in an append differ');
  return bytes;
}
