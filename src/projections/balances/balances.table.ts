/** The rows of the balances read model: one a budget. */

import type { TableDefinition } from '../table.js';

export const balancesTable = {
  name: 'balances',
  columns: {
    tenant_id: 'text',
    scope: 'text',
    unit: 'text',
    /** The value of each level in the scope, so that a filter on any of them is a look-up. */
    workspace: 'text?',
    app: 'text?',
    workflow: 'text?',
    agent: 'text?',
    toolset: 'text?',
    ledger_id: 'text',
    status: 'text',
    allocated: 'integer',
    spent: 'integer',
    reserved: 'integer',
    debt: 'integer',
    overdraft_limit: 'integer',
    uncovered: 'integer',
    overage_policy: 'text?',
    rollover_policy: 'text',
    period_length: 'text?',
    period_start_ms: 'integer?',
    period_end_ms: 'integer?',
    /** When its period ends by itself; null when it has none or is closed. */
    due_at_ms: 'integer?',
    template: 'text?',
    metadata: 'text',
    created_at_ms: 'integer',
    updated_at_ms: 'integer',
  },
  primaryKey: ['tenant_id', 'scope', 'unit'],
  indexes: [
    { columns: ['tenant_id', 'workflow', 'scope', 'unit'] },
    { columns: ['tenant_id', 'app', 'scope', 'unit'] },
    { columns: ['due_at_ms'], onlySet: 'due_at_ms' },
  ],
} as const satisfies TableDefinition;
