/** The worker's side of the snapshots: takes one at a time, and finds some meanwhile. */

import type { MessagePort } from 'node:worker_threads';
import type { Snapshot, SnapshotStore } from '../../ports/snapshot-store.port.js';
import type { FromSnapshotWorker, SnapshotAsk, ToSnapshotWorker } from './snapshot-messages.js';

/** What the worker can do, put together by its own composition root. */
export interface SnapshotService extends SnapshotStore {
  /** Makes what is under way fail soon. */
  interrupt(): void;
  close(): void;
}

export class SnapshotHost {
  private underWay: Promise<unknown> = Promise.resolve();
  private isClosing = false;

  constructor(private readonly port: MessagePort) {}

  /** Answers from now on: the file is open, so that another worker may open it, too. */
  serve(service: SnapshotService): void {
    this.post({ kind: 'opened' });
    this.port.on('message', (message: ToSnapshotWorker) => {
      if (message.kind === 'close') void this.close(service);
      else void this.answer(service, message);
    });
  }

  /** Tells the main thread what somebody should know of, unless it is only that the end is near. */
  report(message: string): void {
    if (!this.isClosing) this.post({ kind: 'trouble', message });
  }

  private async answer(service: SnapshotService, ask: SnapshotAsk & { readonly id: number }): Promise<void> {
    const { id } = ask;
    try {
      const snapshot = await this.perform(service, ask);
      // The state goes over as it is: to copy it would cost the main thread a pause.
      this.port.postMessage(
        { kind: 'answer', id, snapshot } satisfies FromSnapshotWorker,
        snapshot === null ? [] : [snapshot.state.buffer as ArrayBuffer],
      );
    } catch (error) {
      this.post({ kind: 'fault', id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async perform(service: SnapshotService, ask: SnapshotAsk): Promise<Snapshot | null> {
    if (ask.kind === 'latest') return service.latest(ask.tenantId, ask.stateVersion);
    await this.inTurn(() => service.take(ask.tenantId, ask.revision));
    return null;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.underWay.then(() => {
      if (this.isClosing) throw new Error('the snapshot store is closing');
      return work();
    });
    this.underWay = done.catch(() => undefined);
    return done;
  }

  private async close(service: SnapshotService): Promise<void> {
    this.isClosing = true;
    service.interrupt();
    await this.underWay;
    service.close();
    this.port.close();
  }

  private post(message: FromSnapshotWorker): void {
    this.port.postMessage(message);
  }
}
