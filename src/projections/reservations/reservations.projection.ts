/** Reservations: what was held, for whom, and how it ended. */

import type { Committed, Extended, RecordedEvent, Released, Reserved } from '../../domain/events.js';
import { keyIdOf, occurredAtMs, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson, toJsonOrNull } from '../table.js';
import { reservationsTable } from './reservations.table.js';

export const reservationsProjection: Projection = {
  name: 'reservations',
  version: 2,
  tables: [reservationsTable],
  project(event, changes) {
    switch (event.type) {
      case 'Reserved':
        return changes.insert(reservationsTable, rowOf(event));
      case 'Extended': {
        const { expiresAtMs, gracePeriodMs } = event.data;
        const longer = { expires_at_ms: expiresAtMs, due_at_ms: expiresAtMs + gracePeriodMs };
        return changes.update(reservationsTable, keyOf(event), longer);
      }
      case 'Committed':
        return changes.update(reservationsTable, keyOf(event), commitOf(event));
      case 'Released':
        return changes.update(reservationsTable, keyOf(event), releaseOf(event));
      case 'TenantClosed': {
        const active = { tenant_id: requireTenant(event), status: 'ACTIVE' };
        return changes.updateWhere(reservationsTable, active, {
          status: 'RELEASED',
          due_at_ms: null,
          finalized_at_ms: occurredAtMs(event),
          end_reason: 'tenant_closed',
        });
      }
      default:
        return;
    }
  },
};

const keyOf = ({ data }: RecordedEvent<Extended | Committed | Released>) => ({
  reservation_id: data.reservationId,
});

function rowOf(event: RecordedEvent<Reserved>): NewRow<typeof reservationsTable> {
  const { data, metadata } = event;
  return {
    reservation_id: data.reservationId,
    tenant_id: requireTenant(event),
    position: event.position,
    status: 'ACTIVE',
    idempotency_key: metadata.idempotencyKey,
    key_id: keyIdOf(metadata.actor),
    tool_call_id: data.toolCallId,
    subject: toJson(data.subject),
    action: toJson(data.action),
    unit: data.unit,
    reserved: data.amount,
    committed: null,
    actual: null,
    released: null,
    overage_policy: data.overagePolicy,
    created_at_ms: data.createdAtMs,
    expires_at_ms: data.expiresAtMs,
    due_at_ms: data.expiresAtMs + data.gracePeriodMs,
    finalized_at_ms: null,
    end_reason: null,
    scope_path: data.scopePath,
    affected_scopes: toJson(data.affectedScopes),
    held_scopes: toJson(data.heldScopes),
    caps: toJsonOrNull(data.caps),
    metadata: toJsonOrNull(data.metadata),
    committed_metadata: null,
    metrics: null,
  };
}

const commitOf = (event: RecordedEvent<Committed>) => ({
  status: 'COMMITTED',
  committed: event.data.charged,
  actual: event.data.actual,
  released: event.data.released,
  due_at_ms: null,
  finalized_at_ms: occurredAtMs(event),
  end_reason: event.data.reason,
  committed_metadata: toJsonOrNull(event.data.metadata),
  metrics: toJsonOrNull(event.data.metrics),
});

function releaseOf(event: RecordedEvent<Released>) {
  const hasExpired = event.data.reason === 'expired';
  return {
    status: hasExpired ? 'EXPIRED' : 'RELEASED',
    released: event.data.released,
    due_at_ms: null,
    finalized_at_ms: hasExpired ? null : occurredAtMs(event),
    end_reason: event.data.reason,
  };
}
