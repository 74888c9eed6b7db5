/** The rows of the notifications: the protocol's event stream, and what has to be known to tell what is new. */

import type { TableDefinition } from '../table.js';

export const notificationsTable = {
  name: 'notifications',
  columns: {
    /** The place of its ledger event in the whole ledger, then its number among those of that event. */
    sequence: 'integer',
    event_id: 'text',
    event_type: 'text',
    category: 'text',
    at_ms: 'integer',
    /** `__system__` for what concerns no tenant. */
    tenant_id: 'text',
    /** Empty where there is none, so that it sorts. */
    scope: 'text',
    /** JSON, as on the wire. */
    actor: 'text',
    /** JSON, with amounts as text. */
    data: 'text',
    correlation_id: 'text?',
    request_id: 'text?',
    trace_id: 'text?',
  },
  primaryKey: ['sequence'],
  indexes: [
    { columns: ['event_id'], unique: true },
    { columns: ['tenant_id', 'sequence'] },
    { columns: ['event_type', 'sequence'] },
    { columns: ['correlation_id'], onlySet: 'correlation_id' },
    { columns: ['request_id'], onlySet: 'request_id' },
    { columns: ['trace_id'], onlySet: 'trace_id' },
  ],
} as const satisfies TableDefinition;

/** Budgets as their last event left them: what a threshold was before an event is not in the event. */
export const notedBudgetsTable = {
  name: 'noted_budgets',
  columns: {
    tenant_id: 'text',
    scope: 'text',
    unit: 'text',
    ledger_id: 'text',
    status: 'text',
    allocated: 'integer',
    spent: 'integer',
    reserved: 'integer',
    debt: 'integer',
    overdraft_limit: 'integer',
    uncovered: 'integer',
  },
  primaryKey: ['tenant_id', 'scope', 'unit'],
  indexes: [],
} as const satisfies TableDefinition;

/** Tenants, keys and policies by what notifications say of them when they change. */
export const notedObjectsTable = {
  name: 'noted_objects',
  columns: {
    tenant_id: 'text',
    kind: 'text',
    object_id: 'text',
    name: 'text',
    status: 'text',
    /** Of a policy; empty for all others. */
    scope_pattern: 'text',
  },
  primaryKey: ['tenant_id', 'kind', 'object_id'],
  indexes: [],
} as const satisfies TableDefinition;
