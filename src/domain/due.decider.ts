/** Decides what time alone brings about: expiries, timeouts of the gate's holds, new periods, idle sessions. */

import { assert } from './assertions.js';
import type { LedgerEvent } from './events.js';
import type { ApprovalId, BudgetKey, ReservationId } from './ids.js';
import { settle } from './overage.js';
import { nextPeriod, renewed } from './period.js';
import { isRefusal } from './refusals.js';
import { committed, released, settledScopes } from './settlement.decider.js';
import type { Approval, Budget, Reservation, TenantState } from './state.js';
import { levelOf } from './subject.js';

/** A session budget that nobody used for this long is closed. */
const IDLE_MS = 24 * 3_600_000;

/** Something that falls due. It may be stale by then: the decision looks at the state. */
export type Due =
  | { readonly atMs: number; readonly kind: 'reservation'; readonly key: ReservationId }
  | { readonly atMs: number; readonly kind: 'period' | 'idle'; readonly key: BudgetKey }
  | DueOfApproval;
interface DueOfApproval {
  readonly atMs: number;
  readonly kind: 'approval' | 'escalation';
  readonly key: ApprovalId;
}

const dueOfReservation = ({
  reservationId,
  dueAtMs,
}: Pick<Reservation, 'reservationId' | 'dueAtMs'>): Due => ({
  atMs: dueAtMs,
  kind: 'reservation',
  key: reservationId,
});

const isSessionBudget = (budget: Pick<Budget, 'template' | 'scope'>): boolean =>
  budget.template !== null && levelOf(budget.scope) === 'workflow';

function duesOfBudget(key: BudgetKey, budget: Budget): Due[] {
  if (budget.status === 'CLOSED') return [];
  const dues: Due[] = [];
  if (budget.period !== null) dues.push({ atMs: budget.period.endMs, kind: 'period', key });
  if (isSessionBudget(budget)) dues.push({ atMs: budget.updatedAtMs + IDLE_MS, kind: 'idle', key });
  return dues;
}

/** The end of the time to answer, or to use the answer, and before it the second group's turn. */
function duesOfApproval(approval: Approval): Due[] {
  const { approvalId: key, status, answerByMs, usableUntilMs, escalateAtMs, isEscalated } = approval;
  const dues: Due[] = [];
  const atMs = status === 'PENDING' ? answerByMs : usableUntilMs;
  if (atMs !== null) dues.push({ atMs, kind: 'approval', key });
  if (escalateAtMs !== null && !isEscalated && status === 'PENDING') {
    dues.push({ atMs: escalateAtMs, kind: 'escalation', key });
  }
  return dues;
}

/** Everything a state will have fall due: what a writer needs after loading. */
export function allDue(state: TenantState): Due[] {
  if (state.tenant?.status === 'CLOSED') return [];
  const dues: Due[] = [];
  for (const reservation of state.reservations.values()) dues.push(dueOfReservation(reservation));
  for (const [key, budget] of state.budgets.entries()) dues.push(...duesOfBudget(key, budget));
  for (const approval of state.approvals.values()) dues.push(...duesOfApproval(approval));
  return dues;
}

/**
 * What an event makes fall due. A session budget is queued once, when it opens; used since, its idle time is
 * queued again when the first one turns out stale.
 */
export function dueAfter(event: LedgerEvent, atMs: number, state: TenantState): Due[] {
  switch (event.type) {
    case 'Reserved':
      return [
        dueOfReservation({
          reservationId: event.data.reservationId,
          dueAtMs: event.data.expiresAtMs + event.data.gracePeriodMs,
        }),
      ];
    case 'BudgetCreated':
    case 'BudgetUpdated':
    case 'BudgetRolledOver': {
      if (event.type === 'BudgetUpdated' && !event.data.changes.period) return [];
      const key = `${event.data.scope}|${event.data.unit}` as BudgetKey;
      const budget = state.budgets.get(key);
      if (budget === undefined) return [];
      return duesOfBudget(key, { ...budget, updatedAtMs: atMs }).filter(
        (due) => event.type === 'BudgetCreated' || due.kind === 'period',
      );
    }
    case 'ApprovalRequested':
    case 'ApprovalGranted': {
      const approval = state.approvals.get(event.data.approvalId);
      return approval === undefined ? [] : duesOfApproval(approval);
    }
    default:
      return [];
  }
}

