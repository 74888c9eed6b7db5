/** One tenant as folded from its stream: the state, its place, and what is remembered beside it. */

import { assert } from '../domain/assertions.js';
import { allDue, dueAfter } from '../domain/due.decider.js';
import { DueQueue } from '../domain/due-queue.js';
import type { LedgerEvent, RecordedEvent } from '../domain/events.js';
import { evolve } from '../domain/evolve.js';
import { GENESIS_HASH } from '../domain/hash-chain.js';
import type { Claim, ReservationId } from '../domain/ids.js';
import { initialState, type ReservationStatus, type TenantState } from '../domain/state.js';
import { NO_STREAM } from '../ports/event-store.port.js';
import { BoundedMap } from './bounded-map.js';

export type EndStatus = Exclude<ReservationStatus, 'ACTIVE'>;

/** Dues below this number are never worth sorting out. */
const DUES_KEPT = 8192;

export class FoldedTenant {
  state: TenantState = initialState();
  /** Revision, position, hash and time (ms since the epoch) of the last event folded in. */
  revision = NO_STREAM;
  position = 0;
  chainHash = GENESIS_HASH;
  lastMs = 0;
  /** How often events of other nodes were folded in: what was looked up before may have changed since. */
  epoch = 0;
  /** Revision of the snapshot that it was loaded from, or that was last asked for. */
  snapshotRevision = NO_STREAM;
  readonly dues = new DueQueue();
  /** The events that answered the latest claims. */
  readonly answers: BoundedMap<Claim, RecordedEvent>;
  /** How the latest finished reservations ended. */
  readonly ended: BoundedMap<ReservationId, EndStatus>;

  constructor(recentMax: number) {
    this.answers = new BoundedMap(recentMax);
    this.ended = new BoundedMap(recentMax);
  }

  /**
   * Folds the next event of the stream in, as read from the store.
   * @throws AssertionError when it is not the next one, breaks the chain, or contradicts the state
   */
  fold(event: RecordedEvent): void {
    const { previousHash, hash, occurredAt } = event.metadata;
    assert(event.revision === this.revision + 1, 'the stream is contiguous');
    assert(previousHash === this.chainHash, 'the hash chain of the stream is unbroken');
    const atMs = Date.parse(occurredAt);
    evolve(this.state, event, atMs);
    this.advance({ revision: event.revision, position: event.position, chainHash: hash, lastMs: atMs });
    const end = endOf(event);
    if (end !== null) this.ended.set(end.reservationId, end.status);
  }

  advance(to: { revision: number; position: number; chainHash: string; lastMs: number }): void {
    this.revision = to.revision;
    this.position = to.position;
    this.chainHash = to.chainHash;
    this.lastMs = to.lastMs;
  }

  /** Queues what an event makes fall due. */
  queueDueAfter(event: LedgerEvent, atMs: number, state: TenantState): void {
    for (const due of dueAfter(event, atMs, state)) this.dues.push(due);
  }

  /** Queues everything that the state will have fall due, and nothing else. */
  queueAllDue(): void {
    this.dues.reset(allDue(this.state));
  }

  /** Drops what became stale, once that is most of the queue, so that its length follows the state's. */
  compactDues(): void {
    if (this.dues.length < DUES_KEPT) return;
    const live = this.state.reservations.size + 2 * this.state.budgets.size + 2 * this.state.approvals.size;
    if (this.dues.length > 3 * live) this.queueAllDue();
  }
}

/** The reservation that an event ends, and how; null for all other events. */
export function endOf(event: LedgerEvent): { reservationId: ReservationId; status: EndStatus } | null {
  if (event.type === 'Committed') return { reservationId: event.data.reservationId, status: 'COMMITTED' };
  if (event.type !== 'Released') return null;
  const status = event.data.reason === 'expired' ? 'EXPIRED' : 'RELEASED';
  return { reservationId: event.data.reservationId, status };
}
