/** Snapshots: a disposable cache of folded state. Losing all of them loses nothing but time. */

export interface Snapshot {
  readonly tenantId: string;
  /** Revision of the last event folded in. */
  readonly revision: number;
  readonly stateVersion: number;
  /** Hash of the event at `revision`. */
  readonly chainHash: string;
  /** The serialised state. */
  readonly state: string;
}

export interface SnapshotStore {
  /** The newest snapshot of this state version whose MAC checks, or null. */
  latest(tenantId: string, stateVersion: number): Promise<Snapshot | null>;
  save(snapshot: Snapshot): Promise<void>;
}
