/** Approvals: what people were asked, who answered what, and what became of it. */

import type {
  ApprovalGranted,
  ApprovalRejected,
  ApprovalRequested,
  RecordedEvent,
} from '../../domain/events.js';
import type { Changes } from '../changes.js';
import { occurredAtMs, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson, toJsonOrNull } from '../table.js';
import { approvalAnswersTable, approvalsTable } from './approvals.table.js';

export const approvalsProjection: Projection = {
  name: 'approvals',
  version: 3,
  tables: [approvalsTable, approvalAnswersTable],
  project(event, changes) {
    switch (event.type) {
      case 'ApprovalRequested':
        return changes.insert(approvalsTable, rowOf(event));
      case 'ApprovalEscalated': {
        const { approvalId, group } = event.data;
        return change(changes, event, approvalId, { escalated_group: group });
      }
      case 'ApprovalGranted':
        return grant(event, changes);
      case 'ApprovalRejected': {
        const { approvalId, reason } = event.data;
        changes.insert(approvalAnswersTable, answerOf(event));
        return end(changes, event, approvalId, { status: 'REJECTED', reason });
      }
      case 'ApprovalExpired':
        return end(changes, event, event.data.approvalId, { status: 'EXPIRED' });
      case 'ApprovalCancelled': {
        const { approvalId, reason } = event.data;
        return end(changes, event, approvalId, { status: 'CANCELLED', reason });
      }
      case 'ApprovalConsumed': {
        const { approvalId, allowed } = event.data;
        return end(changes, event, approvalId, { status: 'CONSUMED', allowed });
      }
      case 'TenantClosed':
        for (const status of ['PENDING', 'APPROVED']) {
          const open = { tenant_id: requireTenant(event), status };
          changes.updateWhere(approvalsTable, open, {
            ...over(event),
            status: 'CANCELLED',
            reason: 'tenant closed',
          });
        }
        return;
      default:
        return;
    }
  },
};

type ApprovalChange = Partial<NewRow<typeof approvalsTable>>;

function change(changes: Changes, event: RecordedEvent, approvalId: string, to: ApprovalChange): void {
  changes.update(approvalsTable, { approval_id: approvalId }, { ...to, changed_position: event.position });
}

const end = (changes: Changes, event: RecordedEvent, approvalId: string, to: ApprovalChange): void =>
  change(changes, event, approvalId, { ...to, ...over(event) });

const over = (event: RecordedEvent) => ({
  changed_position: event.position,
  due_at_ms: null,
  closed_at_ms: occurredAtMs(event),
});

function grant(event: RecordedEvent<ApprovalGranted>, changes: Changes): void {
  const { approvalId, votes, quorum, usableUntilMs } = event.data;
  changes.insert(approvalAnswersTable, answerOf(event));
  const isComplete = votes >= quorum;
  change(changes, event, approvalId, {
    votes,
    ...(isComplete && { status: 'APPROVED', usable_until_ms: usableUntilMs, due_at_ms: usableUntilMs }),
  });
}

function answerOf(
  event: RecordedEvent<ApprovalGranted | ApprovalRejected>,
): NewRow<typeof approvalAnswersTable> {
  const { data } = event;
  return {
    approval_id: data.approvalId,
    position: event.position,
    revision: event.revision,
    tenant_id: requireTenant(event),
    operator_id: data.operatorId,
    answer: event.type === 'ApprovalGranted' ? 'approve' : 'reject',
    channel: data.channel,
    note: 'note' in data ? data.note : data.reason,
    passkey: toJsonOrNull(data.passkey),
    at_ms: occurredAtMs(event),
  };
}

function rowOf(event: RecordedEvent<ApprovalRequested>): NewRow<typeof approvalsTable> {
  const { data } = event;
  return {
    approval_id: data.approvalId,
    tenant_id: requireTenant(event),
    position: event.position,
    changed_position: event.position,
    status: 'PENDING',
    decision_id: data.decisionId,
    action_hash: data.actionHash,
    session_scope: data.sessionScope,
    scope_path: data.scopePath,
    subject: toJson(data.subject),
    action: toJson(data.action),
    asked_unit: data.asked.unit,
    asked_amount: data.asked.amount,
    money_unit: data.money?.unit ?? null,
    money_amount: data.money?.amount ?? null,
    tier: data.tier,
    terms: toJson(data.terms),
    asked_group: data.terms.group,
    escalated_group: null,
    policy_id: data.policyId,
    key_id: data.keyId,
    owner_operator_id: data.ownerOperatorId,
    shortfalls: toJson(data.shortfalls),
    votes: 0,
    quorum: data.terms.quorum,
    requested_at_ms: occurredAtMs(event),
    answer_by_ms: data.answerByMs,
    usable_until_ms: null,
    due_at_ms: soonestOf(data.answerByMs, data.escalateAtMs),
    closed_at_ms: null,
    reason: null,
    allowed: null,
  };
}

/** A due time that is past wakes the tenant's writer, which knows what else is due. */
const soonestOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
