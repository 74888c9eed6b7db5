/** Decides about questions to people: when one is put, and what an answer, a withdrawal or the end of its time does. */

import type { Amount } from './amount.js';
import type { AnswerApproval, CancelApproval } from './approval.commands.js';
import type { ApprovalRule, Shortfall } from './approval.events.js';
import { callKeyOf } from './approval-moves.js';
import {
  type Approver,
  type CallFacts,
  canBeAnswered,
  GATE_RULE,
  isAsked,
  ruleFor,
} from './approval-rules.js';
import type { Action, ApprovalCancelled, ApprovalEvent, ApprovalRequested, Origin } from './events.js';
import type { ApprovalId, DecisionId, OperatorId, PolicyId, ScopePath } from './ids.js';
import { keyOf, type Placed } from './placement.js';
import type { Policy } from './policy-book.js';
import { isRefusal, type Refusal, reasonCodeOf, refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import type { ApiKey, Approval, Tenant, TenantState } from './state.js';
import { levelOf } from './subject.js';

/** Questions that one session may have open, so that nobody is worn down. */
const PENDING_PER_SESSION_MAX = 3;
/** Questions that one key may have open, however many sessions it names: sessions are for the asker to choose. */
const PENDING_PER_KEY_MAX = 100;
/** Questions that a tenant may have open. */
const PENDING_PER_TENANT_MAX = 10_000;

/** A call that people may be asked about, and everything that the question will say. */
export interface Asked {
  readonly decisionId: DecisionId;
  readonly actionHash: string;
  readonly sessionScope: ScopePath;
  readonly action: Action;
  readonly amount: Amount;
  /** The money that a tool call would hold besides; null for none, and for a plain request, whose amount is all. */
  readonly money: Amount | null;
  /** Whether people can see all of the call: nobody agrees to what they were not shown. */
  readonly isShown: boolean;
  readonly facts: CallFacts;
  readonly approvers: readonly Approver[];
}

/** Whether a person has to be asked, has been asked, or has agreed. */
export type Asking =
  | { readonly kind: 'not_asked' }
  | {
      readonly kind: 'granted';
      readonly approval: Approval;
      /** The last person whose agreement counts, who stands for what the approval adds. */
      readonly by: OperatorId;
    }
  | { readonly kind: 'waiting'; readonly approval: Approval }
  | {
      readonly kind: 'to_ask';
      readonly requested: ApprovalRequested;
      /** The request, after the end of the approval whose place it takes. */
      readonly events: readonly ApprovalEvent[];
    };

const NOT_ASKED: Asking = { kind: 'not_asked' };

/** Where questions are counted, and noes kept: the session, or the place of a call that is in none. */
export const sessionScopeOf = ({ scopes, path }: Placed): ScopePath =>
  scopes.find((scope) => levelOf(scope) === 'workflow') ?? path;

/** A call that was rejected once stays rejected for its session, whichever of its agents asks again. */
export function rejectedGuard(
  actionHash: string,
  sessionScope: ScopePath,
  state: TenantState,
): Refusal | null {
  if (state.rejectedCalls.isEmpty) return null;
  const rejected = state.rejectedCalls.get(callKeyOf(sessionScope, actionHash));
  if (rejected === undefined) return null;
  return refusal(
    'approval_rejected',
    'A person has rejected exactly this call; it stays rejected for the session.',
    {
      approval_id: rejected.approvalId,
    },
  );
}

/** The rules that ask: those of the policy, else the gate's own for tool calls. */
export function rulesFor(policy: Policy | null, call: CallFacts): readonly ApprovalRule[] {
  const own = policy?.approvalRules ?? [];
  if (own.length > 0 || call.assessed === null) return own;
  return GATE_RULES;
}

const GATE_RULES: readonly ApprovalRule[] = [GATE_RULE];

/**
 * What the approval rules say of a call that nothing else stands against.
 * @param shortfalls what RISK_POINTS budgets lack for it
 * @returns a refusal where a rule fits and nobody can be asked
 */
export function askAbout(
  asked: Asked,
  shortfalls: readonly Shortfall[],
  at: {
    readonly placed: Placed;
    readonly policy: Policy | null;
    readonly key: ApiKey | undefined;
    readonly state: TenantState;
    readonly nowMs: number;
  },
): Asking | Refusal {
  const { state, placed } = at;
  const rule = ruleFor(rulesFor(at.policy, asked.facts), asked.facts, shortfalls.length > 0);
  if (rule === null || !covers(rule, shortfalls)) return NOT_ASKED;
  const known = state.approvals.get(
    state.approvalsByCall.get(callKeyOf(placed.path, asked.actionHash)) as ApprovalId,
  );
  const owner = at.key?.ownerOperatorId ?? null;
  const votes = known === undefined ? [] : votesThatCount(known, asked.approvers, owner);
  const by = votes.at(-1);
  const isAnswered = votes.length >= rule.quorum && known?.status === 'APPROVED';
  if (isAnswered && by !== undefined && answers(known, { asked, rule, shortfalls })) {
    return { kind: 'granted', approval: known, by };
  }
  if (known?.status === 'PENDING') return { kind: 'waiting', approval: known };
  const unaskable =
    approverGuard(rule, asked, owner) ?? lengthGuard(asked) ?? floodGuard(asked.sessionScope, at.key, state);
  if (unaskable) return unaskable;
  const requested = requestOf(asked, rule, shortfalls, { ...at, owner });
  // An approval that no longer answers the call gives way to the question that takes its place.
  const events = known === undefined ? [requested] : [outdated(known.approvalId), requested];
  return { kind: 'to_ask', requested, events };
}

const outdated = (approvalId: ApprovalId): ApprovalCancelled => ({
  type: 'ApprovalCancelled',
  data: { approvalId, reason: 'It no longer answers the call as it stands.' },
});

const covers = ({ missingPointsMax }: ApprovalRule, shortfalls: readonly Shortfall[]): boolean =>
  shortfalls.every(({ amount }) => amount <= BigInt(missingPointsMax));

/**
 * Whose agreement still counts when the call runs: of people who could give it now. An approval may be used under
 * another key than asked for it, and its owner's own yes counts for nothing then.
 */
const votesThatCount = (
  { votes, terms, isEscalated }: Approval,
  approvers: readonly Approver[],
  owner: string | null,
): readonly OperatorId[] =>
  votes.filter((voter) => {
    const person = approvers.find(({ operatorId }) => operatorId === voter);
    return person !== undefined && voter !== owner && isAsked(person, terms, isEscalated);
  });

/** An approval answers no more than what was shown: no greater lack of points, no more money, no stricter rule made since. */
const answers = (
  approval: Approval,
  {
    asked: { money },
    rule,
    shortfalls,
  }: { readonly asked: Asked; readonly rule: ApprovalRule; readonly shortfalls: readonly Shortfall[] },
): boolean =>
  (money === null || (money.unit === approval.money?.unit && money.amount <= approval.money.amount)) &&
  (rule.group === null || rule.group === approval.terms.group) &&
  (!rule.passkey || approval.terms.passkey) &&
  shortfalls.every(
    ({ scope, amount }) =>
      amount <= (approval.shortfalls.find((shown) => shown.scope === scope)?.amount ?? 0n),
  );

function approverGuard(
  rule: ApprovalRule,
  { approvers, facts }: Asked,
  owner: string | null,
): Refusal | null {
  if (canBeAnswered(rule, approvers, owner)) return null;
  const what = facts.assessed === null ? 'The call needs' : `Calls of tier ${facts.assessed.tier} need`;
  const whom = rule.group === null ? '' : ` of the group ${rule.group}`;
  const people =
    rule.quorum === 1 ? `a person’s approval${whom}` : `the approval of ${rule.quorum} people${whom}`;
  return refusal('approval_unavailable', `${what} ${people}, and nobody is set up to give it.`);
}

const lengthGuard = ({ isShown }: Asked): Refusal | null =>
  isShown
    ? null
    : refusal(
        'approval_unavailable',
        'The call needs a person’s approval and is too long to be shown to one: its arguments are over 64 KiB.',
      );

function floodGuard(sessionScope: ScopePath, key: ApiKey | undefined, state: TenantState): Refusal | null {
  let pending = 0;
  let ofSession = 0;
  let ofKey = 0;
  for (const approval of state.approvals.values()) {
    if (approval.status !== 'PENDING') continue;
    pending += 1;
    if (approval.sessionScope === sessionScope) ofSession += 1;
    if (approval.keyId === key?.keyId) ofKey += 1;
  }
  if (ofSession >= PENDING_PER_SESSION_MAX) {
    return refusal('approval_limit', `${ofSession} questions of this session wait for a person already.`);
  }
  if (ofKey >= PENDING_PER_KEY_MAX) {
    return refusal('approval_limit', `${ofKey} questions of this key wait for a person already.`);
  }
  return pending < PENDING_PER_TENANT_MAX
    ? null
    : refusal('approval_limit', `${pending} questions of this tenant wait for a person already.`);
}

function requestOf(
  asked: Asked,
  rule: ApprovalRule,
  shortfalls: readonly Shortfall[],
  at: {
    readonly placed: Placed;
    readonly policy: Policy | null;
    readonly key: ApiKey | undefined;
    readonly owner: string | null;
    readonly nowMs: number;
  },
): ApprovalRequested {
  const { name, group, quorum, useWithinMs, passkey, links, escalation, answerWithinMs } = rule;
  const { nowMs } = at;
  return {
    type: 'ApprovalRequested',
    data: {
      approvalId: approvalIdOf(asked.decisionId),
      decisionId: asked.decisionId,
      actionHash: asked.actionHash,
      sessionScope: asked.sessionScope,
      scopePath: at.placed.path,
      subject: at.placed.subject,
      action: asked.action,
      asked: asked.amount,
      ...(asked.money !== null && { money: asked.money }),
      tier: asked.facts.assessed?.tier ?? null,
      terms: { name, group, quorum, useWithinMs, passkey, links, escalation },
      policyId: policyIdOf(rule, at.policy),
      keyId: at.key?.keyId ?? null,
      ownerOperatorId: at.owner,
      shortfalls,
      answerByMs: answerWithinMs === null ? null : nowMs + answerWithinMs,
      escalateAtMs: escalation === null ? null : nowMs + escalation.afterMs,
    },
  };
}

/** A decision asks at most once, so its id names the question too. */
const approvalIdOf = (decisionId: DecisionId): ApprovalId =>
  decisionId.replace(/^dec_/, 'apr_') as ApprovalId;

const policyIdOf = (rule: ApprovalRule, policy: Policy | null): PolicyId | null =>
  rule === GATE_RULE ? null : (policy?.policyId ?? null);

/** What stands in the way of a plain request whose rule asks people: their answer, or that there are none. */
export function approvalRefusal(asking: Asking | Refusal): Refusal | null {
  if (isRefusal(asking)) return asking;
  if (asking.kind !== 'waiting' && asking.kind !== 'to_ask') return null;
  const { approvalId, answerByMs } = asking.kind === 'to_ask' ? asking.requested.data : asking.approval;
  return refusal(
    'approval_required',
    'A person has to approve this first; the same request succeeds after that.',
    {
      reason_code: reasonCodeOf('approval_required'),
      approval_id: approvalId,
      ...(answerByMs !== null && { expires_at_ms: answerByMs }),
    },
  );
}

/**
 * A person's answer. The person comes from the server's own list of operators: an API key or the bootstrap admin key
 * cannot answer, whatever else they may do.
 */
export function answerApproval(
  { command, origin, nowMs }: Request<AnswerApproval>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { approvalId, person, channel, passkey } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  if (origin.actor.type !== 'operator' || origin.actor.operatorId !== person.operatorId) {
    return refuse(
      refusal('approver_required', 'Only a person with an own operator account answers approvals.'),
    );
  }
  const approval = state.approvals.get(approvalId);
  if (approval === undefined) return refuse(notOpen(approvalId));
  const unfit = approverProblem(command, approval);
  if (unfit) return refuse(unfit);
  const { operatorId } = person;
  // A second click changes nothing.
  if (command.answer === 'approve' && approval.votes.includes(operatorId)) return accept();
  if (approval.status !== 'PENDING') return refuse(notOpen(approvalId));
  if (command.answer === 'reject') {
    const { note: reason } = command;
    return accept({ type: 'ApprovalRejected', data: { approvalId, operatorId, channel, reason, passkey } });
  }
  const { quorum, useWithinMs } = approval.terms;
  const votes = approval.votes.length + 1;
  const usableUntilMs = votes >= quorum && useWithinMs !== null ? nowMs + useWithinMs : null;
  return accept({
    type: 'ApprovalGranted',
    data: { approvalId, operatorId, channel, note: command.note, passkey, votes, quorum, usableUntilMs },
  });
}

const notOpen = (approvalId: ApprovalId): Refusal =>
  refusal('approval_not_found', `There is no open approval ${approvalId}.`);

/** Why this person cannot answer this question, or not in this way. */
function approverProblem({ person, channel, passkey }: AnswerApproval, approval: Approval): Refusal | null {
  const { terms, tier, isEscalated } = approval;
  const forbidden = (why: string): Refusal => refusal('approver_forbidden', why);
  if (person.operatorId === approval.ownerOperatorId) {
    return forbidden('The call was asked for with your own key: another person has to answer.');
  }
  if (!isAsked(person, terms, isEscalated)) {
    return forbidden(`Only the group ${terms.group} is asked about this call.`);
  }
  if (channel === 'link' && (!terms.links || tier === 4)) {
    return forbidden('A link is not enough for this call: sign in to answer.');
  }
  if (terms.passkey && passkey === null) {
    return refusal('passkey_required', 'This call is answered with a passkey, on its page.');
  }
  return null;
}

/** The asker, or a person who is asked, does not want an answer any more. */
export function cancelApproval(request: Request<CancelApproval>, state: TenantState): Ruling {
  const { command, origin } = request;
  const { approvalId, person, reason } = command;
  const approval = state.approvals.get(approvalId);
  const key = keyOf(request, state);
  const isOthers = key !== undefined && approval?.keyId !== key.keyId;
  if (approval === undefined || isOthers) return refuse(notOpen(approvalId));
  const unfit = key === undefined ? withdrawalProblem(person, origin, approval) : null;
  if (unfit) return refuse(unfit);
  return accept({ type: 'ApprovalCancelled', data: { approvalId, reason } });
}

/** Why somebody other than the asking key cannot take a question back: it has to be theirs to answer, or their key's. */
function withdrawalProblem(
  person: Approver | null,
  { actor }: Origin,
  { terms, isEscalated, ownerOperatorId }: Approval,
): Refusal | null {
  if (person === null || actor.type !== 'operator' || actor.operatorId !== person.operatorId) {
    return refusal('approver_required', 'Only the key that asked, or an approver, takes a question back.');
  }
  if (person.operatorId === ownerOperatorId || isAsked(person, terms, isEscalated)) return null;
  return refusal('approver_forbidden', `Only the group ${terms.group} is asked about this call.`);
}
