/** Ids in sequence, and snapshots in memory. */

import { streamOf } from '../../src/domain/events.js';
import type { IdPrefix, TenantId } from '../../src/domain/ids.js';
import { STATE_VERSION } from '../../src/domain/state.js';
import { serializeState } from '../../src/domain/state-codec.js';
import type { Clock } from '../../src/ports/clock.port.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import type { Ids } from '../../src/ports/ids.port.js';
import type {
  Snapshot,
  SnapshotArchive,
  SnapshotReader,
  SnapshotStore,
} from '../../src/ports/snapshot-store.port.js';
import { FoldedTenant } from '../../src/writer/folded-tenant.js';
import { DEFAULT_LIMITS } from '../../src/writer/limits.js';
import type { FoldingContext } from '../../src/writer/load.js';
import { takeSnapshot } from '../../src/writer/snapshots.js';
import type { SimulatedLog } from './simulated-log.js';

export class SequentialIds implements Ids {
  private last = 0;

  constructor(private readonly name: string) {}

  mint(prefix: IdPrefix): string {
    return `${prefix}_${this.name}${++this.last}`;
  }

  eventId(): string {
    return `event-${this.name}-${++this.last}`;
  }
}

type Log = Pick<FoldingContext, 'store'>['store'];

/** For folding at once what is in the log, whatever a node was told of it. */
export const foldingContext = (store: Log, codec: EventCodec, snapshots: SnapshotReader): FoldingContext => ({
  store,
  codec,
  snapshots,
  clock: STOPPED_CLOCK,
  limits: DEFAULT_LIMITS,
  random: () => 0.5,
  log: { warn: () => undefined, error: () => undefined },
});

/** No slice of time ever ends under it. */
const STOPPED_CLOCK: Clock = {
  now: () => 0,
  after() {
    throw new Error('folding at once waits for nothing');
  },
};

/** Folds every stream once, however many disks ask for its snapshots. */
export class LogFolder {
  private readonly tenants = new Map<string, FoldedTenant>();

  constructor(
    private readonly log: SimulatedLog,
    private readonly codec: EventCodec,
  ) {}

  /** A tenant at a revision, or at a later one that was asked for before. */
  snapshotAt(tenantId: string, asked: number): Snapshot {
    const tenant = this.tenants.get(tenantId) ?? new FoldedTenant(1);
    this.tenants.set(tenantId, tenant);
    const from = { revision: tenant.revision + 1, limit: Math.max(0, asked - tenant.revision) };
    for (const stored of this.log.read(streamOf(tenantId as TenantId), from))
      tenant.fold(this.codec.decode(stored));
    const { revision, chainHash } = tenant;
    const state = new TextEncoder().encode(serializeState(tenant.state));
    return { tenantId, revision, stateVersion: STATE_VERSION, chainHash, state };
  }
}

/** The latest snapshots on a node's own disk. */
export class DiskSnapshots implements SnapshotStore {
  private readonly saved = new Map<string, Snapshot>();

  constructor(private readonly folder: LogFolder) {}

  async latest(tenantId: string): Promise<Snapshot | null> {
    return this.saved.get(tenantId) ?? null;
  }

  async take(tenantId: string, revision: number): Promise<void> {
    this.saved.set(tenantId, this.folder.snapshotAt(tenantId, revision));
  }
}

/** Folds at once, as the thread that makes snapshots does, and keeps the latest. */
export class MemorySnapshots implements SnapshotStore, SnapshotArchive {
  readonly saved = new Map<string, Snapshot>();

  constructor(private readonly source: { readonly store: Log; readonly codec: EventCodec }) {}

  async latest(tenantId: string, stateVersion: number): Promise<Snapshot | null> {
    const snapshot = this.saved.get(tenantId);
    return snapshot?.stateVersion === stateVersion ? snapshot : null;
  }

  async save(snapshot: Snapshot): Promise<void> {
    this.saved.set(snapshot.tenantId, snapshot);
  }

  take(tenantId: string, revision: number): Promise<void> {
    const { store, codec } = this.source;
    const context = { ...foldingContext(store, codec, this), snapshots: this };
    return takeSnapshot(tenantId as TenantId, revision, context);
  }
}
