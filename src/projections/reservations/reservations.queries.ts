/** Queries of reservations. */

import type { Unit } from '../../domain/amount.js';
import type { Action, Caps, JsonObject, OveragePolicy } from '../../domain/events.js';
import type { ReservationStatus } from '../../domain/state.js';
import type { Subject } from '../../domain/subject.js';
import type { ReadDatabase } from '../database.js';
import { type Page, type PageRequest, pageOf } from '../page.js';
import { numberOrNull, parse, parseOrNull } from '../read.js';
import {
  filtered,
  orderingOf,
  type ReservationListRequest,
  type ReservationRow,
  readStatus,
} from './reservation-list.queries.js';

/** A reservation with everything the protocol's ReservationDetail can show (cycles-protocol-v0). */
export interface ReservationView {
  readonly reservationId: string;
  readonly tenantId: string;
  readonly status: ReservationStatus;
  readonly idempotencyKey: string | null;
  readonly keyId: string | null;
  readonly toolCallId: string | null;
  readonly subject: Subject;
  readonly action: Action;
  readonly unit: Unit;
  readonly reserved: bigint;
  /** What was charged; null unless COMMITTED. */
  readonly committed: bigint | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** When it ends by itself; null once it has ended. */
  readonly dueAtMs: number | null;
  /** Null unless COMMITTED or RELEASED. */
  readonly finalizedAtMs: number | null;
  readonly endReason: string | null;
  readonly overagePolicy: OveragePolicy;
  readonly scopePath: string;
  readonly affectedScopes: readonly string[];
  readonly caps: Caps | null;
  readonly metadata: JsonObject | null;
  readonly committedMetadata: JsonObject | null;
}

export class ReservationQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** @param nowMs a plain hold that is due by then reads as EXPIRED, whether or not that is recorded yet */
  async find(reservationId: string, nowMs: number): Promise<ReservationView | null> {
    const row = await this.db
      .selectFrom('reservations')
      .selectAll()
      .where('reservation_id', '=', reservationId)
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row, nowMs);
  }

  /**
   * A tenant's reservations as asked for, newest first unless asked otherwise.
   * @param page limit 1 to 200; its cursor is good for the same filter and order only
   * @param nowMs as in `find`
   * @throws InvalidCursor
   */
  async list(
    asked: ReservationListRequest,
    page: PageRequest,
    nowMs: number,
  ): Promise<Page<ReservationView>> {
    const ordering = orderingOf(asked, nowMs);
    const select = filtered(this.db.selectFrom('reservations').selectAll(), asked, nowMs);
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: (row) => viewOf(row, nowMs) });
  }
}

function viewOf(row: ReservationRow, nowMs: number): ReservationView {
  return {
    reservationId: row.reservation_id,
    tenantId: row.tenant_id,
    status: readStatus(row, nowMs),
    idempotencyKey: row.idempotency_key,
    keyId: row.key_id,
    toolCallId: row.tool_call_id,
    subject: parse<Subject>(row.subject),
    action: parse<Action>(row.action),
    unit: row.unit as Unit,
    reserved: row.reserved,
    committed: row.committed,
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    dueAtMs: numberOrNull(row.due_at_ms),
    finalizedAtMs: numberOrNull(row.finalized_at_ms),
    endReason: row.end_reason,
    overagePolicy: row.overage_policy as OveragePolicy,
    scopePath: row.scope_path,
    affectedScopes: parse<string[]>(row.affected_scopes),
    caps: parseOrNull<Caps>(row.caps),
    metadata: parseOrNull<JsonObject>(row.metadata),
    committedMetadata: parseOrNull<JsonObject>(row.committed_metadata),
  };
}
