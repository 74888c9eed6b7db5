/** Queries of the event stream, and a notification on the wire (cycles-governance-admin-v0.1.25: Event). */

import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  CATEGORIES,
  type Category,
  NOTIFICATION_SORTS,
  type NotificationFilter,
  type NotificationSort,
  type NotificationView,
} from '../../projections/notifications/notifications.queries.js';
import { HttpFailure } from '../failure.js';
import { DateTime, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageQueryDto } from '../page.dto.js';
import { EVENT_TYPES } from './event-types.js';

const TEXT_LENGTH_MAX = 512;
const SEARCH_LENGTH_MAX = 128;

@JSONSchema({ additionalProperties: true })
export class TenantNotificationQueryDto extends PageQueryDto {
  @Optional()
  @IsIn(EVENT_TYPES)
  readonly event_type?: string;

  @Optional()
  @IsIn(CATEGORIES)
  readonly category?: Category;

  /** A scope path: what is told of it and of all below it. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly scope?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly correlation_id?: string;

  @Optional()
  @DateTime()
  readonly from?: string;

  @Optional()
  @DateTime()
  readonly to?: string;
}

@JSONSchema({ additionalProperties: true })
export class NotificationQueryDto extends TenantNotificationQueryDto {
  /** A tenant, or `__system__`. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly tenant_id?: string;

  @Optional()
  @Matches(/^[0-9a-f]{32}$/)
  readonly trace_id?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly request_id?: string;

  /** A part of the correlation or the scope. */
  @Optional()
  @IsString()
  @MaxLength(SEARCH_LENGTH_MAX)
  readonly search?: string;

  @Optional()
  @IsIn(NOTIFICATION_SORTS)
  readonly sort_by?: NotificationSort;

  @Optional()
  @IsIn(['asc', 'desc'])
  readonly sort_dir?: 'asc' | 'desc';
}

/**
 * The filter that a query asks for.
 * @throws HttpFailure 400 when `from` lies after `to`
 */
export function notificationFilterOf(query: NotificationQueryDto): NotificationFilter {
  const fromMs = query.from === undefined ? undefined : Date.parse(query.from);
  const toMs = query.to === undefined ? undefined : Date.parse(query.to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw new HttpFailure(400, 'INVALID_REQUEST', 'from must not lie after to.', { field: 'from' });
  }
  return {
    tenantId: query.tenant_id,
    eventType: query.event_type,
    category: query.category,
    scope: query.scope,
    correlationId: query.correlation_id,
    traceId: query.trace_id,
    requestId: query.request_id,
    fromMs,
    toMs,
    search: query.search,
  };
}

export const notificationOf = (view: NotificationView): object => ({
  event_id: view.eventId,
  event_type: view.eventType,
  category: view.category,
  timestamp: isoOf(view.atMs),
  tenant_id: view.tenantId,
  ...(view.scope !== null && { scope: view.scope }),
  actor: view.actor,
  source: 'countersign',
  data: view.data,
  ...(view.correlationId !== null && { correlation_id: view.correlationId }),
  ...(view.requestId !== null && { request_id: view.requestId }),
  ...(view.traceId !== null && { trace_id: view.traceId }),
});
