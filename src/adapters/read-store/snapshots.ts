/** The snapshots as the main thread sees them: found by one worker, made by another. */

import type { Snapshot, SnapshotStore } from '../../ports/snapshot-store.port.js';
import { calm } from './calm.js';
import type { SnapshotWorkerData } from './snapshot-messages.js';
import { SnapshotThread } from './snapshot-thread.js';

/** The worker that makes them ends after so many ms without anything to do. */
const IDLE_MS = 10_000;
/** A snapshot waits so many ms at most for the deciding thread to be calm; until then only a restart misses it. */
const PATIENCE_MS = 60_000;

export interface SnapshotStoreOptions extends Omit<SnapshotWorkerData, 'stepsBack'> {
  /** The program of both workers. */
  readonly worker: URL;
  /** How long the worker that makes them stays without anything to do, in ms. */
  readonly idleMs?: number;
  /** How long a snapshot to be made waits for the calling thread to have little to do, in ms. */
  readonly patienceMs?: number;
  /** Told of snapshots that cannot be used. */
  readonly onTrouble?: (message: string) => void;
}

/**
 * Workers of their own, since queries must not wait for the folding of a whole tenant; and two, since somebody
 * waits for what is found and nobody for what is made, and a thread that has stepped back cannot step forward.
 */
export class WorkerSnapshotStore implements SnapshotStore {
  private readonly finding: SnapshotThread;
  private readonly making: SnapshotThread;
  private readonly takes = new Map<string, Promise<void>>();
  private readonly patienceMs: number;
  private readonly closing = new AbortController();

  constructor(options: SnapshotStoreOptions) {
    const { worker, onTrouble, idleMs = IDLE_MS, patienceMs = PATIENCE_MS, ...files } = options;
    this.patienceMs = patienceMs;
    const workerData = { ...files, stepsBack: true };
    this.making = new SnapshotThread({ worker, workerData, idleMs, onTrouble });
    this.finding = new SnapshotThread({
      worker,
      workerData: { ...files, stepsBack: false },
      idleMs: null,
      onTrouble,
    });
    this.finding.wake();
  }

  /** Whether the worker that makes snapshots is there now. */
  get isMaking(): boolean {
    return this.making.isAwake;
  }

  latest(tenantId: string, stateVersion: number): Promise<Snapshot | null> {
    return this.finding.ask({ kind: 'latest', tenantId, stateVersion });
  }

  /**
   * Waits for a calm moment first: to fold a tenant again costs about as much CPU as to have decided it, which
   * those who are waiting for decisions would pay for. And two workers that make a new file at once lock each
   * other out, so that the one waits until the other has it open.
   */
  take(tenantId: string, revision: number): Promise<void> {
    const underWay = this.takes.get(tenantId);
    if (underWay !== undefined) return underWay;
    const take = calm(this.patienceMs, this.closing.signal)
      .then(() => this.finding.opened)
      .then(() => this.making.ask({ kind: 'take', tenantId, revision }))
      .then(() => undefined)
      .finally(() => this.takes.delete(tenantId));
    this.takes.set(tenantId, take);
    return take;
  }

  /** Ends what is under way without a result, and lets go of the files. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.finding.close(), this.making.close()]);
  }
}
