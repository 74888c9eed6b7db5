/** The events of one append as they are decided: an overlay over the folded state that is merged or dropped whole. */

import { assert } from '../domain/assertions.js';
import type { EventMetadata, LedgerEvent, Origin, RecordedEvent } from '../domain/events.js';
import { actorOf, SCHEMA_VERSION } from '../domain/events.js';
import { evolve } from '../domain/evolve.js';
import { type SealedEvent, seal } from '../domain/hash-chain.js';
import { answerIndex } from '../domain/idempotency.js';
import type { Claim, ReservationId } from '../domain/ids.js';
import { assertInvariants } from '../domain/invariants.js';
import { forgetOverCounters } from '../domain/quota.js';
import { forkState, mergeState, type TenantState } from '../domain/state.js';
import type { Ids } from '../ports/ids.port.js';
import { type EndStatus, endOf, type FoldedTenant } from './folded-tenant.js';
import type { WriterLimits } from './limits.js';

/** Bytes that an event costs in the store beside its data and metadata. */
const EVENT_OVERHEAD_BYTES = 256;

/** Position of an event that is not in the log yet. */
const NO_POSITION = -1;

/** What one command, one due item or one ended flood brings about. */
export interface Entry {
  readonly events: readonly LedgerEvent[];
  readonly origin: Origin;
  /** When they occur, ms since the epoch. */
  readonly atMs: number;
  readonly claim: Claim | null;
}

export class Batch {
  /** The state as this batch leaves it. Read only for all but `record`. */
  readonly overlay: TenantState;
  readonly sealed: SealedEvent[] = [];
  /** Answers given and reservations ended in this batch. */
  readonly answers = new Map<Claim, RecordedEvent>();
  readonly ended = new Map<ReservationId, EndStatus>();
  /** Time of the last event, ms since the epoch: none that follows is earlier. */
  lastMs: number;
  private readonly recorded: RecordedEvent[] = [];
  private layer: TenantState;
  private bytes = 0;
  private chainHash: string;
  /** The moment last written out, since a batch has few. */
  private written = { atMs: Number.NaN, text: '' };

  constructor(
    private readonly tenant: FoldedTenant,
    private readonly stream: string,
    private readonly ids: Ids,
    private readonly limits: WriterLimits,
  ) {
    this.overlay = forkState(tenant.state);
    this.layer = forkState(this.overlay);
    this.lastMs = tenant.lastMs;
    this.chainHash = tenant.chainHash;
  }

  get isEmpty(): boolean {
    return this.sealed.length === 0;
  }

  /** Revision of the last event before this batch. */
  get expectedRevision(): number {
    return this.tenant.revision;
  }

  /**
   * Adds an entry's events, all or none. Null when they do not fit beside what is here already.
   * @throws AssertionError when they break an invariant, contradict the state, or never fit; the batch is then as before
   */
  record(entry: Entry): readonly RecordedEvent[] | null {
    const before = { count: this.sealed.length, bytes: this.bytes, chainHash: this.chainHash };
    const claimAt = entry.claim === null ? -1 : answerIndex(entry.events);
    try {
      this.seal(entry, claimAt);
      if (!this.fits()) {
        assert(before.count > 0, 'the events of one command fit one append');
        this.truncate(before);
        return null;
      }
      for (const event of entry.events) evolve(this.layer, event, entry.atMs);
      assertInvariants(this.overlay, this.layer, entry.events);
    } catch (error) {
      this.truncate(before);
      this.layer = forkState(this.overlay);
      throw error;
    }
    mergeState(this.layer, this.overlay);
    return this.keep(entry, claimAt, before.count);
  }

  /** The overlay becomes the state, once the store has the events. */
  merge(written: { readonly revision: number; readonly position: number }): void {
    const { tenant } = this;
    assert(
      written.revision === tenant.revision + this.sealed.length,
      'the batch stands where it was decided',
    );
    mergeState(this.overlay, tenant.state);
    forgetOverCounters(tenant.state, this.lastMs);
    // A batch is one transaction: to have seen its last position is to have seen it all.
    for (const event of this.recorded as { position: number }[]) event.position = written.position;
    for (const [claim, event] of this.answers) tenant.answers.set(claim, event);
    for (const [id, status] of this.ended) tenant.ended.set(id, status);
    tenant.advance({ ...written, chainHash: this.chainHash, lastMs: this.lastMs });
    tenant.compactDues();
  }

  private seal({ events, origin, atMs, claim }: Entry, claimAt: number): void {
    if (this.written.atMs !== atMs) this.written = { atMs, text: new Date(atMs).toISOString() };
    const occurredAt = this.written.text;
    let causationId: string | null = null;
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      if (event === undefined) continue;
      const id = this.ids.eventId();
      const metadata: Omit<EventMetadata, 'hash' | 'previousHash'> = {
        ...origin,
        actor: actorOf(event, origin.actor),
        schema: SCHEMA_VERSION,
        occurredAt,
        causationId,
      };
      const sealed = seal(
        { id, event, metadata, claim: i === claimAt ? claim : null },
        this.stream,
        this.chainHash,
      );
      causationId ??= id;
      this.sealed.push(sealed);
      this.chainHash = sealed.metadata.hash;
      this.bytes +=
        Buffer.byteLength(sealed.dataJson) + Buffer.byteLength(sealed.metadataJson) + EVENT_OVERHEAD_BYTES;
    }
  }

  private fits(): boolean {
    return this.sealed.length <= this.limits.batchEventsMax && this.bytes <= this.limits.batchBytesMax;
  }

  private truncate(to: { count: number; bytes: number; chainHash: string }): void {
    this.sealed.length = to.count;
    this.bytes = to.bytes;
    this.chainHash = to.chainHash;
  }

  private keep({ atMs, claim }: Entry, claimAt: number, from: number): readonly RecordedEvent[] {
    const kept: RecordedEvent[] = [];
    for (let i = from; i < this.sealed.length; i++) {
      const sealed = this.sealed[i];
      if (sealed === undefined) continue;
      const { id, event, metadata } = sealed;
      const revision = this.tenant.revision + i + 1;
      kept.push({ ...event, id, stream: this.stream, revision, position: NO_POSITION, metadata });
      const end = endOf(event);
      if (end !== null) this.ended.set(end.reservationId, end.status);
      this.tenant.queueDueAfter(event, atMs, this.overlay);
    }
    this.recorded.push(...kept);
    const answer = kept[claimAt];
    if (claim !== null && answer !== undefined) this.answers.set(claim, answer);
    if (kept.length > 0) this.lastMs = atMs;
    return kept;
  }
}
