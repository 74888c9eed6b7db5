/** Saving a tenant's state now and then, so that loading it starts near the end of its stream. */

import type { TenantId } from '../domain/ids.js';
import { STATE_VERSION } from '../domain/state.js';
import { serializeState } from '../domain/state-codec.js';
import type { WriterContext } from './context.js';
import type { FoldedTenant } from './folded-tenant.js';

/** A snapshot waits for a quiet moment, but not for longer than this many times its interval. */
const PATIENCE = 5;

export class Snapshots {
  isSaving = false;

  constructor(
    private readonly tenantId: TenantId,
    private readonly context: WriterContext,
  ) {}

  /** Whether enough events came since the last one to save another in a quiet moment. */
  isDue(tenant: FoldedTenant): boolean {
    return !this.isSaving && sinceLast(tenant) >= this.context.limits.snapshotEvery;
  }

  /** Whether it has been due for so long without a quiet moment that it must be now. */
  isOverdue(tenant: FoldedTenant): boolean {
    return !this.isSaving && sinceLast(tenant) >= this.context.limits.snapshotEvery * PATIENCE;
  }

  /** Serialises the state as it is now and saves it in the background; one that fails is not missed. */
  save(tenant: FoldedTenant): void {
    const { tenantId, context } = this;
    const { revision, chainHash } = tenant;
    this.isSaving = true;
    tenant.snapshotRevision = revision;
    const state = serializeState(tenant.state);
    context.snapshots.save({ tenantId, revision, stateVersion: STATE_VERSION, chainHash, state }).then(
      () => {
        this.isSaving = false;
        context.counters.snapshots += 1;
      },
      (error: unknown) => {
        this.isSaving = false;
        context.log.warn({ err: error, tenantId }, 'a snapshot was not saved');
      },
    );
  }
}

const sinceLast = ({ revision, snapshotRevision }: FoldedTenant): number => revision - snapshotRevision;
