/** A snapshot worker as the main thread sees it: started when it is asked, sent away when it has nothing to do. */

import { Worker } from 'node:worker_threads';
import { ReadStoreFault } from '../../ports/read-store.port.js';
import type { Snapshot } from '../../ports/snapshot-store.port.js';
import type {
  FromSnapshotWorker,
  SnapshotAsk,
  SnapshotWorkerData,
  ToSnapshotWorker,
} from './snapshot-messages.js';

/** Questions that may wait for the worker; more are turned away, which costs the asker a longer fold. */
const ASKED_MAX = 1_024;
const CLOSED = 'the snapshot store is closed';

export interface SnapshotThreadOptions {
  /** The program of the worker. */
  readonly worker: URL;
  readonly workerData: SnapshotWorkerData;
  /** How long it stays without anything to do, in ms; null for as long as the process. */
  readonly idleMs: number | null;
  readonly onTrouble?: ((message: string) => void) | undefined;
}

interface Asked {
  readonly resolve: (snapshot: Snapshot | null) => void;
  readonly reject: (fault: ReadStoreFault) => void;
}

interface Running {
  readonly worker: Worker;
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;
}

/** One worker at a time: the next starts when the last has let go of its files. */
export class SnapshotThread {
  private running: Running | null = null;
  /** Settles once the worker that was sent away is gone. */
  private gone: Promise<void> = Promise.resolve();
  private isClosed = false;
  private idle: NodeJS.Timeout | null = null;
  private lastId = 0;
  private readonly asked = new Map<number, Asked>();

  constructor(private readonly options: SnapshotThreadOptions) {}

  /** Whether there is a worker now. */
  get isAwake(): boolean {
    return this.running !== null;
  }

  /** Starts the worker, so that the first question does not wait for that. */
  wake(): void {
    this.running ??= this.start();
  }

  /** Resolves once the worker that was woken has its file open, or is gone. */
  get opened(): Promise<void> {
    return this.running === null ? this.gone : this.running.opened;
  }

  /** @throws ReadStoreFault when the worker cannot do it, dies, or has too much to do */
  async ask(ask: SnapshotAsk): Promise<Snapshot | null> {
    await this.gone;
    if (this.isClosed) throw new ReadStoreFault(CLOSED, 'fault');
    if (this.asked.size >= ASKED_MAX) {
      throw new ReadStoreFault('the snapshot store has too much to do', 'overloaded');
    }
    this.running ??= this.start();
    const { worker } = this.running;
    if (this.idle !== null) clearTimeout(this.idle);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      worker.postMessage({ ...ask, id } satisfies ToSnapshotWorker);
    });
  }

  /** Ends what is under way without a result, and lets go of the files. */
  close(): Promise<void> {
    this.isClosed = true;
    this.retire();
    return this.gone;
  }

  private start(): Running {
    const worker = new Worker(this.options.worker, { workerData: this.options.workerData });
    let why = 'it ended';
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    worker.on('message', (message: FromSnapshotWorker) => {
      if (message.kind === 'opened') open();
      else this.hear(message);
    });
    worker.on('error', (error) => {
      why = error.message;
    });
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        if (this.running?.worker === worker) this.running = null;
        this.failAll(why);
        open();
        resolve();
      });
    });
    return { worker, opened, ended };
  }

  private hear(message: Exclude<FromSnapshotWorker, { kind: 'opened' }>): void {
    if (message.kind === 'trouble') {
      this.options.onTrouble?.(message.message);
      return;
    }
    const asked = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.snapshot);
    else asked?.reject(new ReadStoreFault(message.message, 'fault'));
    if (this.asked.size === 0) this.retireLater();
  }

  private retireLater(): void {
    const { idleMs } = this.options;
    if (idleMs === null || this.running === null) return;
    this.idle = setTimeout(() => this.retire(), idleMs);
    this.idle.unref();
  }

  private retire(): void {
    if (this.idle !== null) clearTimeout(this.idle);
    if (this.running === null) return;
    const { worker, ended } = this.running;
    this.running = null;
    this.gone = ended;
    worker.postMessage({ kind: 'close' } satisfies ToSnapshotWorker);
  }

  private failAll(why: string): void {
    const message = this.isClosed ? CLOSED : `the snapshot worker does not answer: ${why}`;
    for (const { reject } of this.asked.values()) reject(new ReadStoreFault(message, 'fault'));
    this.asked.clear();
  }
}
