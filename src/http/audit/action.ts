/** One row of the audit record on the wire: five questions, five groups of answers. */

import type { BalanceAfter } from '../../domain/events.js';
import type { ActionHold, ActionView } from '../../projections/actions/actions.queries.js';
import { assessmentAnswer } from '../gate/answer.js';
import { denyDetailOf } from '../runtime/deny-detail.dto.js';

/** What was proposed, decided, authorized, what happened, and who carried the authority. */
export const actionAnswer = (view: ActionView): object => ({
  action_id: view.actionId,
  tenant_id: view.tenantId,
  ledger: {
    position: view.ledger.position,
    revision: view.ledger.revision,
    event_id: view.ledger.eventId,
    hash: view.ledger.hash,
  },
  proposed: proposedAnswer(view.proposed),
  decided: decidedAnswer(view.decided),
  authorized: {
    at_ms: view.authorized.atMs,
    scope_path: view.authorized.scopePath,
    affected_scopes: view.authorized.affectedScopes,
    reservation_id: view.authorized.reservationId,
    holds: view.authorized.holds.map(holdAnswer),
    approval: approvalAnswer(view.authorized.approval),
  },
  outcome: outcomeAnswer(view.outcome),
  carried_by: {
    actor_type: view.carriedBy.actorType,
    key_id: view.carriedBy.keyId,
    operator_id: view.carriedBy.operatorId,
    source_ip: view.carriedBy.sourceIp,
    user_agent: view.carriedBy.userAgent,
    request_id: view.carriedBy.requestId,
    trace_id: view.carriedBy.traceId,
    idempotency_key: view.carriedBy.idempotencyKey,
  },
});

const proposedAnswer = ({ toolCall, assessment, ...proposed }: ActionView['proposed']): object => ({
  at_ms: proposed.atMs,
  operation: proposed.operation,
  session_id: proposed.sessionId,
  subject: proposed.subject,
  action: proposed.action,
  estimate: proposed.estimate,
  metadata: proposed.metadata,
  tool_call: toolCall && {
    harness: toolCall.harness,
    tool: toolCall.tool,
    input_truncated: toolCall.inputTruncated,
    input_digest: toolCall.inputDigest,
    cwd: toolCall.cwd,
    context: toolCall.context,
    files: toolCall.files,
    action_hash: toolCall.actionHash,
  },
  assessment: assessment && assessmentAnswer(assessment),
});

const decidedAnswer = (decided: ActionView['decided']): object => ({
  decision: decided.decision,
  reason_code: decided.reasonCode,
  message: decided.message,
  details: decided.details,
  deny_detail:
    decided.deny === null || decided.reasonCode === null
      ? null
      : denyDetailOf(decided.reasonCode, decided.deny),
  policy_id: decided.policyId,
  observed: decided.observed,
  caps: decided.caps,
  answered: decided.answered,
  repeats: decided.repeats,
  balances: decided.balances.map(balanceAnswer),
});

const holdAnswer = (hold: ActionHold): object => ({
  reservation_id: hold.reservationId,
  amount: { unit: hold.unit, amount: hold.amount },
  held_at_ms: hold.heldAtMs,
  expires_at_ms: hold.expiresAtMs,
  held_scopes: hold.heldScopes,
  balances_held: hold.balancesHeld.map(balanceAnswer),
  status: hold.status,
  end_reason: hold.endReason,
  settled_at_ms: hold.settledAtMs,
  actual: hold.actual,
  charged: hold.charged,
  released: hold.released,
  balances_settled: hold.balancesSettled?.map(balanceAnswer) ?? null,
});

const approvalAnswer = (approval: ActionView['authorized']['approval']): object | null =>
  approval && {
    approval_id: approval.approvalId,
    status: approval.status,
    answers: approval.answers.map(({ operatorId, answer, channel, atMs }) => ({
      operator_id: operatorId,
      answer,
      channel,
      at_ms: atMs,
    })),
  };

const outcomeAnswer = (outcome: ActionView['outcome']): object | null =>
  outcome && {
    status: outcome.status,
    at_ms: outcome.atMs,
    http_status: outcome.httpStatus,
    exit_code: outcome.exitCode,
    error: outcome.error,
    output_sha256: outcome.outputSha256,
    refunded: outcome.refunded,
  };

/** A line of a budget's statement. */
export const balanceAnswer = (balance: BalanceAfter) => ({
  scope: balance.scope,
  unit: balance.unit,
  allocated: balance.allocated,
  spent: balance.spent,
  reserved: balance.reserved,
  debt: balance.debt,
  remaining: balance.allocated - balance.spent - balance.reserved - balance.debt,
});
