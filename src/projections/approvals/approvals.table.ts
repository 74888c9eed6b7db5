/** The rows of the approvals read model: one a question to people, and one an answer. */

import type { TableDefinition } from '../table.js';

export const approvalsTable = {
  name: 'approvals',
  columns: {
    approval_id: 'text',
    tenant_id: 'text',
    /** Position of its request: the order of lists. */
    position: 'integer',
    /** Position of the last event about it: whoever waits looks for what changed. */
    changed_position: 'integer',
    /** PENDING, APPROVED, then CONSUMED, REJECTED, EXPIRED or CANCELLED. */
    status: 'text',
    /** The decision that proposed the call. */
    decision_id: 'text',
    action_hash: 'text',
    session_scope: 'text',
    scope_path: 'text',
    subject: 'text',
    action: 'text',
    asked_unit: 'text',
    asked_amount: 'integer',
    /** The money that a tool call would hold besides. */
    money_unit: 'text?',
    money_amount: 'integer?',
    /** Null for a plain reservation. */
    tier: 'integer?',
    terms: 'text',
    /** Null: every approver of the tenant. */
    asked_group: 'text?',
    /** The second group, once it is asked too. */
    escalated_group: 'text?',
    policy_id: 'text?',
    key_id: 'text?',
    owner_operator_id: 'text?',
    shortfalls: 'text',
    votes: 'integer',
    quorum: 'integer',
    requested_at_ms: 'integer',
    answer_by_ms: 'integer?',
    usable_until_ms: 'integer?',
    /** When time changes it next; null once it cannot. */
    due_at_ms: 'integer?',
    closed_at_ms: 'integer?',
    /** Why it was rejected or cancelled. */
    reason: 'text?',
    /** The decision or the reservation that it allowed. */
    allowed: 'text?',
  },
  primaryKey: ['approval_id'],
  indexes: [
    { columns: ['tenant_id', 'status', 'position'] },
    { columns: ['status', 'position'] },
    { columns: ['changed_position'] },
    { columns: ['decision_id'] },
    { columns: ['allowed'], onlySet: 'allowed' },
    { columns: ['due_at_ms'], onlySet: 'due_at_ms' },
  ],
} as const satisfies TableDefinition;

export const approvalAnswersTable = {
  name: 'approval_answers',
  columns: {
    approval_id: 'text',
    position: 'integer',
    /** Place among the events of the same position. */
    revision: 'integer',
    tenant_id: 'text',
    operator_id: 'text',
    /** `approve` or `reject`. */
    answer: 'text',
    channel: 'text',
    note: 'text?',
    /** The passkey's assertion. */
    passkey: 'text?',
    at_ms: 'integer',
  },
  primaryKey: ['approval_id', 'revision'],
  indexes: [{ columns: ['operator_id', 'position'] }],
} as const satisfies TableDefinition;
