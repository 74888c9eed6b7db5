/** What is asked about a tool call before any budget: where it acts, whether it is complete, what is never let through. */

import { examine } from './admission.js';
import type { Amount } from './amount.js';
import { type Asked, sessionScopeOf } from './approval.decider.js';
import type { SubmitToolCall } from './commands.js';
import type { Action } from './events.js';
import type { FittingHold, RefusedHold } from './holds.js';
import type { ReservationId } from './ids.js';
import type { Placed } from './placement.js';
import { type Refusal, type RefusalCode, refusal } from './refusals.js';
import type { ApiKey, TenantState } from './state.js';
import type { Subject } from './subject.js';

/** The session is the workflow, and the tool registry says which toolset: neither is the client's to choose. */
export const gateSubject = ({ subject, record, toolset }: SubmitToolCall): Subject => ({
  ...subject,
  workflow: record.sessionId,
  toolset,
});

/** Where the key fixes the app, a workspace of the caller's choice would be a fresh standing budget of that app. */
export function workspaceGuard(subject: Subject, key: ApiKey | undefined): Refusal | null {
  const isChosen = subject.workspace !== undefined && key?.fixedSubject.workspace === undefined;
  if (!isChosen || key?.fixedSubject.app === undefined) return null;
  return refusal('scope_forbidden', 'The API key fixes app and no workspace, so none may be given.', {
    field: 'subject.workspace',
  });
}

/** A call is decided by what is registered at that moment, wherever and however shortly before it was registered. */
export function registryGuard({ assessedBy }: SubmitToolCall, state: TenantState): Refusal | null {
  if (assessedBy === undefined) return null;
  const { registry, kinds, knowsPeople } = assessedBy;
  const isCurrent = registry === state.registry && kinds === state.kinds;
  if (isCurrent && (knowsPeople || state.approvals.isEmpty)) return null;
  return refusal(
    'registry_changed',
    'What the tenant has registered or approved has changed while the call was assessed: submit it again.',
  );
}

export function requestGuard({ estimate }: SubmitToolCall, { subject }: Placed): Refusal | null {
  if (subject.app === undefined) {
    return refusal('request_invalid', 'subject.app is missing: give it, or issue the key with a fixed app.', {
      field: 'subject.app',
    });
  }
  if (estimate?.unit === 'RISK_POINTS') {
    return refusal('request_invalid', 'estimate.unit cannot be RISK_POINTS: the server assesses risk.', {
      field: 'estimate.unit',
    });
  }
  return null;
}

export function refuseOutright({ assessment }: SubmitToolCall): Refusal | null {
  if (assessment.selfProtection) {
    return refusal('self_protection', 'The call touches the gate itself. No setting allows that.');
  }
  if (assessment.radius === 'system') {
    return refusal(
      'radius_refused',
      `The call reaches a whole system and what depends on it (${assessment.riskPoints} risk points): ${worstReason(assessment)}`,
    );
  }
  return null;
}

function worstReason(assessment: SubmitToolCall['assessment']): string {
  const worst = assessment.effects.reduce<(typeof assessment.effects)[number] | undefined>(
    (most, effect) => (most === undefined || effect.points > most.points ? effect : most),
    undefined,
  );
  return worst === undefined ? 'unseen' : `${worst.verb} ${worst.target}.`;
}

/** The call as people see it: where its record would have only its beginning, it has all of it. */
export function inFull(command: SubmitToolCall): SubmitToolCall {
  const { record, whole } = command;
  if (!record.inputTruncated || !whole) return command;
  const tool = { ...record.tool, input: whole.input };
  return { ...command, record: { ...record, tool, inputTruncated: false }, assessment: whole.assessment };
}

/** The call as people are asked about it. The session is where questions are counted. */
export function askedOf(command: SubmitToolCall, placed: Placed): Asked {
  const { assessment, record } = command;
  return {
    decisionId: command.toolCallId,
    actionHash: record.actionHash,
    sessionScope: sessionScopeOf(placed),
    action: actionOf(command),
    amount: { unit: 'RISK_POINTS', amount: BigInt(assessment.riskPoints) },
    money: command.estimate !== null && command.estimate.amount > 0n ? command.estimate : null,
    isShown: !record.inputTruncated || Boolean(command.whole),
    approvers: command.approvers,
    facts: {
      actionKind: actionOf(command).kind,
      riskClass: assessment.riskClass,
      assessed: {
        tier: assessment.tier,
        points: assessment.riskPoints,
        tool: record.tool.name,
        server: record.tool.server,
        environments: assessment.effects.map(({ environment }) => environment),
        toolRequiresApproval: command.requiresApproval,
      },
    },
  };
}

/** A request that waited for an answer which did not come asks nobody anew: a timeout is no answer, and says so. */
export function waitedGuard({ waitedFor }: SubmitToolCall, state: TenantState): Refusal | null {
  if (waitedFor === null || state.approvals.has(waitedFor)) return null;
  return refusal(
    'approval_expired',
    `The approval ${waitedFor} was not answered in time, or was withdrawn, or another request used it.`,
    {
      approval_id: waitedFor,
    },
  );
}

export const actionOf = (command: SubmitToolCall): Action => ({
  kind: command.declaredKind ?? command.assessment.actionKind,
  name: command.record.tool.server
    ? `${command.record.tool.server}:${command.record.tool.name}`
    : command.record.tool.name,
});

/** Risk always, even of 0 points, since a missing or closed budget denies; money when it was estimated. */
export function wantedHolds(command: SubmitToolCall): { amount: Amount; reservationId: ReservationId }[] {
  const risk: Amount = { unit: 'RISK_POINTS', amount: BigInt(command.assessment.riskPoints) };
  const wanted = [{ amount: risk, reservationId: command.riskReservationId }];
  if (command.estimate !== null && command.estimate.amount > 0n) {
    wanted.push({ amount: command.estimate, reservationId: command.moneyReservationId });
  }
  return wanted;
}

/** A session is a run: quotas for runs count by it. */
export const examineCall = (command: SubmitToolCall, placed: Placed, state: TenantState, nowMs: number) =>
  examine(
    {
      subject: placed.subject,
      action: actionOf(command),
      scopes: placed.scopes,
      runId: command.record.sessionId,
      nowMs,
    },
    state,
  );

/** What denies even a call that costs nothing. A budget that is used up does not: there is nothing to take. */
const FREE_TOO: ReadonlySet<RefusalCode> = new Set([
  'budget_not_found',
  'unit_mismatch',
  'budget_closed',
  'budget_frozen',
] satisfies RefusalCode[]);

/** Why one unit cannot be held for a call; null when it can be, or when there is nothing to hold. */
export function holdGuard(
  hold: FittingHold | RefusedHold,
  { amount, unit }: Amount,
  placed: Placed,
): Refusal | null {
  if (hold.kind === 'fits') return null;
  const isNeeded = amount > 0n || FREE_TOO.has(hold.refusal.code);
  return isNeeded ? withoutUnit(hold.refusal, unit, placed) : null;
}

/** At the gate a missing budget denies, whatever other units the scopes are kept in. */
const withoutUnit = (refused: Refusal, unit: string, placed: Placed): Refusal =>
  refused.code === 'unit_mismatch' || refused.code === 'budget_not_found'
    ? refusal(
        'budget_not_found',
        `There is no ${unit} budget at ${placed.path} or above it.`,
        { unit },
        {
          suggestedFix: `Create a ${unit} budget at the scope of the call or above it, or a template that opens one.`,
        },
      )
    : refused;
