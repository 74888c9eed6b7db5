/** What the main thread and the read worker say to each other. */

import type {
  ProjectionStatus,
  ReadStoreFault,
  RebuildProgress,
  SqlResult,
  SqlStatement,
} from '../../ports/read-store.port.js';
import type { PostgresAddress } from './postgres.js';

/** What the worker is started with. */
export interface ReadWorkerData {
  /** Where the event store is, as the worker's own composition root knows it; opened for reading only. */
  readonly eventStore: unknown;
  readonly readStorePath: string;
  /** The database that has the read models in place of that file. */
  readonly postgres?: PostgresAddress | null;
}

/** Calls that are answered, with the types of what they carry. */
export interface Calls {
  query: { readonly asks: SqlStatement; readonly answers: SqlResult };
  rebuild: { readonly asks: readonly string[] | 'all'; readonly answers: null };
  close: { readonly asks: null; readonly answers: null };
}
export type CallName = keyof Calls;

export type CallMessage = {
  [N in CallName]: {
    readonly kind: 'call';
    readonly id: number;
    readonly name: N;
    readonly asks: Calls[N]['asks'];
  };
}[CallName];

export type ToWorker = CallMessage | { readonly kind: 'notify'; readonly position: number };

export type FromWorker =
  | { readonly kind: 'opened'; readonly head: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answers: Calls[CallName]['answers'] }
  | {
      readonly kind: 'fault';
      readonly id: number;
      readonly fault: ReadStoreFault['kind'];
      readonly message: string;
    }
  /** Something that a person should know of, but that stops nothing. */
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'progress'; readonly projections: readonly ProjectionStatus[] }
  | { readonly kind: 'rebuilding'; readonly id: number; readonly progress: RebuildProgress };
