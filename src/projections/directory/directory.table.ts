/** The rows of the directory: tenants, and the API keys and policies that lead to them. */

import type { TableDefinition } from '../table.js';

export const tenantsTable = {
  name: 'tenants',
  columns: {
    tenant_id: 'text',
    name: 'text',
    status: 'text',
    parent_tenant_id: 'text?',
    overage_policy: 'text',
    default_ttl_ms: 'integer',
    max_ttl_ms: 'integer',
    max_extensions: 'integer',
    expiry_policy: 'text',
    observe_mode: 'text',
    metadata: 'text',
    created_at_ms: 'integer',
    updated_at_ms: 'integer',
    suspended_at_ms: 'integer?',
    closed_at_ms: 'integer?',
  },
  primaryKey: ['tenant_id'],
  indexes: [{ columns: ['parent_tenant_id'] }],
} as const satisfies TableDefinition;

export const apiKeysTable = {
  name: 'api_keys',
  columns: {
    key_id: 'text',
    tenant_id: 'text',
    /** For the look-up of a presented key; no query returns it. */
    secret_hash: 'text',
    prefix: 'text',
    name: 'text',
    description: 'text?',
    permissions: 'text',
    scope_filter: 'text',
    fixed_subject: 'text',
    trusted: 'integer',
    owner_operator_id: 'text?',
    metadata: 'text',
    created_at_ms: 'integer',
    expires_at_ms: 'integer',
    /** 1 once revoked. */
    revoked: 'integer',
    revoked_at_ms: 'integer?',
    revoked_reason: 'text?',
  },
  primaryKey: ['key_id'],
  indexes: [{ columns: ['secret_hash'], unique: true }, { columns: ['tenant_id', 'key_id'] }],
} as const satisfies TableDefinition;

/** Only where a policy is: what it says is in its tenant's state. */
export const policiesTable = {
  name: 'policies',
  columns: { policy_id: 'text', tenant_id: 'text' },
  primaryKey: ['policy_id'],
  indexes: [],
} as const satisfies TableDefinition;
