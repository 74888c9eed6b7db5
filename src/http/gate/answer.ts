/** The gate's answers, rendered from the ledger's events alone, and signed. */

import { assert } from '../../domain/assertions.js';
import type { Assessment } from '../../domain/assessment.js';
import type {
  BalanceAfter,
  Decided,
  GateRecord,
  OutcomeRecorded,
  RecordedEvent,
} from '../../domain/events.js';
import type { Keyring } from '../../ports/keyring.port.js';
import type { Settled } from '../reply.js';
import { capsOf } from '../runtime/common.dto.js';
import { denyDetailOf } from '../runtime/deny-detail.dto.js';

/** What a tool call's answer is signed with. */
export interface Signing {
  readonly keyring: Keyring;
  readonly tenantId: string;
  /** The client's, one line of visible ASCII; empty when it sent none. */
  readonly nonce: string;
  /** Address of an approval's page, which is no secret: who opens it has to sign in. */
  readonly pageOf: (approvalId: string) => string;
}

interface Verdict {
  readonly decision: string;
  readonly message: string;
}

/** What every answer to a tool call has; everything else in it is for people and clients that settle. */
export interface ToolCallAnswer extends Verdict {
  readonly tool_call_id: string;
  readonly [field: string]: unknown;
}

/** The answer to a submitted tool call. The signature is this request's own, on a replay too. */
export function toolCallAnswer(
  settled: Settled,
  { keyring, tenantId, nonce, pageOf }: Signing,
): ToolCallAnswer {
  const decided = decidedOf(settled);
  const { decisionId, gate } = decided;
  const decision = decided.observed ? 'ALLOW' : decided.decision;
  const signedAtMs = settled.nowMs;
  return {
    tool_call_id: decisionId,
    ...(decided.observed ? observedAnswer(decided) : verdictOf(decided)),
    ...(decided.approval &&
      decision === 'PENDING' && { message: question(pageOf(decided.approval.approvalId)) }),
    assessment: assessmentAnswer(gate.assessment),
    reservations: gate.holds.map(({ reservationId, unit, amount, expiresAtMs }) => ({
      reservation_id: reservationId,
      amount: { unit, amount },
      expires_at_ms: expiresAtMs,
    })),
    ...(gate.session === null ? {} : { session: sessionAnswer(gate.session) }),
    ...(decided.approval !== undefined && { approval: approvalAnswer(decided, pageOf) }),
    tenant: tenantId,
    action_hash: gate.actionHash,
    signed_at_ms: signedAtMs,
    signature: keyring.sign(signedText(nonce, gate.actionHash, decision, signedAtMs)),
  };
}

/** The question that people are asked about the call, or whose answer it runs on. */
const approvalAnswer = (
  { decision, approval }: GateDecision,
  pageOf: Signing['pageOf'],
): object | undefined =>
  approval && {
    approval_id: approval.approvalId,
    status: decision === 'PENDING' ? 'PENDING' : 'CONSUMED',
    ...(approval.answerByMs !== null && { expires_at_ms: approval.answerByMs }),
    url: pageOf(approval.approvalId),
  };

/** What the model and the person can do while nobody has answered. */
const question = (page: string): string =>
  `The call is held back: a person is asked about it at ${page}. Exactly the same call may be tried again; it runs once it is approved.`;

/** The decision and why, or under which caps. */
function verdictOf({ decision, reasonCode, message, deny, caps, gate }: GateDecision): Verdict {
  return {
    decision,
    ...(reasonCode !== null && { reason_code: reasonCode, deny_detail: denyDetailOf(reasonCode, deny) }),
    ...(caps !== null && { caps: capsOf(caps) }),
    message: message === null ? permission(gate) : advice(message, reasonCode),
  };
}

/** What a tenant only observes is let through; what would have been decided is told beside it. */
function observedAnswer(decided: GateDecision): Verdict & { readonly observed: object } {
  const wouldBe = decided.decision === 'DENY' ? 'denied' : 'allowed';
  return {
    decision: 'ALLOW',
    message: `Let through: this tenant only observes. It would have been ${wouldBe}.`,
    observed: verdictOf(decided),
  };
}

