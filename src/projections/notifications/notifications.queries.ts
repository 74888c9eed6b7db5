/** Queries of the notifications (cycles-governance-admin-v0.1.25, listEvents, getEvent; listTenantEvents). */

import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { JsonObject } from '../../domain/events.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import { integerKey, orderedBy, type SortDirection, type SortKey, textKey } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse } from '../read.js';
import { anyContains } from '../search.js';
import type { Row } from '../table.js';
import type { Category } from './notice.js';
import type { notificationsTable } from './notifications.table.js';

export { CATEGORIES, type Category, NOTICE_TYPES } from './notice.js';

export const NOTIFICATION_SORTS = ['event_type', 'category', 'scope', 'tenant_id', 'timestamp'] as const;
export type NotificationSort = (typeof NOTIFICATION_SORTS)[number];

export interface NotificationFilter {
  readonly tenantId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly category?: string | undefined;
  /** Only these categories, whatever else is asked for. */
  readonly among?: readonly Category[] | undefined;
  /** A scope path in any case: what is told of it and of all below it. */
  readonly scope?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Inclusive, in ms since the epoch. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** A part of the correlation or the scope. */
  readonly search?: string | undefined;
}

export interface NotificationView {
  readonly eventId: string;
  readonly eventType: string;
  readonly category: string;
  readonly atMs: number;
  readonly tenantId: string;
  readonly scope: string | null;
  readonly actor: JsonObject;
  /** With amounts as bigints. */
  readonly data: JsonObject;
  readonly correlationId: string | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
}

type NotificationRow = Row<typeof notificationsTable>;
type Where = ExpressionBuilder<ReadTables, 'notifications'>;

/** What each order goes by before the place in the ledger, which is that of time. */
const SORTS: Readonly<Record<NotificationSort, readonly SortKey<NotificationRow>[]>> = {
  timestamp: [],
  event_type: [textKey('event_type')],
  category: [textKey('category')],
  scope: [textKey('scope')],
  tenant_id: [textKey('tenant_id')],
};

export class NotificationQueries {
  constructor(private readonly db: ReadDatabase) {}

  async find(eventId: string): Promise<NotificationView | null> {
    const select = this.db.selectFrom('notifications').selectAll().where('event_id', '=', eventId);
    const row = await select.executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  /**
   * Notifications that match every part of a filter, newest first unless asked otherwise. Those of equal value come
   * in the order of the ledger, so that pages stay stable while others arrive.
   * @param page limit 1 to 100; its cursor is good for the same filter and order only
   * @throws InvalidCursor
   */
  async list(
    filter: NotificationFilter,
    page: PageRequest,
    order: {
      readonly sortBy?: NotificationSort | undefined;
      readonly direction?: SortDirection | undefined;
    } = {},
  ): Promise<Page<NotificationView>> {
    const { sortBy = 'timestamp', direction = 'desc' } = order;
    const question = questionOf({ list: 'notifications', ...filter, sortBy, direction });
    const keys = [...SORTS[sortBy], integerKey('sequence')];
    const ordering = orderedBy<NotificationRow>(question, keys, direction);
    const select = this.db
      .selectFrom('notifications')
      .selectAll()
      .where((where) => where.and(conditions(where, filter)));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: viewOf });
  }
}

function conditions(where: Where, filter: NotificationFilter): Expression<SqlBool>[] {
  const equal = [
    ['tenant_id', filter.tenantId],
    ['event_type', filter.eventType],
    ['category', filter.category],
    ['correlation_id', filter.correlationId],
    ['trace_id', filter.traceId],
    ['request_id', filter.requestId],
  ] as const;
  const { among, scope, fromMs, toMs, search } = filter;
  return [
    ...equal.flatMap(([column, value]) => (value === undefined ? [] : [where(column, '=', value)])),
    ...(among === undefined ? [] : [where('category', 'in', among)]),
    ...(scope === undefined ? [] : [isWithin(scope.toLowerCase())]),
    ...(fromMs === undefined ? [] : [where('at_ms', '>=', BigInt(fromMs))]),
    ...(toMs === undefined ? [] : [where('at_ms', '<=', BigInt(toMs))]),
    ...(search === undefined ? [] : [anyContains(['correlation_id', 'scope'], search)]),
  ];
}

/** By whole segments, so that `app:a` is not `app:ab`. */
const isWithin = (scope: string): Expression<boolean> =>
  sql<boolean>`(scope = ${scope} or (scope >= ${`${scope}/`} and scope < ${`${scope}0`}))`;

const viewOf = (row: NotificationRow): NotificationView => ({
  eventId: row.event_id,
  eventType: row.event_type,
  category: row.category,
  atMs: Number(row.at_ms),
  tenantId: row.tenant_id,
  scope: row.scope || null,
  actor: parse<JsonObject>(row.actor),
  data: withAmounts(parse<JsonObject>(row.data)),
  correlationId: row.correlation_id,
  requestId: row.request_id,
  traceId: row.trace_id,
});

/** The members of a payload that are amounts, at its top and in the parts that hold nothing of a client's own. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'allocated',
  'remaining',
  'spent',
  'reserved',
  'debt',
  'overdraft_limit',
  'debt_incurred',
  'total_debt',
  'requested_amount',
  'estimated_amount',
  'actual_amount',
  'overage',
  'released_amount',
  'budget_remaining',
]);
const PARTS: ReadonlySet<string> = new Set(['previous_state', 'new_state', 'deny_detail']);

function withAmounts(data: JsonObject): JsonObject {
  const members = Object.entries(data).map(([name, value]) => {
    if (AMOUNTS.has(name) && typeof value === 'string') return [name, BigInt(value)];
    return [name, PARTS.has(name) ? withAmounts(value as JsonObject) : value];
  });
  return Object.fromEntries(members) as JsonObject;
}
