/** The operator log: what operators did, and who was turned away. */

import type { RecordedEvent } from '../../domain/events.js';
import { keyIdOf, occurredAtMs, type Projection, tenantOf } from '../projection.js';
import { toJson, toJsonOrNull } from '../table.js';
import { entryOf } from './entry.js';
import { operatorLogTable } from './operator-log.table.js';

export const operatorLogProjection: Projection = {
  name: 'operator_log',
  version: 1,
  tables: [operatorLogTable],
  project(event, changes) {
    const entry = entryOf(event);
    if (entry === null) return;
    const { actor, sourceIp, userAgent, requestId, traceId } = event.metadata;
    changes.insert(operatorLogTable, {
      position: event.position,
      log_id: `log_${event.id}`,
      at_ms: occurredAtMs(event),
      tenant_id: authenticatedTenant(event),
      about_tenant_id: tenantOf(event),
      key_id: keyIdOf(actor) ?? '',
      operator_id: actor.type === 'operator' ? actor.operatorId : null,
      operation: entry.operation,
      resource_type: entry.resourceType,
      resource_id: entry.resourceId,
      status: entry.status,
      error_code: entry.errorCode,
      source_ip: sourceIp,
      user_agent: userAgent,
      request_id: requestId,
      trace_id: traceId,
      amount: toJsonOrNull(entry.amount),
      metadata: toJson(entry.metadata),
    });
  },
};

/** The tenant whose credential it was, or the sentinels of the protocol (AuditLogEntry.tenant_id). */
function authenticatedTenant(event: RecordedEvent): string {
  if (event.type === 'AccessRefused') return '__unauth__';
  return event.metadata.actor.type === 'api_key' ? (tenantOf(event) ?? '__admin__') : '__admin__';
}
