/** Questions to people, read from the read models for whoever tells people about them. */

import type { ApprovalId, TenantId } from '../../domain/ids.js';
import type { Question, QuestionPlace, Questions } from '../../ports/questions.port.js';
import type { ActionQueries, ActionView } from '../actions/actions.queries.js';
import type { ApprovalQueries, ApprovalView } from './approvals.queries.js';

const EFFECTS_MAX = 5;

export class ReadModelQuestions implements Questions {
  constructor(
    private readonly approvals: ApprovalQueries,
    private readonly actions: ActionQueries,
    readonly catchUp: () => Promise<void>,
  ) {}

  async get(approvalId: string): Promise<Question | null> {
    const approval = await this.approvals.get(approvalId);
    if (approval === null) return null;
    return questionOf(approval, await this.actions.find(approval.decisionId));
  }

  async pending(limit: number): Promise<readonly string[]> {
    const { items } = await this.approvals.list({ tenants: null, status: 'PENDING' }, { limit });
    return items.map(({ approvalId }) => approvalId);
  }

  changedSince(place: QuestionPlace, limit: number): Promise<readonly QuestionPlace[]> {
    return this.approvals.changedSince(place, limit);
  }
}

function questionOf(approval: ApprovalView, proposal: ActionView | null): Question {
  const { terms, subject, escalatedGroup } = approval;
  const { toolCall = null, assessment = null } = proposal?.proposed ?? {};
  const effects = [...(assessment?.effects ?? [])].sort((a, b) => b.points - a.points);
  return {
    approvalId: approval.approvalId as ApprovalId,
    tenantId: approval.tenantId as TenantId,
    status: approval.status,
    actionHash: approval.actionHash,
    tier: approval.tier,
    groups: terms.group === null ? [] : [terms.group, ...(escalatedGroup === null ? [] : [escalatedGroup])],
    quorum: approval.quorum,
    votes: approval.votes,
    needsPasskey: terms.passkey,
    takesLinks: terms.links && approval.tier !== 4,
    asker: subject.agent ?? subject.app ?? subject.workflow ?? 'a client',
    sessionScope: approval.sessionScope,
    action: { kind: approval.action.kind, name: approval.action.name },
    asked: approval.asked,
    money: approval.money,
    call:
      toolCall === null
        ? null
        : {
            tool:
              toolCall.tool.server === null
                ? toolCall.tool.name
                : `${toolCall.tool.server}: ${toolCall.tool.name}`,
            arguments: argumentsOf(toolCall.tool.input),
            directory: toolCall.cwd,
            files: toolCall.files.map(({ path, sha256 }) => `${path} (sha256 ${sha256.slice(0, 16)}…)`),
            isWhole: !toolCall.inputTruncated,
          },
    effects: effects.slice(0, EFFECTS_MAX).map(({ points, reason }) => `${points} points: ${reason}`),
    requestedAtMs: approval.requestedAtMs,
    answerByMs: approval.answerByMs,
    reason: approval.reason,
  };
}

/** Each argument under its name; one that is no text as JSON. */
function argumentsOf(input: unknown): { name: string; text: string }[] {
  const entries: [string, unknown][] =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.entries(input)
      : [['input', input]];
  return entries.map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''),
  }));
}
