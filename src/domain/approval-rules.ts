/** Which rule asks people about a call, and whom it asks. */

import type { ApprovalConditions, ApprovalRule, ApprovalTerms } from './approval.events.js';
import type { RiskClass, Tier } from './assessment.js';
import type { OperatorId } from './ids.js';

/** A person who may answer in the tenant at all: known by the server's own word, never by the caller's. */
export interface Approver {
  readonly operatorId: OperatorId;
  /** The approver groups that the person answers for. */
  readonly groups: readonly string[];
}

/** What the gate asks by itself, for plain reservations never. The rules of a matching policy take its place. */
export const GATE_RULE: ApprovalRule = {
  name: 'gate',
  when: {
    tierMin: 4,
    pointsMin: null,
    riskClasses: [],
    actionKinds: [],
    tools: [],
    environments: [],
    budgetExceeded: false,
  },
  missingPointsMax: 400,
  group: null,
  quorum: 1,
  answerWithinMs: 60 * 60 * 1000,
  useWithinMs: 15 * 60 * 1000,
  passkey: false,
  links: false,
  escalation: null,
};

/** As much of a call as rules look at. A plain reservation has no assessment: what asks about one does not fit it. */
export interface CallFacts {
  readonly actionKind: string;
  readonly riskClass: RiskClass;
  readonly assessed: {
    readonly tier: Tier;
    readonly points: number;
    readonly tool: string;
    readonly server: string | null;
    readonly environments: readonly string[];
    /** Whether the tool is registered as one that needs approval. */
    readonly toolRequiresApproval: boolean;
  } | null;
}

/** The first rule that fits; a tool registered as needing approval asks like the gate where none does. */
export function ruleFor(
  rules: readonly ApprovalRule[],
  call: CallFacts,
  isShort: boolean,
): ApprovalRule | null {
  const fitting = rules.find(({ when }) => fits(when, call, isShort));
  if (fitting !== undefined) return fitting;
  return call.assessed?.toolRequiresApproval ? GATE_RULE : null;
}

function fits(
  when: ApprovalConditions,
  { actionKind, riskClass, assessed }: CallFacts,
  isShort: boolean,
): boolean {
  const { tierMin, pointsMin, riskClasses, actionKinds, tools, environments } = when;
  return (
    (!when.budgetExceeded || isShort) &&
    includes(riskClasses, riskClass) &&
    includes(actionKinds, actionKind) &&
    (tierMin === null || (assessed !== null && assessed.tier >= tierMin)) &&
    (pointsMin === null || (assessed !== null && assessed.points >= pointsMin)) &&
    (tools.length === 0 || (assessed !== null && tools.some((pattern) => isTool(pattern, assessed)))) &&
    (environments.length === 0 ||
      (assessed?.environments.some((name) => environments.includes(name)) ?? false))
  );
}

const includes = <T>(wanted: readonly T[], value: T): boolean =>
  wanted.length === 0 || wanted.includes(value);

function isTool(pattern: string, { tool, server }: NonNullable<CallFacts['assessed']>): boolean {
  const names = server === null ? [tool] : [tool, `${server}:${tool}`];
  return names.some((name) => matches(pattern.toLowerCase(), name.toLowerCase()));
}

/** Whether a text is a pattern's, where `*` stands for any run of characters. Time grows with their product at most. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast ? Math.max(text.length - part.length, at) : text.indexOf(part, at);
    if (found < 0 || !text.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return rest.length > 0 || at === text.length;
}

/** Whether a person belongs to those whom a question is put to. */
export const isAsked = (
  { groups }: Approver,
  { group, escalation }: ApprovalTerms,
  isEscalated: boolean,
): boolean =>
  group === null ||
  groups.includes(group) ||
  (isEscalated && escalation !== null && groups.includes(escalation.group));

/** Whether enough people can be asked: the owner of the asking key is none of them. */
export function canBeAnswered(
  terms: ApprovalTerms,
  approvers: readonly Approver[],
  ownerOperatorId: string | null,
): boolean {
  const askable = approvers.filter(
    (person) => person.operatorId !== ownerOperatorId && isAsked(person, terms, true),
  );
  return askable.length >= terms.quorum;
}
