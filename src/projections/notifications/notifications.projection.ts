/** Notifications: the protocol's event stream, one row a notification, derived from the ledger alone. */

import type { RecordedEvent } from '../../domain/events.js';
import type { Changes } from '../changes.js';
import { occurredAtMs, type Projection, tenantOf } from '../projection.js';
import { toJson } from '../table.js';
import { budgetNotices } from './budgets.js';
import { decisionNotices } from './decisions.js';
import { lifecycleNotices } from './lifecycle.js';
import { categoryOf, type Notice } from './notice.js';
import { notedBudgetsTable, notedObjectsTable, notificationsTable } from './notifications.table.js';
import { needsOf } from './notified.js';

/** What concerns no tenant stands under this name (cycles-governance-admin-v0.1.25, Event.tenant_id). */
export const SYSTEM_TENANT = '__system__';

/** More notifications than one ledger event can give rise to: a tenant has fewer budgets and keys. */
const NOTICES_MAX = 1_000_000n;

export const notificationsProjection: Projection = {
  name: 'notifications',
  version: 1,
  tables: [notificationsTable, notedBudgetsTable, notedObjectsTable],
  needs: needsOf,
  project(event, changes) {
    const notices =
      decisionNotices(event, changes) ?? budgetNotices(event, changes) ?? lifecycleNotices(event, changes);
    if (notices === null || notices.length === 0) return;
    const common = commonOf(event);
    for (const [index, notice] of notices.entries()) insert(event, changes, { notice, index, common });
  },
};

interface Told {
  readonly notice: Notice;
  readonly index: number;
  readonly common: ReturnType<typeof commonOf>;
}

function insert(event: RecordedEvent, changes: Changes, { notice, index, common }: Told): void {
  changes.insert(notificationsTable, {
    sequence: BigInt(event.position) * NOTICES_MAX + BigInt(index),
    event_id: `evt_${event.id}_${index}`,
    event_type: notice.type,
    category: categoryOf(notice.type),
    scope: notice.scope ?? '',
    data: toJson(notice.data),
    correlation_id: notice.correlationId ?? null,
    ...common,
  });
}

const commonOf = (event: RecordedEvent) => ({
  at_ms: occurredAtMs(event),
  tenant_id: tenantOf(event) ?? SYSTEM_TENANT,
  actor: toJson(actorOf(event)),
  request_id: event.metadata.requestId,
  trace_id: event.metadata.traceId,
});

/** Operations that a tenant's key may do as well: an operator does them on its behalf. */
const ON_BEHALF: ReadonlySet<string> = new Set([
  'BudgetCreated',
  'BudgetFunded',
  'PolicyCreated',
  'PolicyUpdated',
  'PolicyDeleted',
  'Released',
]);
/** What falls due by the calendar. */
const SCHEDULED: ReadonlySet<string> = new Set(['BudgetRolledOver', 'BudgetClosed']);

/** @returns the actor as the protocol has it (Event.actor) */
function actorOf({ type, metadata: { actor, sourceIp } }: RecordedEvent) {
  const source = sourceIp === null ? {} : { source_ip: sourceIp };
  switch (actor.type) {
    case 'api_key':
      return { type: 'api_key', key_id: actor.keyId, ...source };
    case 'system':
      return { type: SCHEDULED.has(type) ? 'scheduler' : 'system', ...source };
    default:
      return { type: ON_BEHALF.has(type) ? 'admin_on_behalf_of' : 'admin', ...source };
  }
}
