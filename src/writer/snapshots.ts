/** Asking for snapshots now and then, and making one: the two ends of what keeps loads short. */

import type { TenantId } from '../domain/ids.js';
import { STATE_VERSION, type TenantState } from '../domain/state.js';
import { serializeState } from '../domain/state-codec.js';
import type { SnapshotArchive } from '../ports/snapshot-store.port.js';
import type { WriterContext } from './context.js';
import type { FoldedTenant } from './folded-tenant.js';
import { type FoldingContext, foldTenant } from './load.js';

/** Asks for the snapshots of one tenant. Nothing waits for them, and one that fails is not missed. */
export class Snapshots {
  private isBeingTaken = false;

  constructor(
    private readonly tenantId: TenantId,
    private readonly context: WriterContext,
  ) {}

  /** Asks for another one when enough came since the last. Costs the calling thread nothing but the question. */
  askWhenDue(tenant: FoldedTenant): void {
    if (this.isBeingTaken || !isDue(tenant, this.context.limits.snapshotEvery)) return;
    const { tenantId, context } = this;
    this.isBeingTaken = true;
    tenant.snapshotRevision = tenant.revision;
    context.snapshots.take(tenantId, tenant.revision).then(
      () => {
        this.isBeingTaken = false;
        context.counters.snapshots += 1;
      },
      (error: unknown) => {
        this.isBeingTaken = false;
        context.log.warn({ err: error, tenantId }, 'a snapshot was not made');
      },
    );
  }
}

/**
 * A snapshot costs about as much as folding as many events as the state has entries. Waiting for half as many
 * keeps all snapshots of a stream together about as cheap as folding it twice, however large the state grows.
 */
const isDue = ({ revision, snapshotRevision, state }: FoldedTenant, every: number): boolean => {
  const since = revision - snapshotRevision;
  return since >= every && since >= entriesOf(state) / 2;
};

const entriesOf = ({ keys, budgets, retired, reservations, toolCalls }: TenantState): number =>
  keys.size + budgets.size + retired.size + reservations.size + toolCalls.size;

export interface TakingContext extends FoldingContext {
  readonly snapshots: SnapshotArchive;
}

/**
 * Makes a snapshot at a revision by folding the stream up to there, from the snapshot before if there is one,
 * and saves it. Belongs on a thread that decides nothing: serialising a large state takes a second and more.
 * @throws StoreFault, AssertionError, and what the archive throws; nothing is saved then
 */
export async function takeSnapshot(tenantId: TenantId, upTo: number, context: TakingContext): Promise<void> {
  const { revision, snapshotRevision, chainHash, state } = await foldTenant(tenantId, context, upTo);
  if (revision === snapshotRevision) return;
  const text = new TextEncoder().encode(serializeState(state));
  await context.snapshots.save({ tenantId, revision, stateVersion: STATE_VERSION, chainHash, state: text });
}
