/** The rows of the operator log: one a thing done by an operator, or by a key where only governance reaches. */

import type { TableDefinition } from '../table.js';

export const operatorLogTable = {
  name: 'operator_log',
  columns: {
    position: 'integer',
    log_id: 'text',
    at_ms: 'integer',
    /** The tenant whose key asked, or a sentinel: `__admin__`, `__unauth__`. */
    tenant_id: 'text',
    /** The tenant that it is about; null for what concerns no single one. */
    about_tenant_id: 'text?',
    /** Empty where no API key asked, so that it sorts. */
    key_id: 'text',
    operator_id: 'text?',
    operation: 'text',
    resource_type: 'text',
    resource_id: 'text',
    status: 'integer',
    error_code: 'text?',
    source_ip: 'text?',
    user_agent: 'text?',
    request_id: 'text?',
    trace_id: 'text?',
    /** JSON, with amounts as text. */
    amount: 'text?',
    metadata: 'text',
  },
  primaryKey: ['position'],
  indexes: [
    { columns: ['tenant_id', 'position'] },
    { columns: ['operation', 'position'] },
    { columns: ['trace_id'], onlySet: 'trace_id' },
    { columns: ['request_id'], onlySet: 'request_id' },
  ],
} as const satisfies TableDefinition;
