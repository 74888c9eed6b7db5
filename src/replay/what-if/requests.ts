/** What was asked of a tenant's ledger, told back from the events that answered it. */

import type { Command } from '../../domain/commands.js';
import type {
  Adjusted,
  BudgetFunded,
  BudgetUpdated,
  Debited,
  Decided,
  OutcomeRecorded,
  OveragePolicy,
  RecordedEvent,
  Reserved,
} from '../../domain/events.js';
import type { DebitId, DecisionId, ReservationId, ScopePath } from '../../domain/ids.js';
import type { QuotaCounterReset } from '../../domain/policy.events.js';
import type { TenantState } from '../../domain/state.js';
import { budgetKey } from '../../domain/subject.js';

/** How a world takes an event: by deciding its request again, by following it as it is, or not at all. */
export type Taken =
  | { readonly kind: 'decide'; readonly command: Command }
  | { readonly kind: 'follow' }
  | { readonly kind: 'skip' };

const FOLLOW: Taken = { kind: 'follow' };
const SKIP: Taken = { kind: 'skip' };
const decide = (command: Command): Taken => ({ kind: 'decide', command });

/**
 * What follows from a decision, from time or from an answer comes about again by itself where it does, and is not
 * taken over; what moves balances is decided again, since it says how they stood then.
 * @param state of the world that the event comes into
 */
export function takenFrom(event: RecordedEvent, state: TenantState): Taken {
  switch (event.type) {
    case 'Decided':
      return requestOfDecided(event);
    case 'Reserved':
      return event.data.toolCallId === null ? decide(reserveOf(event)) : SKIP;
    case 'Debited':
      return decide(debitOf(event));
    case 'Committed': {
      const { reservationId, reason, unit, actual, metrics, metadata } = event.data;
      if (reason !== 'client' || !state.reservations.has(reservationId)) return SKIP;
      const decisionId = decisionIdOf(reservationId);
      return decide({
        type: 'Commit',
        reservationId,
        decisionId,
        actual: { unit, amount: actual },
        metrics,
        metadata,
      });
    }
    case 'Released': {
      const { reservationId, reason, note } = event.data;
      if (reason === 'expired' || !state.reservations.has(reservationId)) return SKIP;
      return decide({
        type: 'Release',
        reservationId,
        decisionId: decisionIdOf(reservationId),
        reason: note,
      });
    }
    case 'Extended': {
      const { reservationId, extendByMs, metadata } = event.data;
      if (!state.reservations.has(reservationId)) return SKIP;
      const decisionId = decisionIdOf(reservationId);
      return decide({ type: 'Extend', reservationId, decisionId, extendByMs, metadata });
    }
    case 'OutcomeRecorded':
      return state.toolCalls.has(event.data.toolCallId) ? decide(outcomeOf(event)) : SKIP;
    case 'Adjusted':
      return decide(adjustmentOf(event, state));
    case 'Corrected': {
      const [stated] = event.data.balances;
      return stated === undefined
        ? SKIP
        : decide({ type: 'CorrectBudget', ...stated, reason: event.data.reason });
    }
    case 'BudgetFunded':
      return event.data.grant === undefined ? decide(fundingOf(event)) : SKIP;
    case 'BudgetUpdated':
      return decide(budgetUpdateOf(event));
    case 'QuotaCounterReset':
      return resetOf(event);
    case 'BudgetCreated': {
      const { scope, unit, template } = event.data;
      const isThere = state.budgets.has(budgetKey(scope, unit));
      return template === null && !isThere ? FOLLOW : SKIP;
    }
    case 'BudgetFrozen':
    case 'BudgetUnfrozen': {
      const budget = state.budgets.get(budgetKey(event.data.scope, event.data.unit));
      const expected = event.type === 'BudgetFrozen' ? 'ACTIVE' : 'FROZEN';
      return budget?.status === expected ? FOLLOW : SKIP;
    }
    case 'ApprovalGranted': {
      const { approvalId, operatorId, votes, quorum } = event.data;
      const approval = state.approvals.get(approvalId);
      // An answer to a question on other terms is none to this one.
      const fits =
        approval?.status === 'PENDING' &&
        !approval.votes.includes(operatorId) &&
        approval.votes.length + 1 === votes &&
        approval.terms.quorum === quorum;
      return fits ? FOLLOW : SKIP;
    }
    case 'ApprovalRejected':
      return state.approvals.get(event.data.approvalId)?.status === 'PENDING' ? FOLLOW : SKIP;
    case 'ApprovalCancelled':
      return state.approvals.has(event.data.approvalId) ? FOLLOW : SKIP;
    case 'BudgetClosed':
    case 'BudgetRolledOver':
    case 'ApprovalRequested':
    case 'ApprovalEscalated':
    case 'ApprovalExpired':
    case 'ApprovalConsumed':
      return SKIP;
    default:
      return FOLLOW;
  }
}

