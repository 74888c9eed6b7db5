/** Queries of the operator log (cycles-governance-admin-v0.1.25, listAuditLogs). */

import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { JsonObject } from '../../domain/events.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import { integerKey, orderedBy, type SortDirection, type SortKey, textKey } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse, parseOrNull } from '../read.js';
import { anyContains } from '../search.js';
import type { Row } from '../table.js';
import type { operatorLogTable } from './operator-log.table.js';

export const LOG_SORTS = [
  'timestamp',
  'operation',
  'resource_type',
  'tenant_id',
  'key_id',
  'status',
] as const;
export type LogSort = (typeof LOG_SORTS)[number];

export interface LogFilter {
  readonly tenantId?: string | undefined;
  /** The tenant that entries are about, whoever made them. */
  readonly aboutTenantId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly resourceTypes?: readonly string[] | undefined;
  readonly resourceId?: string | undefined;
  readonly errorCodes?: readonly string[] | undefined;
  /** Entries without an error always pass. */
  readonly errorCodesExcluded?: readonly string[] | undefined;
  /** Inclusive. */
  readonly statusMin?: number | undefined;
  readonly statusMax?: number | undefined;
  /** Inclusive, in ms since the epoch. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly search?: string | undefined;
  readonly traceId?: string | undefined;
  readonly requestId?: string | undefined;
}

export interface LogRequest {
  readonly filter: LogFilter;
  readonly sortBy?: LogSort | undefined;
  readonly direction?: SortDirection | undefined;
}

export interface LogEntryView {
  readonly logId: string;
  readonly atMs: number;
  readonly tenantId: string;
  readonly aboutTenantId: string | null;
  readonly keyId: string | null;
  readonly operatorId: string | null;
  readonly operation: string;
  readonly resourceType: string | null;
  readonly resourceId: string | null;
  readonly status: number;
  readonly errorCode: string | null;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly amount: { readonly unit: Unit; readonly amount: bigint } | null;
  readonly metadata: JsonObject;
}

type LogRow = Row<typeof operatorLogTable>;
/** What each order goes by before the place in the ledger, which is that of time. */
const SORTS: Readonly<Record<LogSort, readonly SortKey<LogRow>[]>> = {
  timestamp: [],
  operation: [textKey('operation')],
  resource_type: [textKey('resource_type')],
  tenant_id: [textKey('tenant_id')],
  key_id: [textKey('key_id')],
  status: [integerKey('status')],
};

type Where = ExpressionBuilder<ReadTables, 'operator_log'>;

export class OperatorLogQueries {
  constructor(private readonly db: ReadDatabase) {}

  /**
   * Entries that match every part of a filter, newest first unless asked otherwise. Entries of equal value come in
   * the order of the ledger, so that pages stay stable while entries are added.
   * @param page limit 1 to 100
   * @throws InvalidCursor
   */
  async list(
    { filter, sortBy = 'timestamp', direction = 'desc' }: LogRequest,
    page: PageRequest,
  ): Promise<Page<LogEntryView>> {
    const question = questionOf({ list: 'operator_log', ...filter, sortBy, direction });
    const keys = [...SORTS[sortBy], integerKey('position')];
    const ordering = orderedBy<LogRow>(question, keys, direction);
    const select = this.db
      .selectFrom('operator_log')
      .selectAll()
      .where((where) => where.and(conditions(where, filter)));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: viewOf });
  }
}

function conditions(where: Where, filter: LogFilter): Expression<SqlBool>[] {
  const { operations, resourceTypes, errorCodes, errorCodesExcluded, search } = filter;
  const equal = [
    ['tenant_id', filter.tenantId],
    ['about_tenant_id', filter.aboutTenantId],
    ['key_id', filter.keyId],
    ['resource_id', filter.resourceId],
    ['trace_id', filter.traceId],
    ['request_id', filter.requestId],
  ] as const;
  const bounds = [
    ['status', '>=', filter.statusMin],
    ['status', '<=', filter.statusMax],
    ['at_ms', '>=', filter.fromMs],
    ['at_ms', '<=', filter.toMs],
  ] as const;
  return [
    ...equal.flatMap(([column, value]) => (value === undefined ? [] : [where(column, '=', value)])),
    ...bounds.flatMap(([column, comparison, value]) =>
      value === undefined ? [] : [where(column, comparison, BigInt(value))],
    ),
    ...(operations ? [where('operation', 'in', operations)] : []),
    ...(resourceTypes ? [where('resource_type', 'in', resourceTypes)] : []),
    ...(errorCodes ? [where('error_code', 'in', errorCodes)] : []),
    ...(errorCodesExcluded
      ? [where.or([where('error_code', 'is', null), where('error_code', 'not in', errorCodesExcluded)])]
      : []),
    ...(search === undefined ? [] : [anyContains(SEARCHED, search)]),
  ];
}

const SEARCHED = ['resource_id', 'log_id', 'error_code', 'operation'] as const;

const viewOf = (row: LogRow): LogEntryView => {
  const amount = parseOrNull<{ unit: Unit; amount: string }>(row.amount);
  return {
    logId: row.log_id,
    atMs: Number(row.at_ms),
    tenantId: row.tenant_id,
    aboutTenantId: row.about_tenant_id,
    keyId: row.key_id || null,
    operatorId: row.operator_id,
    operation: row.operation,
    resourceType: row.resource_type || null,
    resourceId: row.resource_id || null,
    status: Number(row.status),
    errorCode: row.error_code,
    sourceIp: row.source_ip,
    userAgent: row.user_agent,
    requestId: row.request_id,
    traceId: row.trace_id,
    amount: amount && { unit: amount.unit, amount: BigInt(amount.amount) },
    metadata: parse<JsonObject>(row.metadata),
  };
};
