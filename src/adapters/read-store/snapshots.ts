/** The snapshots as the main thread sees them: a worker that starts when it is needed and goes when it is not. */

import { Worker } from 'node:worker_threads';
import { ReadStoreFault } from '../../ports/read-store.port.js';
import type { Snapshot, SnapshotStore } from '../../ports/snapshot-store.port.js';
import type {
  FromSnapshotWorker,
  SnapshotAsk,
  SnapshotWorkerData,
  ToSnapshotWorker,
} from './snapshot-messages.js';

/** Questions that may wait for the worker; more are turned away, which costs the asker a longer fold. */
const ASKED_MAX = 1_024;
/** Without anything to do the worker ends after this long, in ms. */
const IDLE_MS = 10_000;

export interface SnapshotStoreOptions extends SnapshotWorkerData {
  /** The program of the worker. */
  readonly worker: URL;
  /** How long the worker stays without anything to do, in ms. */
  readonly idleMs?: number;
  /** Told of snapshots that cannot be used. */
  readonly onTrouble?: (message: string) => void;
}

interface Asked {
  readonly resolve: (snapshot: Snapshot | null) => void;
  readonly reject: (fault: ReadStoreFault) => void;
}

/**
 * A worker of their own, since a read of the read models must not wait for the folding of a whole tenant. One
 * worker at a time has the file: the next starts when the last is gone.
 */
export class WorkerSnapshotStore implements SnapshotStore {
  private worker: { readonly thread: Worker; readonly ended: Promise<void> } | null = null;
  /** Settles once the worker that was sent away has let go of the files. */
  private gone: Promise<void> = Promise.resolve();
  private isClosed = false;
  private idle: NodeJS.Timeout | null = null;
  private lastId = 0;
  private readonly asked = new Map<number, Asked>();
  private readonly takes = new Map<string, Promise<void>>();

  constructor(private readonly options: SnapshotStoreOptions) {}

  /** Whether there is a worker now. */
  get isAwake(): boolean {
    return this.worker !== null;
  }

  latest(tenantId: string, stateVersion: number): Promise<Snapshot | null> {
    return this.ask({ kind: 'latest', tenantId, stateVersion });
  }

  take(tenantId: string, revision: number): Promise<void> {
    const underWay = this.takes.get(tenantId);
    if (underWay !== undefined) return underWay;
    const take = this.ask({ kind: 'take', tenantId, revision })
      .then(() => undefined)
      .finally(() => this.takes.delete(tenantId));
    this.takes.set(tenantId, take);
    return take;
  }

  /** Ends what is under way without a result, and lets go of the files. */
  close(): Promise<void> {
    this.isClosed = true;
    this.retire();
    return this.gone;
  }

  private async ask(ask: SnapshotAsk): Promise<Snapshot | null> {
    await this.gone;
    if (this.isClosed) throw new ReadStoreFault('the snapshot store is closed', 'fault');
    if (this.asked.size >= ASKED_MAX) {
      throw new ReadStoreFault('the snapshot store has too much to do', 'overloaded');
    }
    this.worker ??= this.start();
    const { thread } = this.worker;
    if (this.idle !== null) clearTimeout(this.idle);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      thread.postMessage({ ...ask, id } satisfies ToSnapshotWorker);
    });
  }

  private start(): { readonly thread: Worker; readonly ended: Promise<void> } {
    const { worker: program, eventStorePath, snapshotsPath, macKey } = this.options;
    const workerData: SnapshotWorkerData = { eventStorePath, snapshotsPath, macKey };
    const thread = new Worker(program, { workerData });
    let why = 'it ended';
    thread.on('message', (message: FromSnapshotWorker) => this.hear(message));
    thread.on('error', (error) => {
      why = error.message;
    });
    const ended = new Promise<void>((resolve) => {
      thread.on('exit', () => {
        if (this.worker?.thread === thread) this.worker = null;
        this.failAll(why);
        resolve();
      });
    });
    return { thread, ended };
  }

  private hear(message: FromSnapshotWorker): void {
    if (message.kind === 'trouble') {
      this.options.onTrouble?.(message.message);
      return;
    }
    const asked = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.snapshot);
    else asked?.reject(new ReadStoreFault(message.message, 'fault'));
    if (this.asked.size > 0) return;
    this.idle = setTimeout(() => this.retire(), this.options.idleMs ?? IDLE_MS);
    this.idle.unref();
  }

  private retire(): void {
    if (this.idle !== null) clearTimeout(this.idle);
    if (this.worker === null) return;
    const { thread, ended } = this.worker;
    this.worker = null;
    this.gone = ended;
    thread.postMessage({ kind: 'close' } satisfies ToSnapshotWorker);
  }

  private failAll(why: string): void {
    for (const { reject } of this.asked.values()) {
      reject(new ReadStoreFault(`the snapshot worker does not answer: ${why}`, 'fault'));
    }
    this.asked.clear();
  }
}
