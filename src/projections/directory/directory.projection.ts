/** The directory: which tenants there are, and which key or policy belongs to which. */

import type {
  ApiKeyChanges,
  ApiKeyIssued,
  RecordedEvent,
  TenantChanges,
  TenantOpened,
} from '../../domain/events.js';
import type { Changes } from '../changes.js';
import { occurredAtMs, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson } from '../table.js';
import { apiKeysTable, policiesTable, tenantsTable } from './directory.table.js';

export const directoryProjection: Projection = {
  name: 'directory',
  version: 2,
  tables: [tenantsTable, apiKeysTable, policiesTable],
  project(event, changes) {
    const atMs = occurredAtMs(event);
    switch (event.type) {
      case 'TenantOpened':
        return changes.insert(tenantsTable, tenantRow(event));
      case 'TenantUpdated':
        return changeTenant(event, changes, tenantChangesOf(event.data));
      case 'TenantSuspended':
        return changeTenant(event, changes, { status: 'SUSPENDED', suspended_at_ms: atMs });
      case 'TenantReactivated':
        return changeTenant(event, changes, { status: 'ACTIVE', suspended_at_ms: null });
      case 'TenantClosed':
        changeTenant(event, changes, { status: 'CLOSED', closed_at_ms: atMs });
        return revokeAll(event, changes);
      case 'ApiKeyIssued':
        return changes.insert(apiKeysTable, keyRow(event));
      case 'ApiKeyUpdated':
        return changes.update(apiKeysTable, { key_id: event.data.keyId }, keyChangesOf(event.data.changes));
      case 'ApiKeyRevoked':
        return changes.update(
          apiKeysTable,
          { key_id: event.data.keyId },
          { revoked: 1, revoked_at_ms: atMs, revoked_reason: event.data.reason },
        );
      case 'PolicyCreated':
        return changes.insert(policiesTable, {
          policy_id: event.data.policyId,
          tenant_id: requireTenant(event),
        });
      default:
        return;
    }
  },
};

function tenantRow(event: RecordedEvent<TenantOpened>): NewRow<typeof tenantsTable> {
  const { data } = event;
  const { settings } = data;
  const atMs = occurredAtMs(event);
  return {
    tenant_id: data.tenantId,
    name: data.name,
    status: 'ACTIVE',
    parent_tenant_id: data.parentTenantId,
    overage_policy: settings.overagePolicy,
    default_ttl_ms: settings.defaultTtlMs,
    max_ttl_ms: settings.maxTtlMs,
    max_extensions: settings.maxExtensions,
    expiry_policy: settings.expiryPolicy,
    observe_mode: settings.observeMode ?? 'ENFORCE',
    metadata: toJson(data.metadata),
    created_at_ms: atMs,
    updated_at_ms: atMs,
    suspended_at_ms: null,
    closed_at_ms: null,
  };
}

const tenantChangesOf = ({ name, settings = {}, metadata }: TenantChanges) => ({
  ...(name !== undefined && { name }),
  ...(settings.overagePolicy !== undefined && { overage_policy: settings.overagePolicy }),
  ...(settings.defaultTtlMs !== undefined && { default_ttl_ms: settings.defaultTtlMs }),
  ...(settings.maxTtlMs !== undefined && { max_ttl_ms: settings.maxTtlMs }),
  ...(settings.maxExtensions !== undefined && { max_extensions: settings.maxExtensions }),
  ...(settings.expiryPolicy !== undefined && { expiry_policy: settings.expiryPolicy }),
  ...(settings.observeMode !== undefined && { observe_mode: settings.observeMode }),
  ...(metadata !== undefined && { metadata: toJson(metadata) }),
});

const keyChangesOf = (key: ApiKeyChanges) => ({
  ...(key.name !== undefined && { name: key.name }),
  ...(key.description !== undefined && { description: key.description }),
  ...(key.permissions !== undefined && { permissions: toJson(key.permissions) }),
  ...(key.scopeFilter !== undefined && { scope_filter: toJson(key.scopeFilter) }),
  ...(key.fixedSubject !== undefined && { fixed_subject: toJson(key.fixedSubject) }),
  ...(key.trusted !== undefined && { trusted: key.trusted ? 1 : 0 }),
  ...(key.ownerOperatorId !== undefined && { owner_operator_id: key.ownerOperatorId }),
  ...(key.expiresAtMs !== undefined && { expires_at_ms: key.expiresAtMs }),
  ...(key.metadata !== undefined && { metadata: toJson(key.metadata) }),
});

function keyRow(event: RecordedEvent<ApiKeyIssued>): NewRow<typeof apiKeysTable> {
  const { data } = event;
  return {
    key_id: data.keyId,
    tenant_id: requireTenant(event),
    secret_hash: data.secretHash,
    prefix: data.prefix,
    name: data.name,
    description: data.description,
    permissions: toJson(data.permissions),
    scope_filter: toJson(data.scopeFilter),
    fixed_subject: toJson(data.fixedSubject),
    trusted: data.trusted ? 1 : 0,
    owner_operator_id: data.ownerOperatorId,
    metadata: toJson(data.metadata),
    created_at_ms: occurredAtMs(event),
    expires_at_ms: data.expiresAtMs,
    revoked: 0,
    revoked_at_ms: null,
    revoked_reason: null,
  };
}

function changeTenant(
  event: RecordedEvent,
  changes: Changes,
  values: Partial<NewRow<typeof tenantsTable>>,
): void {
  const key = { tenant_id: requireTenant(event) };
  changes.update(tenantsTable, key, { ...values, updated_at_ms: occurredAtMs(event) });
}

/** A tenant's closing revokes the keys it still has. */
function revokeAll(event: RecordedEvent, changes: Changes): void {
  changes.updateWhere(
    apiKeysTable,
    { tenant_id: requireTenant(event), revoked: 0 },
    { revoked: 1, revoked_at_ms: occurredAtMs(event), revoked_reason: 'tenant_closed' },
  );
}
