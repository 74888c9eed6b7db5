/** Bringing a tenant into memory: the latest usable snapshot, then the tail of its stream. */

import { streamOf } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import { STATE_VERSION, type TenantState } from '../domain/state.js';
import { restoreState } from '../domain/state-codec.js';
import { type EventReader, StoreFault } from '../ports/event-store.port.js';
import type { SnapshotReader } from '../ports/snapshot-store.port.js';
import { readWithRetries } from './append.js';
import { pause, type WriterContext } from './context.js';
import { FoldedTenant } from './folded-tenant.js';

/** How many events are folded between two looks at the clock. */
const FOLDS_PER_LOOK = 64;

/** As much of a writer's context as folding needs, so that a thread that decides nothing can fold as well. */
export interface FoldingContext extends Pick<WriterContext, 'codec' | 'clock' | 'limits' | 'log' | 'random'> {
  readonly store: Pick<EventReader, 'readStream'>;
  readonly snapshots: SnapshotReader;
}

/**
 * Folds a tenant from its stream, ready to be decided on. A tenant that does not exist is an empty stream.
 * @throws StoreFault when the store cannot be read
 * @throws AssertionError when the stream contradicts itself
 */
export async function loadTenant(tenantId: TenantId, context: WriterContext): Promise<FoldedTenant> {
  const tenant = await foldTenant(tenantId, context);
  tenant.queueAllDue();
  context.counters.loaded += 1;
  context.counters.lastPosition = Math.max(context.counters.lastPosition, tenant.position);
  return tenant;
}

/**
 * Folds a tenant from its latest usable snapshot and the tail of its stream, without queueing what is due.
 * @param upTo the last revision to fold, unless the snapshot is past it; the stream's end when left out
 * @throws StoreFault, AssertionError as `loadTenant` does
 */
export async function foldTenant(
  tenantId: TenantId,
  context: FoldingContext,
  upTo = Number.POSITIVE_INFINITY,
): Promise<FoldedTenant> {
  const tenant = (await fromSnapshot(tenantId, context)) ?? new FoldedTenant(context.limits.recentMax);
  await foldTail(tenant, streamOf(tenantId), context, { upTo });
  return tenant;
}

export interface TailOptions {
  /** Whether everything the tail makes fall due is queued on the way. */
  readonly queueDue?: boolean;
  /** The last revision to fold; the stream's end when left out. */
  readonly upTo?: number;
}

/** Folds what the stream holds beyond the tenant's revision, in slices. */
export async function foldTail(
  tenant: FoldedTenant,
  stream: string,
  context: FoldingContext,
  { queueDue = false, upTo = Number.POSITIVE_INFINITY }: TailOptions = {},
): Promise<void> {
  const { codec, limits, store } = context;
  const slices = new Slices(context);
  while (tenant.revision < upTo) {
    const limit = Math.min(limits.loadPage, upTo - tenant.revision);
    const from = { revision: tenant.revision + 1, limit };
    const page = await readWithRetries(() => store.readStream(stream, from), context);
    for (const stored of page) {
      const event = codec.decode(stored);
      tenant.fold(event);
      if (queueDue) tenant.queueDueAfter(event, tenant.lastMs, tenant.state);
      if (tenant.revision % FOLDS_PER_LOOK === 0 && slices.isOver) await slices.next();
    }
    if (page.length < limit) return;
  }
}

/** The tenant as of its latest snapshot, when that is the very state the chain had there; else null. @throws StoreFault */
async function fromSnapshot(tenantId: TenantId, context: FoldingContext): Promise<FoldedTenant | null> {
  try {
    const snapshot = await context.snapshots.latest(tenantId, STATE_VERSION);
    if (snapshot === null) return null;
    const { revision, chainHash } = snapshot;
    const at = { revision, limit: 1 };
    const [stored] = await readWithRetries(() => context.store.readStream(streamOf(tenantId), at), context);
    if (stored === undefined) return null;
    const event = context.codec.decode(stored);
    if (event.metadata.hash !== chainHash) return null;
    const tenant = new FoldedTenant(context.limits.recentMax);
    tenant.state = await restoreInSlices(snapshot.state, context);
    const lastMs = Date.parse(event.metadata.occurredAt);
    tenant.advance({ revision, position: event.position, chainHash, lastMs });
    tenant.snapshotRevision = revision;
    return tenant;
  } catch (error) {
    // A store that cannot give one event is not asked for all of them instead.
    if (error instanceof StoreFault) throw error;
    // A snapshot is a cache: whatever is wrong with it, the stream has it all.
    context.log.warn({ err: error, tenantId }, 'a snapshot is ignored');
    return null;
  }
}

async function restoreInSlices(text: Uint8Array, context: FoldingContext): Promise<TenantState> {
  const restoring = restoreState(text);
  const slices = new Slices(context);
  for (;;) {
    const step = restoring.next();
    if (step.done) return step.value;
    if (slices.isOver) await slices.next();
  }
}

/** Time to work in before others must have a turn, so that one cold tenant does not stall the rest. */
class Slices {
  private endMs: number;

  constructor(private readonly context: Pick<FoldingContext, 'clock' | 'limits'>) {
    this.endMs = this.newEnd();
  }

  get isOver(): boolean {
    return this.context.clock.now() >= this.endMs;
  }

  /** Lets others run, then begins another slice. */
  async next(): Promise<void> {
    await pause(this.context.clock, 0);
    this.endMs = this.newEnd();
  }

  private newEnd(): number {
    return this.context.clock.now() + this.context.limits.loadSliceMs;
  }
}