/** The tool call of a decision at the gate, all but its assessment as it was recorded; null for other decisions. */
export function toolCallOf({
  data,
  metadata,
}: RecordedEvent<Decided>): Extract<Command, { type: 'SubmitToolCall' }> | null {
  const { decisionId, gate, subject, action } = data;
  if (gate === null || subject === null || action === null) return null;
  const { assessment, session: _session, holds, ...record } = gate;
  const money = holds.find(({ unit }) => unit !== 'RISK_POINTS');
  const [hold] = holds;
  const kind = action.kind === assessment.actionKind ? null : action.kind;
  const isUnshown = data.reasonCode === 'APPROVAL_UNAVAILABLE';
  const waitedFor = data.reasonCode === 'APPROVAL_EXPIRED' ? (data.details?.['approval_id'] ?? null) : null;
  return {
    type: 'SubmitToolCall',
    toolCallId: decisionId,
    riskReservationId: reservationIdOf(
      decisionId,
      holds.find(({ unit }) => unit === 'RISK_POINTS'),
    ),
    moneyReservationId: reservationIdOf(`${decisionId}-money`, money),
    subject,
    toolset: subject.toolset ?? '',
    declaredKind: kind,
    record,
    assessment,
    // Only a call that was too long for people says so; of all others all could have been shown.
    whole: isUnshown ? null : { input: record.tool.input, assessment },
    estimate: money === undefined ? null : { unit: money.unit, amount: money.amount },
    holdMs: hold === undefined ? HOLD_MS : hold.expiresAtMs - Date.parse(metadata.occurredAt),
    requiresApproval: false,
    approvers: [],
    waitedFor: waitedFor as never,
  };
}

/** What a hold of the gate waits for its outcome, in ms. */
const HOLD_MS = 3_600_000;

function requestOfDecided(event: RecordedEvent<Decided>): Taken {
  const { operation, subject, action, estimate, decisionId, metadata } = event.data;
  const toolCall = toolCallOf(event);
  if (toolCall !== null) return decide(toolCall);
  if (subject === null || action === null || estimate === null) return SKIP;
  const asked = { decisionId, subject, action, metadata };
  switch (operation) {
    case 'decide':
      return decide({ type: 'Decide', operation, ...asked, estimate });
    case 'dry_run':
    case 'observe':
      return decide({
        type: 'Decide',
        operation: 'dry_run',
        ...asked,
        estimate,
        observeMode: operation === 'observe' ? 'OBSERVE' : 'ENFORCE',
      });
    case 'reserve':
      return decide({
        type: 'Reserve',
        reservationId: reservationIdOf(decisionId),
        ...asked,
        estimate,
        ttlMs: null,
        gracePeriodMs: null,
        overagePolicy: null,
        observeMode: 'ENFORCE',
      });
    case 'debit':
      return decide({
        type: 'Debit',
        debitId: `evt_${decisionId}` as DebitId,
        ...asked,
        actual: estimate,
        overagePolicy: OVERAGE_BEHIND[event.data.reasonCode ?? ''] ?? null,
        metrics: null,
        clientTimeMs: null,
      });
    default:
      return SKIP;
  }
}

