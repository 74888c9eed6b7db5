/** Bringing a tenant into memory: the latest usable snapshot, then the tail of its stream. */

import { streamOf } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import { STATE_VERSION } from '../domain/state.js';
import { deserializeState } from '../domain/state-codec.js';
import { readWithRetries } from './append.js';
import { pause, type WriterContext } from './context.js';
import { FoldedTenant } from './folded-tenant.js';

/** How many events are folded between two looks at the clock. */
const FOLDS_PER_LOOK = 64;

/**
 * Folds a tenant from its stream. A tenant that does not exist is an empty stream.
 * @throws StoreFault when the store cannot be read
 * @throws AssertionError when the stream contradicts itself
 */
export async function loadTenant(tenantId: TenantId, context: WriterContext): Promise<FoldedTenant> {
  const tenant = (await fromSnapshot(tenantId, context)) ?? new FoldedTenant(context.limits.recentMax);
  await foldTail(tenant, streamOf(tenantId), context);
  tenant.queueAllDue();
  context.counters.loaded += 1;
  return tenant;
}

/**
 * Folds what the stream holds beyond the tenant's revision, in slices, so that one cold tenant does not stall
 * the others. With `queueDue` everything it makes fall due is queued on the way.
 */
export async function foldTail(
  tenant: FoldedTenant,
  stream: string,
  context: WriterContext,
  queueDue = false,
): Promise<void> {
  const { clock, codec, limits, store } = context;
  let sliceEndMs = clock.now() + limits.loadSliceMs;
  for (;;) {
    const from = { revision: tenant.revision + 1, limit: limits.loadPage };
    const page = await readWithRetries(() => store.readStream(stream, from), context);
    for (const stored of page) {
      const event = codec.decode(stored);
      tenant.fold(event);
      if (queueDue) tenant.queueDueAfter(event, tenant.lastMs, tenant.state);
      if (tenant.revision % FOLDS_PER_LOOK !== 0 || clock.now() < sliceEndMs) continue;
      await pause(clock, 0);
      sliceEndMs = clock.now() + limits.loadSliceMs;
    }
    context.counters.lastPosition = Math.max(context.counters.lastPosition, tenant.position);
    if (page.length < limits.loadPage) return;
  }
}

/** The tenant as of its latest snapshot, when that is the very state the chain had there; else null. */
async function fromSnapshot(tenantId: TenantId, context: WriterContext): Promise<FoldedTenant | null> {
  try {
    const snapshot = await context.snapshots.latest(tenantId, STATE_VERSION);
    if (snapshot === null) return null;
    const { revision, chainHash } = snapshot;
    const [stored] = await context.store.readStream(streamOf(tenantId), { revision, limit: 1 });
    if (stored === undefined) return null;
    const event = context.codec.decode(stored);
    if (event.metadata.hash !== chainHash) return null;
    const tenant = new FoldedTenant(context.limits.recentMax);
    tenant.state = deserializeState(snapshot.state);
    const lastMs = Date.parse(event.metadata.occurredAt);
    tenant.advance({ revision, position: event.position, chainHash, lastMs });
    tenant.snapshotRevision = revision;
    return tenant;
  } catch (error) {
    // A snapshot is a cache: whatever is wrong with it, the stream has it all.
    context.log.warn({ err: error, tenantId }, 'a snapshot is ignored');
    return null;
  }
}
