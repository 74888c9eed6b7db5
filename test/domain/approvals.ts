/** Approvals in the language of the decider tables: whom a rule asks, who may be asked, who answers. */

import type { Approver } from '../../src/domain/approval-rules.js';
import type { RiskClass, Tier } from '../../src/domain/assessment.js';
import type { Command } from '../../src/domain/commands.js';
import type { ApprovalChannel, ApprovalRule, PasskeyEvidence } from '../../src/domain/events.js';
import type { ApprovalId, OperatorId } from '../../src/domain/ids.js';
import { durationOf, list, type Words } from './words.js';

/** `ada:ops+dba,ben`: the people whom the server knows as approvers, each with their groups. */
export const peopleOf = (text: string | undefined): Approver[] =>
  list(text).map((each) => {
    const [name = '', groups = ''] = each.split(':');
    return { operatorId: `opr_${name}` as OperatorId, groups: groups === '' ? [] : groups.split('+') };
  });

/** `tier:4,group:ops,quorum:2`; several rules are divided by `+`. */
export const rulesFrom = (text: string | undefined): ApprovalRule[] =>
  text === undefined ? [] : text.split('+').map(ruleFrom);

function ruleFrom(text: string, index: number): ApprovalRule {
  const said = new Map(
    list(text).map((each) => {
      const [name = '', value = ''] = each.split(':');
      return [name, value] as const;
    }),
  );
  const duration = (name: string): number | null =>
    said.has(name) ? durationOf(said.get(name) ?? '') : null;
  const [afterText, group] = (said.get('then') ?? '').split('/');
  return {
    name: `rule ${index}`,
    when: {
      tierMin: said.has('tier') ? (Number(said.get('tier')) as Tier) : null,
      pointsMin: said.has('points') ? Number(said.get('points')) : null,
      riskClasses: said.has('risk') ? [said.get('risk') as RiskClass] : [],
      actionKinds: said.has('kind') ? [said.get('kind') ?? ''] : [],
      tools: said.has('tool') ? [said.get('tool') ?? ''] : [],
      environments: said.has('env') ? [said.get('env') ?? ''] : [],
      budgetExceeded: said.has('exceeded'),
    },
    missingPointsMax: Number(said.get('missing') ?? 0),
    group: said.get('group') ?? null,
    quorum: Number(said.get('quorum') ?? 1),
    answerWithinMs: duration('answer'),
    useWithinMs: duration('use'),
    passkey: said.has('passkey'),
    links: said.has('links'),
    escalation: group === undefined ? null : { afterMs: durationOf(afterText ?? ''), group },
  };
}

const PASSKEY: PasskeyEvidence = {
  credentialId: 'c',
  publicKey: 'p',
  challenge: 'h',
  nonce: 'n',
  clientDataJson: '{}',
  authenticatorData: 'a',
  signature: 's',
};

const personFrom = (words: Words, who: string | undefined): Approver => ({
  operatorId: `opr_${words.option('for') ?? who ?? 'nobody'}` as OperatorId,
  groups: list(words.option('groups')),
});

/** `as ada approve c groups=ops`: the question about the call `c`, answered by a person of these groups. */
const answer =
  (said: 'approve' | 'reject') =>
  (words: Words, who: string | undefined): Command => ({
    type: 'AnswerApproval',
    approvalId: approvalId(words),
    answer: said,
    person: personFrom(words, who),
    channel: (words.option('by') ?? 'page') as ApprovalChannel,
    note: null,
    passkey: words.has('passkey') ? PASSKEY : null,
  });

const approvalId = (words: Words) => `apr_${words.at(1)}` as ApprovalId;

export const APPROVAL_VERBS: Readonly<Record<string, (words: Words, who: string | undefined) => Command>> = {
  approve: answer('approve'),
  reject: answer('reject'),
  cancel: (words, who) => ({
    type: 'CancelApproval',
    approvalId: approvalId(words),
    person: who === undefined ? null : personFrom(words, who),
    reason: null,
  }),
};
