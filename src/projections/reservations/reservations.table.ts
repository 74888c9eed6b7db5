/** The rows of the reservations read model: one a reservation, from its hold to its end. */

import type { TableDefinition } from '../table.js';

export const reservationsTable = {
  name: 'reservations',
  columns: {
    reservation_id: 'text',
    tenant_id: 'text',
    /** Position of its Reserved event: the order of lists. */
    position: 'integer',
    status: 'text',
    idempotency_key: 'text?',
    key_id: 'text?',
    /** The tool call it holds authority for; null for a plain reservation. */
    tool_call_id: 'text?',
    subject: 'text',
    action: 'text',
    unit: 'text',
    reserved: 'integer',
    /** What was charged; null unless committed. */
    committed: 'integer?',
    actual: 'integer?',
    released: 'integer?',
    overage_policy: 'text',
    created_at_ms: 'integer',
    expires_at_ms: 'integer',
    /** When it ends by itself, expiry plus grace; null once it has ended. */
    due_at_ms: 'integer?',
    /** Null while it is active, and when it has expired. */
    finalized_at_ms: 'integer?',
    /** Why it ended: client, outcome, timeout, expired, forced, tenant_closed. */
    end_reason: 'text?',
    scope_path: 'text',
    affected_scopes: 'text',
    held_scopes: 'text',
    caps: 'text?',
    metadata: 'text?',
    committed_metadata: 'text?',
    metrics: 'text?',
  },
  primaryKey: ['reservation_id'],
  indexes: [
    { columns: ['tenant_id', 'position'] },
    /** For a lost id. It ends in the order of lists, or the planner would rather take the one above. */
    { columns: ['tenant_id', 'idempotency_key', 'position'], onlySet: 'idempotency_key' },
    { columns: ['due_at_ms'], onlySet: 'due_at_ms' },
  ],
} as const satisfies TableDefinition;
