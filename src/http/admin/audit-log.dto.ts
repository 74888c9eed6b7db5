/** Query and answer of /v1/admin/audit/logs (cycles-governance-admin-v0.1.25: AuditLogEntry). */

import { IsIn, IsInt, IsString, Matches, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { JsonObject } from '../../domain/events.js';
import {
  LOG_SORTS,
  type LogEntryView,
  type LogFilter,
  type LogSort,
} from '../../projections/operator-log/operator-log.queries.js';
import { HttpFailure } from '../failure.js';
import { DateTime, FreeForm, ListOf, Of, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageDto, PageQueryDto } from '../page.dto.js';
import { SignedAmountDto } from '../runtime/common.dto.js';

const TEXT_LENGTH_MAX = 512;
const LIST_LENGTH_MAX = 4096;
const LIST_ITEMS_MAX = 25;
const SEARCH_LENGTH_MAX = 128;

@JSONSchema({ additionalProperties: true })
export class AuditLogQueryDto extends PageQueryDto {
  /** A tenant, or `__admin__` or `__unauth__`. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly tenant_id?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly key_id?: string;

  /** One, or up to 25 with commas between them; so are the other lists. */
  @Optional()
  @IsString()
  @MaxLength(LIST_LENGTH_MAX)
  readonly operation?: string;

  @Optional()
  @IsString()
  @MaxLength(LIST_LENGTH_MAX)
  readonly resource_type?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly resource_id?: string;

  @Optional()
  @IsString()
  @MaxLength(LIST_LENGTH_MAX)
  readonly error_code?: string;

  @Optional()
  @IsString()
  @MaxLength(LIST_LENGTH_MAX)
  readonly error_code_exclude?: string;

  @Optional()
  @IsString()
  readonly status?: string;

  @Optional()
  @IsString()
  readonly status_min?: string;

  @Optional()
  @IsString()
  readonly status_max?: string;

  @Optional()
  @DateTime()
  readonly from?: string;

  @Optional()
  @DateTime()
  readonly to?: string;

  @Optional()
  @IsString()
  @MaxLength(SEARCH_LENGTH_MAX)
  readonly search?: string;

  @Optional()
  @Matches(/^[0-9a-f]{32}$/)
  readonly trace_id?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly request_id?: string;

  @Optional()
  @IsIn(LOG_SORTS)
  readonly sort_by?: LogSort;

  @Optional()
  @IsIn(['asc', 'desc'])
  readonly sort_dir?: 'asc' | 'desc';
}

export class AuditLogEntryDto {
  @IsString()
  readonly log_id!: string;

  @IsString()
  readonly timestamp!: string;

  @IsString()
  readonly tenant_id!: string;

  @Optional()
  @IsString()
  readonly key_id?: string;

  @Optional()
  @IsString()
  readonly user_agent?: string;

  @Optional()
  @IsString()
  readonly source_ip?: string;

  @IsString()
  readonly operation!: string;

  @Optional()
  @IsString()
  readonly resource_type?: string;

  @Optional()
  @IsString()
  readonly resource_id?: string;

  @Optional()
  @IsString()
  readonly request_id?: string;

  @Optional()
  @IsString()
  readonly trace_id?: string;

  @IsInt()
  readonly status!: number;

  @Optional()
  @IsString()
  readonly error_code?: string;

  @Optional()
  @Of(SignedAmountDto)
  readonly amount?: SignedAmountDto;

  /** With `operator_id` for a person, and `tenant_id` for what it was about. */
  @FreeForm()
  readonly metadata!: JsonObject;
}

export class AuditLogListDto extends PageDto {
  @ListOf(AuditLogEntryDto)
  readonly logs!: readonly AuditLogEntryDto[];
}

/**
 * The filter that a query asks for.
 * @throws HttpFailure 400 for lists that are too long, and bounds that contradict each other
 */
export function logFilterOf(query: AuditLogQueryDto): LogFilter {
  return {
    tenantId: query.tenant_id,
    keyId: query.key_id,
    operations: listOf(query, 'operation'),
    resourceTypes: listOf(query, 'resource_type'),
    resourceId: query.resource_id,
    errorCodes: listOf(query, 'error_code'),
    errorCodesExcluded: listOf(query, 'error_code_exclude'),
    ...statusBounds(query),
    fromMs: query.from === undefined ? undefined : Date.parse(query.from),
    toMs: query.to === undefined ? undefined : Date.parse(query.to),
    search: query.search,
    traceId: query.trace_id,
    requestId: query.request_id,
  };
}

type ListField = 'operation' | 'resource_type' | 'error_code' | 'error_code_exclude';

function listOf(query: AuditLogQueryDto, field: ListField): string[] | undefined {
  const items = query[field]?.split(',').filter((item) => item !== '');
  if (items === undefined || items.length === 0) return undefined;
  if (items.length <= LIST_ITEMS_MAX) return items;
  throw invalid(field, `${field} takes at most ${LIST_ITEMS_MAX} values.`);
}

function statusBounds(query: AuditLogQueryDto): Pick<LogFilter, 'statusMin' | 'statusMax'> {
  const exact = wholeNumber(query, 'status', [0, 999]);
  const statusMin = wholeNumber(query, 'status_min', [100, 599]);
  const statusMax = wholeNumber(query, 'status_max', [100, 599]);
  if (exact !== undefined) {
    if (statusMin === undefined && statusMax === undefined) return { statusMin: exact, statusMax: exact };
    throw invalid('status', 'status cannot be combined with status_min or status_max.');
  }
  if (statusMin !== undefined && statusMax !== undefined && statusMin > statusMax) {
    throw invalid('status_min', 'status_min must not be above status_max.');
  }
  return { statusMin, statusMax };
}

function wholeNumber(
  query: AuditLogQueryDto,
  field: 'status' | 'status_min' | 'status_max',
  [min, max]: readonly [number, number],
): number | undefined {
  const text = query[field];
  if (text === undefined) return undefined;
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalid(field, `${field} must be a whole number from ${min} to ${max}.`);
}

const invalid = (field: string, message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });

export const logEntryOf = (entry: LogEntryView): AuditLogEntryDto => ({
  log_id: entry.logId,
  timestamp: isoOf(entry.atMs),
  tenant_id: entry.tenantId,
  ...(entry.keyId !== null && { key_id: entry.keyId }),
  ...(entry.userAgent !== null && { user_agent: entry.userAgent }),
  ...(entry.sourceIp !== null && { source_ip: entry.sourceIp }),
  operation: entry.operation,
  ...(entry.resourceType !== null && { resource_type: entry.resourceType }),
  ...(entry.resourceId !== null && { resource_id: entry.resourceId }),
  ...(entry.requestId !== null && { request_id: entry.requestId }),
  ...(entry.traceId !== null && { trace_id: entry.traceId }),
  status: entry.status,
  ...(entry.errorCode !== null && { error_code: entry.errorCode }),
  ...(entry.amount !== null && { amount: entry.amount }),
  metadata: {
    ...entry.metadata,
    ...(entry.operatorId !== null && { operator_id: entry.operatorId }),
    ...(entry.aboutTenantId !== null && { tenant_id: entry.aboutTenantId }),
  },
});
