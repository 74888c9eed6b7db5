/** What is told of tenants, keys and policies, and of everything that goes with a tenant when it closes. */

import type {
  ApiKeyIssued,
  ApiKeyRevoked,
  ApiKeyUpdated,
  PolicyUpdated,
  RecordedEvent,
  TenantClosed,
  TenantUpdated,
} from '../../domain/events.js';
import type { Changes } from '../changes.js';
import { requireTenant } from '../projection.js';
import { correlationOf, type Notice, type NoticeType } from './notice.js';
import { notedBudgetsTable, notedObjectsTable } from './notifications.table.js';
import { type NotedBudget, type NotedObject, type ObjectKind, objectOf } from './notified.js';

export function lifecycleNotices(event: RecordedEvent, changes: Changes): readonly Notice[] | null {
  switch (event.type) {
    case 'TenantOpened': {
      note(event, changes, { kind: 'tenant', id: event.data.tenantId, name: event.data.name });
      return [tenantNotice(event, 'tenant.created', { new_status: 'ACTIVE', changed_fields: [] })];
    }
    case 'TenantUpdated':
      return updated(event);
    case 'TenantSuspended':
      return [statusNotice(event, changes, 'tenant.suspended', 'SUSPENDED')];
    case 'TenantReactivated':
      return [statusNotice(event, changes, 'tenant.reactivated', 'ACTIVE')];
    case 'TenantClosed':
      return closed(event, changes);
    case 'ApiKeyIssued':
      return issued(event, changes);
    case 'ApiKeyUpdated':
      return permissionsChanged(event, changes);
    case 'ApiKeyRevoked':
      return revoked(event, changes);
    case 'AccessRefused':
      // Who was turned away otherwise is no key's business; what they presented is in the operator log.
      if (event.data.presented !== 'api_key') return [];
      return [{ type: 'api_key.auth_failed', data: { source_ip: event.metadata.sourceIp ?? undefined } }];
    case 'PolicyCreated': {
      const { policyId, name, scopePattern } = event.data;
      note(event, changes, { kind: 'policy', id: policyId, name, scopePattern });
      return [{ type: 'policy.created', data: { policy_id: policyId, name, scope_pattern: scopePattern } }];
    }
    case 'PolicyUpdated':
      return [policyUpdated(event, changes)];
    case 'PolicyDeleted': {
      const policy = objectOf(changes, requireTenant(event), 'policy', event.data.policyId);
      return [{ type: 'policy.deleted', data: policyOf(policy) }];
    }
    default:
      return null;
  }
}

function note(
  event: RecordedEvent,
  changes: Changes,
  made: {
    readonly kind: ObjectKind;
    readonly id: string;
    readonly name: string;
    readonly scopePattern?: string;
  },
): void {
  changes.insert(notedObjectsTable, {
    tenant_id: requireTenant(event),
    kind: made.kind,
    object_id: made.id,
    name: made.name,
    status: 'ACTIVE',
    scope_pattern: made.scopePattern ?? '',
  });
}

const keyOf = (noted: NotedObject) => ({
  tenant_id: noted.tenant_id,
  kind: noted.kind,
  object_id: noted.object_id,
});

const tenantNotice = (
  event: RecordedEvent,
  type: NoticeType,
  data: object,
  correlationId?: string,
): Notice => ({
  type,
  scope: `tenant:${requireTenant(event)}`,
  ...(correlationId !== undefined && { correlationId }),
  data: { tenant_id: requireTenant(event), ...data },
});

/** Changed settings are told apart from what merely describes the tenant. */
function updated(event: RecordedEvent<TenantUpdated>): readonly Notice[] {
  const { settings, ...described } = event.data;
  const fields = Object.keys(described);
  const changedSettings = Object.keys(settings ?? {}).map((field) => SETTINGS[field] ?? field);
  return [
    ...(fields.length === 0 ? [] : [tenantNotice(event, 'tenant.updated', { changed_fields: fields })]),
    ...(changedSettings.length === 0
      ? []
      : [tenantNotice(event, 'tenant.settings_changed', { changed_fields: changedSettings })]),
  ];
}

/** Settings in the protocol's words (cycles-governance-admin-v0.1.25, Tenant). */
const SETTINGS: Readonly<Record<string, string>> = {
  overagePolicy: 'default_commit_overage_policy',
  defaultTtlMs: 'default_reservation_ttl_ms',
  maxTtlMs: 'max_reservation_ttl_ms',
  maxExtensions: 'max_reservation_extensions',
  expiryPolicy: 'reservation_expiry_policy',
  observeMode: 'observe_mode',
};

