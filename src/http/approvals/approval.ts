/** An approval on the wire, for the people who answer it and for the agent that waits. */

import type { ActionView } from '../../projections/actions/actions.queries.js';
import type { ApprovalAnswerView, ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { assessmentAnswer } from '../gate/answer.js';

/** As operators see it. */
export const approvalForPeople = (
  approval: ApprovalView,
  answers: readonly ApprovalAnswerView[] | null,
  url: string,
): object => ({
  ...approvalForAsker(approval, url),
  tenant_id: approval.tenantId,
  tool_call_id: approval.decisionId,
  action_hash: approval.actionHash,
  session_scope: approval.sessionScope,
  scope: approval.scopePath,
  subject: approval.subject,
  action: approval.action,
  asked: approval.asked,
  ...(approval.money !== null && { estimate: approval.money }),
  ...(approval.tier !== null && { tier: approval.tier }),
  rule: ruleOf(approval),
  ...(approval.policyId !== null && { policy_id: approval.policyId }),
  ...(approval.keyId !== null && { key_id: approval.keyId }),
  ...(approval.ownerOperatorId !== null && { owner_operator_id: approval.ownerOperatorId }),
  missing_points: approval.shortfalls.map(({ scope, amount }) => ({ scope, points: amount })),
  votes: approval.votes,
  ...(approval.allowed !== null && { allowed: approval.allowed }),
  ...(answers !== null && { answers: answers.map(answerOf) }),
});

/** The call as it will run, secrets aside, and what it would do; nothing of it for a plain reservation. */
export const callForPeople = ({ proposed: { toolCall, assessment, sessionId } }: ActionView): object => ({
  ...(toolCall !== null && {
    tool_call: {
      harness: toolCall.harness,
      session_id: sessionId,
      tool: toolCall.tool,
      input_truncated: toolCall.inputTruncated,
      cwd: toolCall.cwd,
      files: toolCall.files,
    },
  }),
  ...(assessment !== null && { assessment: assessmentAnswer(assessment) }),
});

/** As the asker sees it: no person's name, and nothing that would help to answer it. */
export const approvalForAsker = (approval: ApprovalView, url: string): object => ({
  approval_id: approval.approvalId,
  status: approval.status,
  requested_at_ms: approval.requestedAtMs,
  ...(approval.answerByMs !== null && { expires_at_ms: approval.answerByMs }),
  ...(approval.usableUntilMs !== null && { usable_until_ms: approval.usableUntilMs }),
  ...(approval.closedAtMs !== null && { closed_at_ms: approval.closedAtMs }),
  ...(approval.reason !== null && { reason: approval.reason }),
  url,
});

const ruleOf = ({ terms, escalatedGroup }: ApprovalView): object => ({
  name: terms.name,
  ...(terms.group !== null && { group: terms.group }),
  ...(escalatedGroup !== null && { escalated_group: escalatedGroup }),
  quorum: terms.quorum,
  passkey: terms.passkey,
});

const answerOf = (answer: ApprovalAnswerView): object => ({
  operator_id: answer.operatorId,
  answer: answer.answer,
  channel: answer.channel,
  ...(answer.note !== null && { note: answer.note }),
  passkey: answer.hasPasskey,
  at_ms: answer.atMs,
});