/** The overage policy without which a charge would not have been refused so. */
const OVERAGE_BEHIND: Readonly<Record<string, OveragePolicy>> = {
  BUDGET_EXCEEDED: 'REJECT',
  OVERDRAFT_LIMIT_EXCEEDED: 'ALLOW_WITH_OVERDRAFT',
};

const reserveOf = ({ data }: RecordedEvent<Reserved>): Command => ({
  type: 'Reserve',
  reservationId: data.reservationId,
  decisionId: decisionIdOf(data.reservationId),
  subject: data.subject,
  action: data.action,
  estimate: { unit: data.unit, amount: data.amount },
  ttlMs: data.expiresAtMs - data.createdAtMs,
  gracePeriodMs: data.gracePeriodMs,
  overagePolicy: data.overagePolicy,
  metadata: data.metadata,
  observeMode: 'ENFORCE',
});

function debitOf({ data }: RecordedEvent<Debited>): Command {
  const { debitId, subject, action, unit, actual, overagePolicy, metrics, clientTimeMs, metadata } = data;
  const decisionId = decisionIdOf(debitId);
  const asked = { debitId, decisionId, subject, action, actual: { unit, amount: actual } };
  return { type: 'Debit', ...asked, overagePolicy, metrics, clientTimeMs, metadata };
}

/** Money was charged as it was reported, but for what an overage policy took off. */
function outcomeOf({ data }: RecordedEvent<OutcomeRecorded>): Command {
  const { toolCallId, status, httpStatus, exitCode, error, outputSha256, settled, refunded } = data;
  const money = refunded ? undefined : settled.find(({ unit }) => unit !== 'RISK_POINTS');
  const actual = money === undefined ? null : { unit: money.unit, amount: money.charged };
  const decisionId = decisionIdOf(toolCallId);
  return {
    type: 'RecordOutcome',
    decisionId,
    toolCallId,
    status,
    httpStatus,
    exitCode,
    error,
    outputSha256,
    actual,
  };
}

/** The charge stood at what it was before this correction, at the scopes that bore it and still have a budget. */
function adjustmentOf({ data }: RecordedEvent<Adjusted>, state: TenantState): Command {
  const { chargeId, unit, delta, charged, reason, metadata, balances } = data;
  const scopes: readonly ScopePath[] = balances.map(({ scope }) => scope);
  const before = charged - delta - (state.adjustments.get(chargeId)?.total ?? 0n);
  return {
    type: 'AdjustCharge',
    charge: { chargeId, unit, charged: before, scopes },
    delta,
    reason,
    metadata,
  };
}

const fundingOf = ({ id, data }: RecordedEvent<BudgetFunded>): Command => ({
  type: 'FundBudget',
  decisionId: decisionIdOf(id),
  scope: data.scope,
  unit: data.unit,
  operation: data.operation,
  amount: data.amount,
  spent: data.spent,
  reason: data.reason,
  metadata: data.metadata,
});

/** Of counters that another policy keeps there may be none. */
function resetOf({ data }: RecordedEvent<QuotaCounterReset>): Taken {
  const [counter] = data.counters;
  if (counter === undefined) return SKIP;
  const { scope, counted, window, windowKey } = counter;
  return decide({ type: 'ResetQuotaCounter', scope, counted, window, windowKey, reason: data.reason });
}

function budgetUpdateOf({ data }: RecordedEvent<BudgetUpdated>): Command {
  const { scope, unit, changes, balances } = data;
  const { period, ...others } = changes;
  const stated = period && { startMs: period.startMs, endMs: period.endMs };
  return {
    type: 'UpdateBudget',
    scope,
    unit,
    overdraftLimit: balances[0]?.overdraftLimit ?? null,
    changes: { ...others, ...(period !== undefined && { period: stated ?? null }) },
  };
}

/** Names what the same request would be called again; nothing is stored under it. */
const decisionIdOf = (id: string): DecisionId => `dec_${id.slice(id.indexOf('_') + 1)}` as DecisionId;
const reservationIdOf = (id: string, hold?: { readonly reservationId: ReservationId }): ReservationId =>
  hold?.reservationId ?? (`rsv_${id.slice(id.indexOf('_') + 1)}` as ReservationId);
