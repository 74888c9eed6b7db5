/** The rows of the audit record: one a proposed action, in five groups of columns, and one a hold of it. */

import type { TableDefinition } from '../table.js';

export const actionsTable = {
  name: 'actions',
  columns: {
    /** The decision's id; for a plain reservation, whose Reserved is its own record, the reservation's. */
    action_id: 'text',
    tenant_id: 'text',
    /** Where the record stands in the ledger. */
    position: 'integer',
    revision: 'integer',
    event_id: 'text',
    event_hash: 'text',

    // What was proposed.
    proposed_at_ms: 'integer',
    operation: 'text',
    harness: 'text?',
    /** Lower-cased, as in the scope path, so that one session is one session. */
    session_id: 'text?',
    tool_name: 'text?',
    tool_server: 'text?',
    /** JSON, redacted. */
    tool_input: 'text?',
    tool_input_truncated: 'integer?',
    tool_input_digest: 'text?',
    cwd: 'text?',
    context: 'text?',
    files: 'text?',
    subject: 'text?',
    action: 'text?',
    /** The levels of the subject, lower-cased, as in the scope path. */
    workspace: 'text?',
    app: 'text?',
    agent: 'text?',
    toolset: 'text?',
    /** JSON of the subject's dimensions, lower-cased; what filters look through. */
    dimensions: 'text?',
    action_kind: 'text?',
    action_name: 'text?',
    action_hash: 'text?',
    tier: 'integer?',
    risk_class: 'text?',
    risk_points: 'integer?',
    /** JSON: effects, factors, radius, engine version. */
    assessment: 'text?',
    /** The tool and the effects as free text is looked for in: lower-cased, cut at its limit. */
    searched: 'text?',
    estimate_unit: 'text?',
    estimate_amount: 'integer?',
    metadata: 'text?',

    // What was decided, and why.
    decision: 'text',
    reason_code: 'text?',
    message: 'text?',
    details: 'text?',
    /** JSON: which quota, scope and policy stood in the way, and what would help. */
    deny: 'text?',
    /** The policy that applied. */
    policy_id: 'text?',
    /** 1 when the decision was recorded and did not bind; null for all others. */
    observed: 'integer?',
    caps: 'text?',
    /** 0 when the request was refused with an error instead of answered with a decision. */
    answered: 'integer',
    repeats: 'integer',
    /** The balances it was decided on; JSON, amounts as strings of digits. */
    decided_on: 'text',

    // Whether and when it was authorized; the amounts are in `action_holds`.
    authorized_at_ms: 'integer?',
    scope_path: 'text?',
    affected_scopes: 'text',
    /** The reservation that a refused settlement named. */
    reservation_id: 'text?',

    // Whether it fired, and what the external system answered.
    outcome: 'text?',
    outcome_at_ms: 'integer?',
    http_status: 'integer?',
    exit_code: 'integer?',
    outcome_error: 'text?',
    output_sha256: 'text?',
    refunded: 'integer?',

    // Who carried the authority.
    actor_type: 'text',
    key_id: 'text?',
    operator_id: 'text?',
    source_ip: 'text?',
    user_agent: 'text?',
    request_id: 'text?',
    trace_id: 'text?',
    trace_flags: 'text?',
    idempotency_key: 'text?',
  },
  primaryKey: ['action_id'],
  indexes: [
    { columns: ['position'] },
    { columns: ['tenant_id', 'position'] },
    { columns: ['tenant_id', 'session_id', 'position'] },
    { columns: ['tenant_id', 'proposed_at_ms', 'position'] },
    { columns: ['tenant_id', 'proposed_at_ms'], onlySet: 'observed' },
    { columns: ['tenant_id', 'reason_code', 'position'], onlySet: 'reason_code' },
    { columns: ['tenant_id', 'tier', 'position'], onlySet: 'tier' },
    { columns: ['tenant_id', 'tool_name', 'position'], onlySet: 'tool_name' },
    { columns: ['trace_id'], onlySet: 'trace_id' },
  ],
} as const satisfies TableDefinition;

/**
 * Authority that an action was given: one row a unit held, from the hold to its settlement. A charge without a
 * hold has a row as well, settled from its beginning.
 */
export const actionHoldsTable = {
  name: 'action_holds',
  columns: {
    reservation_id: 'text',
    action_id: 'text',
    tenant_id: 'text',
    /** Lower-cased; null outside sessions. */
    session_id: 'text?',
    unit: 'text',
    amount: 'integer',
    held_at_ms: 'integer',
    expires_at_ms: 'integer',
    held_scopes: 'text',
    /** JSON: the balances after the hold. */
    balances_held: 'text',
    /** HELD, COMMITTED, RELEASED or EXPIRED. */
    status: 'text',
    end_reason: 'text?',
    settled_at_ms: 'integer?',
    actual: 'integer?',
    /** With all later adjustments. */
    charged: 'integer?',
    adjusted_at_ms: 'integer?',
    released: 'integer?',
    /** JSON: the balances after the settlement. */
    balances_settled: 'text?',
  },
  primaryKey: ['reservation_id'],
  indexes: [{ columns: ['action_id'] }, { columns: ['tenant_id', 'session_id'], onlySet: 'session_id' }],
} as const satisfies TableDefinition;
