/** The worker's side of the read store: takes calls from the main thread, answers each once. */

import type { MessagePort } from 'node:worker_threads';
import {
  type ProjectionStatus,
  ReadStoreFault,
  type RebuildProgress,
  type SqlConnection,
} from '../../ports/read-store.port.js';
import type { CallMessage, FromWorker, ToWorker } from './messages.js';

/** What the worker can do, put together by its own composition root. */
export interface ReadService {
  readonly queries: SqlConnection;
  rebuild(names: readonly string[] | 'all', onProgress: (progress: RebuildProgress) => void): Promise<void>;
  notify(position: number): void;
  close(): Promise<void>;
}

export class ReadHost {
  constructor(private readonly port: MessagePort) {}

  /** Reports how far the read models are. */
  report(projections: readonly ProjectionStatus[]): void {
    this.post({ kind: 'progress', projections });
  }

  /** Tells the main thread what a person should know of. */
  complain(message: string): void {
    this.post({ kind: 'trouble', message });
  }

  /** Starts the service and answers calls from then on; says so, or why it cannot. */
  async serve(start: () => Promise<{ readonly service: ReadService; readonly head: number }>): Promise<void> {
    try {
      const { service, head } = await start();
      this.port.on('message', (message: ToWorker) => {
        if (message.kind === 'notify') service.notify(message.position);
        else void this.answer(service, message);
      });
      this.post({ kind: 'opened', head });
    } catch (error) {
      this.post({ kind: 'refused', message: messageOf(error) });
      this.port.close();
    }
  }

  private async answer(service: ReadService, call: CallMessage): Promise<void> {
    const { id } = call;
    try {
      this.post({ kind: 'answer', id, answers: await this.perform(service, call) });
    } catch (error) {
      const fault = error instanceof ReadStoreFault ? error.kind : 'fault';
      this.post({ kind: 'fault', id, fault, message: messageOf(error) });
    }
    if (call.name === 'close') this.port.close();
  }

  private async perform(service: ReadService, call: CallMessage) {
    switch (call.name) {
      case 'query':
        return service.queries.execute(call.asks);
      case 'rebuild':
        await service.rebuild(call.asks, (progress) =>
          this.post({ kind: 'rebuilding', id: call.id, progress }),
        );
        return null;
      case 'close':
        await service.close();
        return null;
    }
  }

  private post(message: FromWorker): void {
    this.port.postMessage(message);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
