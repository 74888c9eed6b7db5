/** The read store as the main thread sees it: everything runs in one worker, which it starts and talks to. */

import { Worker } from 'node:worker_threads';
import {
  type ReadStore,
  ReadStoreFault,
  type ReadStoreStatus,
  type RebuildProgress,
  type SqlConnection,
} from '../../ports/read-store.port.js';
import type { CallName, Calls, FromWorker, ReadWorkerData, ToWorker } from './messages.js';
import { Waiters } from './waiters.js';

/** Calls that may wait for the worker; more are turned away. */
const CALLS_MAX = 1_024;
/**
 * The worker hears of new events this long after the first of them, in ms, or at once when somebody waits. To
 * wake it at every append would cost the deciding thread more than the append, and make small transactions.
 */
const GATHER_MS = 100;

export interface ReadStoreOptions extends ReadWorkerData {
  /** The program of the worker. */
  readonly worker: URL;
  readonly callsMax?: number;
  /** Told when the worker dies, a read model stops, or its file was damaged and is made anew. */
  readonly onTrouble?: (message: string) => void;
  /** Told once when a database that is to be opened cannot be reached; it is waited for. */
  readonly onAway?: () => Promise<void>;
}

interface PendingCall {
  readonly resolve: (answers: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: RebuildProgress) => void) | null;
}

/**
 * Starts the read worker and resolves once it answers.
 * @throws ReadStoreFault when it cannot open its files
 */
export async function openReadStore(options: ReadStoreOptions): Promise<ReadStore> {
  const store = new WorkerReadStore(options);
  await store.opened;
  await store.waiting;
  return store;
}

class WorkerReadStore implements ReadStore {
  readonly opened: Promise<void>;
  /** What was done while the database was waited for. */
  waiting: Promise<void> | null = null;
  readonly connection: SqlConnection;

  private readonly worker: Worker;
  private readonly pending = new Map<number, PendingCall>();
  private readonly waiters = new Waiters();
  private readonly callsMax: number;
  private readonly told = new Set<string>();
  private readonly toldOfFault = new Set<string>();
  private isOpen = false;
  private lastId = 0;
  private head = 0;
  /** The newest position that the worker has been told of. */
  private toldHead = 0;
  private gathering: NodeJS.Timeout | null = null;
  private dead: string | null = null;
  private closing: Promise<void> | null = null;

  constructor(private readonly options: ReadStoreOptions) {
    const { worker, callsMax, eventStore, readStorePath, postgres = null } = options;
    const workerData: ReadWorkerData = { eventStore, readStorePath, postgres };
    this.connection = {
      flavour: postgres === null ? 'sqlite' : 'postgres',
      execute: (statement) => this.call('query', statement),
    };
    this.callsMax = callsMax ?? CALLS_MAX;
    this.worker = new Worker(worker, { workerData });
    this.opened = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromWorker) => {
        if (message.kind === 'opened') {
          this.head = Math.max(this.head, message.head);
          this.toldHead = this.head;
          this.isOpen = true;
          resolve();
        } else if (message.kind === 'refused') reject(new ReadStoreFault(message.message, 'fault'));
        else this.take(message);
      });
      this.worker.on('error', (error) => this.die(error.message));
      this.worker.on('exit', (code) => {
        this.die(`it exited with code ${code}`);
        reject(this.faultOfDeath());
      });
    });
  }

  notify(position: number): void {
    if (position <= this.head || this.dead !== null) return;
    this.head = position;
    if (this.waiters.areWaiting) this.tellHead();
    else this.gathering ??= setTimeout(() => this.tellHead(), GATHER_MS);
  }

  async waitFor(position: number, timeoutMs: number, names?: readonly string[]): Promise<boolean> {
    if (this.dead !== null) return false;
    if (position > this.toldHead) this.tellHead();
    return this.waiters.wait(position, timeoutMs, names ?? null);
  }

  status(): ReadStoreStatus {
    const projections = this.waiters.status.map((projection) => ({
      ...projection,
      lag: Math.max(projection.lag, this.head - projection.position),
    }));
    return { dead: this.dead, queriesWaiting: this.pending.size, head: this.head, projections };
  }

  async rebuild(
    names: readonly string[] | 'all',
    onProgress?: (progress: RebuildProgress) => void,
  ): Promise<void> {
    await this.call('rebuild', names, onProgress ?? null);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    if (this.dead !== null) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    if (this.gathering !== null) clearTimeout(this.gathering);
    const closed = this.call('close', null);
    this.dead = 'it is closed';
    this.waiters.giveUp();
    await closed.catch(() => this.worker.terminate());
    await exited;
  }

  private call<N extends CallName>(
    name: N,
    asks: Calls[N]['asks'],
    onProgress: PendingCall['onProgress'] = null,
  ): Promise<Calls[N]['answers']> {
    if (this.dead !== null) return Promise.reject(this.faultOfDeath());
    if (this.pending.size >= this.callsMax && name !== 'close') {
      return Promise.reject(new ReadStoreFault('the read store has too many queries waiting', 'overloaded'));
    }
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as PendingCall['resolve'], reject, onProgress });
      this.post({ kind: 'call', id, name, asks } as ToWorker);
    });
  }

  private take(message: Exclude<FromWorker, { kind: 'opened' | 'refused' }>): void {
    switch (message.kind) {
      case 'answer':
        this.settled(message.id)?.resolve(message.answers as never);
        return;
      case 'fault':
        this.settled(message.id)?.reject(new ReadStoreFault(message.message, message.fault));
        return;
      case 'rebuilding':
        this.pending.get(message.id)?.onProgress?.(message.progress);
        return;
      case 'trouble':
        this.options.onTrouble?.(message.message);
        if (!this.isOpen && this.connection.flavour === 'postgres')
          this.waiting ??= this.options.onAway?.() ?? null;
        return;
      case 'progress':
        this.waiters.update(message.projections);
        this.tellOfStops();
        this.tellOfFaults();
        return;
    }
  }

  private tellHead(): void {
    if (this.gathering !== null) clearTimeout(this.gathering);
    this.gathering = null;
    if (this.head <= this.toldHead || this.dead !== null) return;
    this.toldHead = this.head;
    this.post({ kind: 'notify', position: this.head });
  }

  private settled(id: number): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }

  /** Says once of each read model that it has stopped, and at what. */
  private tellOfStops(): void {
    for (const { name, stopped } of this.waiters.status) {
      if (stopped === null) this.told.delete(name);
      if (stopped === null || this.told.has(name)) continue;
      this.told.add(name);
      this.options.onTrouble?.(
        `the read model ${name} stopped at position ${stopped.position}, before ${stopped.eventType} ${stopped.eventId}: ${stopped.error}`,
      );
    }
  }

  /** Says once of each read model that it cannot go on for now, and why. */
  private tellOfFaults(): void {
    for (const { name, fault } of this.waiters.status) {
      if (fault === null) this.toldOfFault.delete(name);
      if (fault === null || this.toldOfFault.has(name)) continue;
      this.toldOfFault.add(name);
      this.options.onTrouble?.(`the read model ${name} cannot go on for now: ${fault}`);
    }
  }

  private die(why: string): void {
    if (this.dead === null) {
      this.dead = why;
      this.options.onTrouble?.(`the read worker died: ${why}`);
    }
    this.waiters.giveUp();
    for (const [id] of this.pending) this.settled(id)?.reject(this.faultOfDeath());
  }

  private faultOfDeath(): ReadStoreFault {
    return new ReadStoreFault(`the read store does not answer: ${this.dead}`, 'fault');
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
