/** Snapshots: a disposable cache of folded state. Losing all of them loses nothing but time. */

export interface Snapshot {
  readonly tenantId: string;
  /** Revision of the last event folded in. */
  readonly revision: number;
  readonly stateVersion: number;
  /** Hash of the event at `revision`. */
  readonly chainHash: string;
  /** The serialised state, in UTF-8. */
  readonly state: Uint8Array;
}

export interface SnapshotReader {
  /** The newest snapshot of this state version whose MAC checks, or null. */
  latest(tenantId: string, stateVersion: number): Promise<Snapshot | null>;
}

/** Where snapshots are kept. */
export interface SnapshotArchive extends SnapshotReader {
  save(snapshot: Snapshot): Promise<void>;
}

/** What the deciding thread asks for. */
export interface SnapshotStore extends SnapshotReader {
  /**
   * Makes a snapshot of a tenant's state at a revision, from the log and away from the calling thread, and
   * resolves once it is saved. While one of a tenant is being made, asking again waits for that one.
   * Rejects when it cannot be made, which costs time at the next load and nothing else.
   */
  take(tenantId: string, revision: number): Promise<void>;
}
