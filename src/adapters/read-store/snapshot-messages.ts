/** What the main thread and the snapshot worker say to each other. */

import type { Snapshot } from '../../ports/snapshot-store.port.js';

/** What the worker is started with. */
export interface SnapshotWorkerData {
  /** Where the event store is, as the worker's own composition root knows it; opened for reading only. */
  readonly eventStore: unknown;
  readonly snapshotsPath: string;
  /** The key of the snapshots' MACs. */
  readonly macKey: Uint8Array;
  /** Whether everybody else goes first. */
  readonly stepsBack: boolean;
}

export type SnapshotAsk =
  | { readonly kind: 'latest'; readonly tenantId: string; readonly stateVersion: number }
  | { readonly kind: 'take'; readonly tenantId: string; readonly revision: number };

export type ToSnapshotWorker = (SnapshotAsk & { readonly id: number }) | { readonly kind: 'close' };

export type FromSnapshotWorker =
  /** Its file is open. */
  | { readonly kind: 'opened' }
  /** Null for what was taken, and where there is none. */
  | { readonly kind: 'answer'; readonly id: number; readonly snapshot: Snapshot | null }
  | { readonly kind: 'fault'; readonly id: number; readonly message: string }
  /** Something that costs time but stops nothing, such as a snapshot that cannot be used. */
  | { readonly kind: 'trouble'; readonly message: string };
