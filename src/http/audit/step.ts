/** One step of a replayed session on the wire. */

import type { BalanceAfter, RecordedEvent } from '../../domain/events.js';
import type { Move, Step } from '../../replay/session.js';
import { assessmentAnswer } from '../gate/answer.js';
import { isoOf } from '../ledger.dto.js';
import { balanceAnswer } from './action.js';

/** @param nth from 1 */
export const stepAnswer = ({ kind, event, actionId, moves }: Step, nth: number): object => ({
  step: nth,
  kind,
  revision: event.revision,
  event_id: event.id,
  event_type: event.type,
  at: event.metadata.occurredAt,
  action_id: actionId,
  ...whatHappened(event),
  by: byWhom(event),
  balances: moves.map(moveAnswer),
});

const moveAnswer = ({ before, after }: Move): object => ({
  scope: after.scope,
  unit: after.unit,
  before: before && amountsOf(before),
  after: amountsOf(after),
});

function amountsOf(balance: BalanceAfter): object {
  const { scope: _scope, unit: _unit, ...amounts } = balanceAnswer(balance);
  return amounts;
}

const byWhom = ({ metadata: { actor } }: RecordedEvent): object => ({
  actor_type: actor.type,
  key_id: actor.type === 'api_key' ? actor.keyId : null,
  operator_id: actor.type === 'operator' ? actor.operatorId : null,
});

/** What is particular to an event; its data has it all, and this is what a person asks for. */
function whatHappened(event: RecordedEvent): object {
  switch (event.type) {
    case 'Decided':
      return decisionAnswer(event.data);
    case 'Reserved':
      return holdAnswer(event.data);
    case 'Extended':
      return { reservation_id: event.data.reservationId, expires_at: isoOf(event.data.expiresAtMs) };
    case 'Committed': {
      const { reservationId, reason, unit, actual, charged, released } = event.data;
      return { reservation_id: reservationId, status: 'COMMITTED', reason, unit, actual, charged, released };
    }
    case 'Released': {
      const { reservationId, reason, note, unit, released } = event.data;
      const status = reason === 'expired' ? 'EXPIRED' : 'RELEASED';
      return { reservation_id: reservationId, status, reason, note, unit, released };
    }
    case 'TenantClosed':
      return { status: 'RELEASED', reason: 'tenant_closed', note: event.data.reason };
    case 'Debited': {
      const { subject, action, unit, actual, charged } = event.data;
      return { operation: 'debit', decision: 'ALLOW', subject, action, unit, actual, charged };
    }
    case 'Adjusted': {
      const { unit, delta, charged, reason } = event.data;
      return { unit, delta, charged, reason };
    }
    case 'OutcomeRecorded': {
      const { status, httpStatus, exitCode, error, outputSha256, refunded } = event.data;
      return {
        status,
        http_status: httpStatus,
        exit_code: exitCode,
        error,
        output_sha256: outputSha256,
        refunded,
      };
    }
    default:
      return approvalAnswer(event) ?? budgetAnswer(event);
  }
}

function decisionAnswer(data: (RecordedEvent & { type: 'Decided' })['data']): object {
  const { gate } = data;
  return {
    operation: data.operation,
    decision: data.decision,
    reason_code: data.reasonCode,
    message: data.message,
    subject: data.subject,
    action: data.action,
    estimate: data.estimate,
    policy_id: data.policyId ?? null,
    approval_id: data.approval?.approvalId ?? null,
    observed: data.operation === 'observe' || data.observed === true,
    repeats: data.repeats,
    tool_call: gate && { harness: gate.harness, tool: gate.tool, cwd: gate.cwd },
    assessment: gate && assessmentAnswer(gate.assessment),
  };
}

function holdAnswer(data: (RecordedEvent & { type: 'Reserved' })['data']): object {
  const { reservationId, unit, amount, heldScopes, expiresAtMs, toolCallId, caps, subject, action } = data;
  const held = {
    reservation_id: reservationId,
    unit,
    amount,
    held_scopes: heldScopes,
    expires_at: isoOf(expiresAtMs),
  };
  if (toolCallId !== null) return held;
  const decision = caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS';
  return { operation: 'reserve', decision, subject, action, policy_id: data.policyId ?? null, ...held };
}

function approvalAnswer(event: RecordedEvent): object | null {
  switch (event.type) {
    case 'ApprovalRequested': {
      const { approvalId, terms, asked, shortfalls, answerByMs } = event.data;
      return {
        approval_id: approvalId,
        approval: 'requested',
        rule: terms.name,
        group: terms.group,
        quorum: terms.quorum,
        asked,
        shortfalls,
        answer_by: answerByMs === null ? null : isoOf(answerByMs),
      };
    }
    case 'ApprovalEscalated':
      return { approval_id: event.data.approvalId, approval: 'escalated', group: event.data.group };
    case 'ApprovalGranted': {
      const { approvalId, operatorId, channel, note, votes, quorum } = event.data;
      const approver = { operator_id: operatorId, channel, note, votes, quorum };
      return { approval_id: approvalId, approval: 'granted', ...approver };
    }
    case 'ApprovalRejected': {
      const { approvalId, operatorId, channel, reason } = event.data;
      return { approval_id: approvalId, approval: 'rejected', operator_id: operatorId, channel, reason };
    }
    case 'ApprovalExpired':
      return { approval_id: event.data.approvalId, approval: 'expired', was: event.data.was };
    case 'ApprovalCancelled':
      return { approval_id: event.data.approvalId, approval: 'cancelled', reason: event.data.reason };
    case 'ApprovalConsumed':
      return { approval_id: event.data.approvalId, approval: 'consumed', allowed: event.data.allowed };
    default:
      return null;
  }
}

function budgetAnswer(event: RecordedEvent): object {
  switch (event.type) {
    case 'BudgetCreated': {
      const { scope, unit, allocated, template } = event.data;
      return { budget: 'opened', scope, unit, allocated, template_id: template };
    }
    case 'BudgetFunded': {
      const { scope, unit, operation, amount, reason, grant } = event.data;
      const approval = grant && { approval_id: grant.approvalId, operator_id: grant.operatorId };
      return { budget: 'funded', scope, unit, operation, amount, reason, ...approval };
    }
    case 'BudgetUpdated':
    case 'BudgetRolledOver': {
      const { scope, unit } = event.data;
      return { budget: event.type === 'BudgetUpdated' ? 'updated' : 'rolled_over', scope, unit };
    }
    case 'BudgetFrozen':
    case 'BudgetUnfrozen':
    case 'BudgetClosed':
    case 'Corrected': {
      const { scope, unit, reason } = event.data;
      return { budget: BUDGET_WORDS[event.type], scope, unit, reason };
    }
    default:
      return {};
  }
}

const BUDGET_WORDS = {
  BudgetFrozen: 'frozen',
  BudgetUnfrozen: 'unfrozen',
  BudgetClosed: 'closed',
  Corrected: 'corrected',
} as const;