/** The events of one due item, or none when it is stale. `again` is when to look once more. */
export function decideDue(
  due: Due,
  state: TenantState,
  nowMs: number,
): { readonly events: LedgerEvent[]; readonly again: Due | null } {
  if (state.tenant?.status === 'CLOSED') return { events: [], again: null };
  if (due.kind === 'reservation') {
    const reservation = state.reservations.get(due.key);
    if (reservation === undefined) return { events: [], again: null };
    if (reservation.dueAtMs > nowMs) return { events: [], again: dueOfReservation(reservation) };
    return { events: [endReservation(reservation, state)], again: null };
  }
  if (isOfApproval(due)) return { events: lapse(due, state, nowMs), again: null };
  const budget = state.budgets.get(due.key);
  if (budget === undefined || budget.status === 'CLOSED') return { events: [], again: null };
  return due.kind === 'period' ? rollOver(budget, nowMs) : closeIdle(budget, due, nowMs);
}

/** A plain hold expires; a hold of the gate whose outcome never came is committed: the action may have run. */
function endReservation(reservation: Reservation, state: TenantState): LedgerEvent {
  if (reservation.toolCallId === null) return released(reservation, state, 'expired', null);
  const { amount } = reservation.held;
  const settlement = settle(settledScopes(reservation, state), amount, amount, 'REJECT');
  assert(!isRefusal(settlement), 'to settle at the held amount cannot be refused');
  return committed(reservation, settlement, {
    reason: 'timeout',
    actual: amount,
    metrics: null,
    metadata: null,
  });
}

const isOfApproval = (due: Due): due is DueOfApproval => due.kind === 'approval' || due.kind === 'escalation';

/** A question that nobody answered, or an answer that nobody used, lapses; one not answered yet goes to more people. */
function lapse({ kind, key }: DueOfApproval, state: TenantState, nowMs: number): LedgerEvent[] {
  const approval = state.approvals.get(key);
  if (approval === undefined) return [];
  if (!duesOfApproval(approval).some((due) => due.kind === kind && due.atMs <= nowMs)) return [];
  const { approvalId, status, terms } = approval;
  if (kind === 'approval') return [{ type: 'ApprovalExpired', data: { approvalId, was: status } }];
  const group = terms.escalation?.group;
  assert(group !== undefined, 'a question with a time to escalate names whom it goes to');
  return [{ type: 'ApprovalEscalated', data: { approvalId, group } }];
}

/** A new period: nothing spent, holds and debt stay, and what the budget's rollover policy carries over. */
function rollOver(budget: Budget, nowMs: number): { events: LedgerEvent[]; again: Due | null } {
  if (budget.period === null) return { events: [], again: null };
  // Whatever moved the end has queued the new one.
  if (budget.period.endMs > nowMs) return { events: [], again: null };
  const period = nextPeriod(budget.period, nowMs);
  return {
    events: [
      {
        type: 'BudgetRolledOver',
        data: {
          scope: budget.scope,
          unit: budget.unit,
          period,
          spentBefore: budget.spent,
          balances: [renewed(budget)],
        },
      },
    ],
    again: null,
  };
}

function closeIdle(budget: Budget, due: Due, nowMs: number): { events: LedgerEvent[]; again: Due | null } {
  const idleAtMs = budget.updatedAtMs + IDLE_MS;
  const isBusy = budget.reserved > 0n || budget.status === 'FROZEN';
  if (idleAtMs > nowMs || isBusy) {
    return { events: [], again: { ...due, atMs: isBusy ? nowMs + IDLE_MS : idleAtMs } as Due };
  }
  const { scope, unit } = budget;
  return { events: [{ type: 'BudgetClosed', data: { scope, unit, reason: 'idle' } }], again: null };
}