function statusNotice(event: RecordedEvent, changes: Changes, type: NoticeType, status: string): Notice {
  const tenantId = requireTenant(event);
  const tenant = objectOf(changes, tenantId, 'tenant', tenantId);
  const data = { previous_status: tenant.status, new_status: status, changed_fields: ['status'] };
  changes.update(notedObjectsTable, keyOf(tenant), { status });
  return tenantNotice(event, type, data);
}

/** One for the tenant, then one for each of what it owned, all of one correlation. */
function closed(event: RecordedEvent<TenantClosed>, changes: Changes): readonly Notice[] {
  const tenantId = requireTenant(event);
  const correlationId = correlationOf(tenantId, event.id, 'tenant_closed');
  const ofTenant = { tenant_id: tenantId };
  const budgets = changes.knownWhere(notedBudgetsTable, ofTenant);
  const keys = changes.knownWhere(notedObjectsTable, { ...ofTenant, kind: 'api_key', status: 'ACTIVE' });
  const children = [
    ...budgets
      .filter(({ status }) => status !== 'CLOSED')
      .sort(byPlace)
      .flatMap(budgetCascade),
    ...keys.sort((a, b) => (a.object_id < b.object_id ? -1 : 1)).map(keyCascade),
  ];
  const tenant = statusNotice(event, changes, 'tenant.closed', 'CLOSED');
  changes.updateWhere(notedBudgetsTable, ofTenant, { status: 'CLOSED', reserved: 0n });
  changes.updateWhere(notedObjectsTable, { ...ofTenant, kind: 'api_key' }, { status: 'REVOKED' });
  return [tenant, ...children].map((notice) => ({ ...notice, correlationId }));
}

const byPlace = (a: NotedBudget, b: NotedBudget): number =>
  a.scope < b.scope || (a.scope === b.scope && a.unit < b.unit) ? -1 : 1;

function budgetCascade({ ledger_id, scope, unit, status, reserved }: NotedBudget): Notice[] {
  const provenance = { ledger_id, scope, unit, prior_status: status, cascade_reason: 'tenant_closed' };
  const released = { ...provenance, released_amount: reserved };
  return [
    ...(reserved > 0n
      ? [{ type: 'reservation.released_via_tenant_cascade', scope, data: released } as const]
      : []),
    { type: 'budget.closed_via_tenant_cascade', scope, data: { ...provenance, new_status: 'CLOSED' } },
  ];
}

const keyCascade = ({ object_id, name, status }: NotedObject): Notice => ({
  type: 'api_key.revoked_via_tenant_cascade',
  data: {
    key_id: object_id,
    name,
    prior_status: status,
    new_status: 'REVOKED',
    cascade_reason: 'tenant_closed',
  },
});

function issued(event: RecordedEvent<ApiKeyIssued>, changes: Changes): readonly Notice[] {
  const { keyId, name, permissions } = event.data;
  note(event, changes, { kind: 'api_key', id: keyId, name });
  return [
    { type: 'api_key.created', data: { key_id: keyId, key_name: name, new_status: 'ACTIVE', permissions } },
  ];
}

function permissionsChanged(event: RecordedEvent<ApiKeyUpdated>, changes: Changes): readonly Notice[] {
  const { keyId, changes: changed } = event.data;
  const key = objectOf(changes, requireTenant(event), 'api_key', keyId);
  const name = changed.name ?? key.name;
  if (name !== key.name) changes.update(notedObjectsTable, keyOf(key), { name });
  if (changed.permissions === undefined) return [];
  const data = { key_id: keyId, key_name: name, permissions: changed.permissions };
  return [{ type: 'api_key.permissions_changed', data }];
}

function revoked(event: RecordedEvent<ApiKeyRevoked>, changes: Changes): readonly Notice[] {
  const key = objectOf(changes, requireTenant(event), 'api_key', event.data.keyId);
  const data = {
    key_id: key.object_id,
    key_name: key.name,
    previous_status: key.status,
    new_status: 'REVOKED',
  };
  changes.update(notedObjectsTable, keyOf(key), { status: 'REVOKED' });
  return [{ type: 'api_key.revoked', data }];
}

function policyUpdated(event: RecordedEvent<PolicyUpdated>, changes: Changes): Notice {
  const { policyId, changes: changed } = event.data;
  const policy = objectOf(changes, requireTenant(event), 'policy', policyId);
  if (changed.name !== undefined) changes.update(notedObjectsTable, keyOf(policy), { name: changed.name });
  const named = { ...policyOf(policy), ...(changed.name !== undefined && { name: changed.name }) };
  return { type: 'policy.updated', data: { ...named, changed_fields: Object.keys(changed).map(snakeCase) } };
}

const policyOf = ({ object_id, name, scope_pattern }: NotedObject) => ({
  policy_id: object_id,
  name,
  scope_pattern,
});

const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
