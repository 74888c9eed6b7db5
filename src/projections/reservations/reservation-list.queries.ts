/** Lists of a tenant's reservations: what may be asked of them, and in which order they come. */

import { type Expression, type SelectQueryBuilder, sql } from 'kysely';
import type { ReservationStatus } from '../../domain/state.js';
import type { Level } from '../../domain/subject.js';
import type { ReadTables } from '../database.js';
import {
  integerKey,
  type Ordering,
  orderedBy,
  type SortDirection,
  type SortKey,
  textKey,
} from '../ordering.js';
import { questionOf } from '../page.js';
import type { Row } from '../table.js';
import type { reservationsTable } from './reservations.table.js';

export type { SortDirection };

/** The sort keys of the protocol (cycles-protocol-v0, listReservations). */
export const RESERVATION_SORTS = [
  'reservation_id',
  'tenant',
  'scope_path',
  'status',
  'reserved',
  'created_at_ms',
  'expires_at_ms',
] as const;
export type ReservationSort = (typeof RESERVATION_SORTS)[number];

/** Inclusive bounds in ms since the epoch; a missing one is open. */
export interface TimeWindow {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** What a list asks for; every predicate given must hold. */
export interface ReservationFilter {
  readonly tenantId: string;
  /** The key of the request that reserved: at most one reservation has it. */
  readonly idempotencyKey?: string | undefined;
  readonly status?: ReservationStatus | undefined;
  /** Values of levels, in any case. */
  readonly levels?: { readonly [L in Level]?: string | undefined } | undefined;
  readonly created?: TimeWindow | undefined;
  readonly expires?: TimeWindow | undefined;
  /** Leaves out what has not been finalized, expired ones included. */
  readonly finalized?: TimeWindow | undefined;
}

export interface ReservationListRequest {
  readonly filter: ReservationFilter;
  /** Scope filter entries of the key that asks: a reservation within any of them shows; none limits nothing. */
  readonly within?: readonly string[] | undefined;
  readonly sortBy?: ReservationSort | undefined;
  readonly direction?: SortDirection | undefined;
}

export type ReservationRow = Row<typeof reservationsTable>;
export type ReservationSelect = SelectQueryBuilder<ReadTables, 'reservations', ReservationRow>;

/** Applies everything that a list is asked for, but the order and the place to begin at. */
export function filtered(
  all: ReservationSelect,
  { filter, within = [] }: ReservationListRequest,
  nowMs: number,
): ReservationSelect {
  const { tenantId, idempotencyKey, status, levels = {} } = filter;
  let select = all.where('tenant_id', '=', tenantId);
  // The gate's holds carry keys of its sessions, which name no request to reserve.
  if (idempotencyKey !== undefined) {
    select = select.where('idempotency_key', '=', idempotencyKey).where('tool_call_id', 'is', null);
  }
  if (status !== undefined) select = select.where(statusAt(nowMs), '=', status);
  for (const [level, value] of Object.entries(levels)) {
    if (value !== undefined) select = select.where(hasSegment(`${level}:${value}`));
  }
  if (within.length > 0) select = select.where((where) => where.or(within.map(hasSegments)));
  select = during(select, 'created_at_ms', filter.created);
  select = during(select, 'expires_at_ms', filter.expires);
  return during(select, 'finalized_at_ms', filter.finalized);
}

/** A null bound column satisfies no comparison, which is what leaves open reservations out. */
function during(
  select: ReservationSelect,
  column: 'created_at_ms' | 'expires_at_ms' | 'finalized_at_ms',
  { fromMs, toMs }: TimeWindow = {},
): ReservationSelect {
  let bounded = select;
  if (fromMs !== undefined) bounded = bounded.where(column, '>=', BigInt(fromMs));
  if (toMs !== undefined) bounded = bounded.where(column, '<=', BigInt(toMs));
  return bounded;
}

/** The status as it is read at a moment: a plain hold that is due by then is over, recorded or not. */
const statusAt = (nowMs: number) =>
  sql<string>`case when tool_call_id is null and due_at_ms <= ${BigInt(nowMs)} then 'EXPIRED' else status end`;

/** All segments of a key's scope filter entry; `level:*` stands for any value. */
const hasSegments = (entry: string): Expression<boolean> =>
  sql.join(entry.split('/').map(hasSegment), sql` and `) as Expression<boolean>;

/** Segments hold none of the wildcards of `like` but the underscore, which is escaped. */
function hasSegment(segment: string): Expression<boolean> {
  const wanted = segment.toLowerCase().replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`);
  const pattern = wanted.endsWith(':*') ? `%/${wanted.slice(0, -1)}%` : `%/${wanted}/%`;
  return sql<boolean>`('/' || scope_path || '/') like ${pattern} escape '\\'`;
}

/**
 * Rows of equal value come in the order of their making, so that the order is total and stays as it is while
 * reservations are added. Newest first unless asked otherwise.
 */
export function orderingOf(asked: ReservationListRequest, nowMs: number): Ordering<ReservationRow> {
  const { sortBy = 'created_at_ms', direction = 'desc' } = asked;
  const question = questionOf({ list: 'reservations', ...asked.filter, sortBy, direction });
  return orderedBy(question, [...keysOf(sortBy, nowMs), integerKey('position')], direction);
}

/** What an order goes by before the place in the ledger. */
function keysOf(sortBy: ReservationSort, nowMs: number): SortKey<ReservationRow>[] {
  switch (sortBy) {
    // One tenant's reservations are made in the order of their times, and all have one tenant.
    case 'created_at_ms':
    case 'tenant':
      return [];
    case 'reservation_id':
    case 'scope_path':
      return [textKey(sortBy)];
    case 'reserved':
    case 'expires_at_ms':
      return [integerKey(sortBy)];
    case 'status':
      return [{ by: statusAt(nowMs), valueOf: (row) => readStatus(row, nowMs), parse: (value) => value }];
  }
}

/**
 * The status of a row as it is read at a moment. A hold of the gate does not expire: when its time is up it is
 * committed, which only the ledger can say.
 */
export function readStatus(row: ReservationRow, nowMs: number): ReservationStatus {
  const isOver = row.tool_call_id === null && row.due_at_ms !== null && row.due_at_ms <= BigInt(nowMs);
  return isOver ? 'EXPIRED' : (row.status as ReservationStatus);
}