/** Nonce, action hash, decision and time in ms since the epoch, one a line, no newline at the end. */
export const signedText = (nonce: string, actionHash: string, decision: string, signedAtMs: number): string =>
  `${nonce}\n${actionHash}\n${decision}\n${signedAtMs}`;

type GateDecision = Decided['data'] & { readonly gate: GateRecord };

function decidedOf(settled: Settled): GateDecision {
  const events = settled.kind === 'replayed' ? [settled.event] : settled.events;
  const decided = events.find((event): event is RecordedEvent<Decided> => event.type === 'Decided');
  const gate = decided?.data.gate;
  assert(decided !== undefined && gate !== null && gate !== undefined, 'a tool call has no record');
  return { ...decided.data, gate };
}

function permission({ holds, session }: GateRecord): string {
  const points = holds.find(({ unit }) => unit === 'RISK_POINTS')?.amount ?? 0n;
  if (session === null)
    return points === 0n ? 'Allowed: it costs no risk points.' : `Allowed: it holds ${points} risk points.`;
  const left = `${remainingOf(session)} of ${session.allocated}`;
  return points === 0n
    ? `Allowed: it costs no risk points, and ${left} remain for this session.`
    : `Allowed: it holds ${points} risk points, and ${left} remain for this session.`;
}

/** What the model and the person can do about a denial, by its reason. */
const ADVICE: Readonly<Record<string, string>> = {
  RADIUS_REFUSED: 'writing it differently does not change that, so ask a person to do it',
  APPROVAL_UNAVAILABLE: 'ask a person to do it',
  APPROVAL_REJECTED: 'go on without it',
  APPROVAL_EXPIRED: 'nobody has said no, so it may be submitted again',
  APPROVAL_LIMIT: 'wait until they are answered',
  SELF_PROTECTION: 'leave the gate alone and go on with the task',
  BUDGET_EXCEEDED: 'take a smaller step, or ask a person for more authority',
  BUDGET_NOT_FOUND: 'ask an operator to give sessions a RISK_POINTS budget',
  BUDGET_CLOSED: 'start a new session',
  BUDGET_FROZEN: 'ask an operator to unfreeze it',
  ACTION_KIND_DENIED: 'go on without it, or ask a person to do it',
  ACTION_KIND_NOT_ALLOWED: 'go on without it, or ask a person to do it',
  ACTION_QUOTA_EXCEEDED: 'do without it for now, or ask an operator for more',
  LIMIT_EXCEEDED: 'wait until the next minute',
};

function advice(message: string, reasonCode: string | null): string {
  const what = ADVICE[reasonCode ?? ''];
  return what === undefined ? message : `${message.replace(/\.$/, '')}; ${what}.`;
}

const remainingOf = ({ allocated, spent, reserved, debt }: BalanceAfter): bigint =>
  allocated - spent - reserved - debt;

const sessionAnswer = (balance: BalanceAfter): object => ({
  scope: balance.scope,
  unit: balance.unit,
  allocated: balance.allocated,
  remaining: remainingOf(balance),
});

/** An assessment on the wire. */
export const assessmentAnswer = (assessment: Assessment): object => ({
  action_kind: assessment.actionKind,
  risk_class: assessment.riskClass,
  tier: assessment.tier,
  risk_points: assessment.riskPoints,
  radius: assessment.radius,
  opaque: assessment.opaque,
  self_protection: assessment.selfProtection,
  effects: assessment.effects.map(({ actionKind, riskClass, ...effect }) => ({
    ...effect,
    action_kind: actionKind,
    risk_class: riskClass,
  })),
  factors: assessment.factors,
  engine_version: assessment.engineVersion,
});

/** The answer to a reported outcome: what was recorded, and how each hold was settled. */
export function outcomeAnswer(settled: Settled): object {
  const events = settled.kind === 'replayed' ? [settled.event] : settled.events;
  const recorded = events.find(
    (event): event is RecordedEvent<OutcomeRecorded> => event.type === 'OutcomeRecorded',
  );
  assert(recorded !== undefined, 'an outcome has no record');
  const { toolCallId, status, refunded, settled: holds } = recorded.data;
  return {
    tool_call_id: toolCallId,
    status,
    refunded,
    settled: holds.map(({ reservationId, unit, charged, released }) => ({
      reservation_id: reservationId,
      charged: { unit, amount: charged },
      released: { unit, amount: released },
    })),
  };
}
