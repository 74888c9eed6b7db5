/** Folds events into the state. Throws on an unknown type and on an event that contradicts the state. */

import type { Unit } from './amount.js';
import { assert, unreachable } from './assertions.js';
import { canonicalJson } from './canonical-json.js';
import type {
  BalanceAfter,
  BudgetCreated,
  BudgetFunded,
  BudgetRolledOver,
  Decided,
  LedgerEvent,
  Reserved,
} from './events.js';
import type { ReservationId, ScopePath } from './ids.js';
import { type Budget, balanceOf, type Reservation, type Tenant, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

/** How many allowed calls without a hold are remembered until their outcome comes. */
const FREE_CALLS_MAX = 1_000;

/**
 * Writes what an event says into the given layer of state, and returns it.
 * @param atMs when the event occurred, ms since the epoch
 * @throws AssertionError when the event contradicts the state: then the stream must not be decided on
 */
export function evolve(state: TenantState, event: LedgerEvent, atMs: number): TenantState {
  switch (event.type) {
    case 'TenantOpened':
      assert(state.tenant === null, 'a tenant opens once');
      state.tenant = {
        ...event.data,
        status: 'ACTIVE',
        createdAtMs: atMs,
        updatedAtMs: atMs,
        suspendedAtMs: null,
        closedAtMs: null,
      };
      return state;
    case 'TenantSuspended':
      return withTenant(state, { status: 'SUSPENDED', suspendedAtMs: atMs, updatedAtMs: atMs });
    case 'TenantReactivated':
      return withTenant(state, { status: 'ACTIVE', suspendedAtMs: null, updatedAtMs: atMs });
    case 'TenantClosed':
      return closeTenant(state, atMs);
    case 'ApiKeyIssued':
      assert(!state.keys.has(event.data.keyId), 'a key is issued once');
      state.keys.set(event.data.keyId, {
        ...event.data,
        createdAtMs: atMs,
        revokedAtMs: null,
        revokedReason: null,
      });
      return state;
    case 'ApiKeyRevoked': {
      const key = state.keys.get(event.data.keyId);
      assert(key !== undefined && key.revokedAtMs === null, 'a revoked key exists and is revoked once');
      state.keys.set(key.keyId, { ...key, revokedAtMs: atMs, revokedReason: event.data.reason });
      return state;
    }
    case 'BudgetCreated':
      return createBudget(state, event, atMs);
    case 'BudgetFunded':
      return fundBudget(state, event, atMs);
    case 'BudgetFrozen':
      return changeBudget(state, event.data, { status: 'FROZEN', updatedAtMs: atMs });
    case 'BudgetUnfrozen':
      return changeBudget(state, event.data, { status: 'ACTIVE', updatedAtMs: atMs });
    case 'BudgetClosed':
      return retireBudget(state, event.data);
    case 'BudgetRolledOver':
      return rollOver(state, event, atMs);
    case 'BudgetTemplateDefined':
      assert(!state.templates.has(event.data.templateId), 'a template is defined once');
      state.templates.set(event.data.templateId, { ...event.data, createdAtMs: atMs });
      return state;
    case 'BudgetTemplateRetired':
      assert(state.templates.has(event.data.templateId), 'a retired template exists');
      state.templates.delete(event.data.templateId);
      return state;
    case 'Decided':
      return rememberToolCall(state, event);
    case 'Reserved':
      return hold(state, event, atMs);
    case 'Committed': {
      const { reservationId, charged, balances } = event.data;
      return endHold(state, { reservationId, charged, balances }, atMs);
    }
    case 'Released': {
      const { reservationId, balances } = event.data;
      return endHold(state, { reservationId, charged: 0n, balances }, atMs);
    }
    case 'OutcomeRecorded':
      state.toolCalls.delete(event.data.toolCallId);
      return state;
    default:
      return unreachable(event);
  }
}

function withTenant(state: TenantState, change: Partial<Tenant>): TenantState {
  assert(state.tenant !== null && state.tenant.status !== 'CLOSED', 'the tenant is open');
  state.tenant = { ...state.tenant, ...change };
  return state;
}

/** Closing releases every hold and closes every budget; keys stay recognised, so that they are told why. */
function closeTenant(state: TenantState, atMs: number): TenantState {
  for (const [id] of state.reservations.entries()) state.reservations.delete(id);
  for (const [id] of state.toolCalls.entries()) state.toolCalls.delete(id);
  for (const [key, budget] of state.budgets.entries()) {
    state.budgets.set(key, { ...budget, reserved: 0n, status: 'CLOSED', updatedAtMs: atMs });
  }
  return withTenant(state, { status: 'CLOSED', closedAtMs: atMs, updatedAtMs: atMs });
}

function createBudget(state: TenantState, { data }: BudgetCreated, atMs: number): TenantState {
  const { balances, ...rest } = data;
  const key = budgetKey(data.scope, data.unit);
  const [balance] = balances;
  assert(balance !== undefined && !state.budgets.has(key), 'a budget is created once');
  state.budgets.set(key, { ...rest, ...balance, status: 'ACTIVE', createdAtMs: atMs, updatedAtMs: atMs });
  return state;
}

/** Funding leaves what is held alone, and repays what it says it repaid. */
function fundBudget(state: TenantState, { data }: BudgetFunded, atMs: number): TenantState {
  const budget = requireBudget(state, data);
  const [balance] = data.balances;
  assert(balance !== undefined, 'a funding carries the balance after it');
  assertMoved(budget, data.before, budget);
  assertMoved(budget, balance, {
    ...budget,
    allocated: balance.allocated,
    spent: data.spent ?? budget.spent,
    debt: budget.debt - data.repaid,
    uncovered: balance.uncovered,
  });
  setBalance(state, balance, atMs);
  return state;
}

/** A new period changes what is spent and allocated; holds and debt go on. */
function rollOver(state: TenantState, { data }: BudgetRolledOver, atMs: number): TenantState {
  const budget = requireBudget(state, data);
  const [balance] = data.balances;
  assert(balance !== undefined && data.spentBefore === budget.spent, 'a period ends at what was spent in it');
  const { allocated, spent, uncovered } = balance;
  assertMoved(budget, balance, { ...budget, allocated, spent, uncovered });
  setBalance(state, balance, atMs);
  return changeBudget(state, data, { period: data.period });
}

function requireBudget(state: TenantState, at: Pick<BalanceAfter, 'scope' | 'unit'>): Budget {
  const budget = state.budgets.get(budgetKey(at.scope, at.unit));
  assert(budget !== undefined, 'the budget of an event exists');
  return budget;
}

/** Balances of a hold come in the order of its scopes. */
function heldBudget(state: TenantState, scope: ScopePath | undefined, unit: Unit): Budget {
  assert(scope !== undefined, 'a hold names its scopes');
  return requireBudget(state, { scope, unit });
}

function changeBudget(
  state: TenantState,
  at: Pick<BalanceAfter, 'scope' | 'unit'>,
  change: Partial<Budget>,
): TenantState {
  state.budgets.set(budgetKey(at.scope, at.unit), { ...requireBudget(state, at), ...change });
  return state;
}

function setBalance(state: TenantState, balance: BalanceAfter, atMs: number): void {
  changeBudget(state, balance, { ...balance, updatedAtMs: atMs });
}

function retireBudget(state: TenantState, at: Pick<BalanceAfter, 'scope' | 'unit'>): TenantState {
  assert(requireBudget(state, at).reserved === 0n, 'a budget that holds nothing is closed');
  const key = budgetKey(at.scope, at.unit);
  state.budgets.delete(key);
  state.retired.set(key, true);
  return state;
}

function rememberToolCall(state: TenantState, { data }: Decided): TenantState {
  if (data.gate === null || data.decision === 'DENY') return state;
  const { decisionId, gate, scopePath } = data;
  assert(scopePath !== null, 'an allowed tool call has a scope path');
  const holds = gate.holds.map((held) => held.reservationId);
  state.toolCalls.set(decisionId, { toolCallId: decisionId, scopePath, holds });
  if (holds.length > 0) return state;
  const slot = state.freeCallCount % FREE_CALLS_MAX;
  const forgotten = state.freeCalls.get(slot);
  if (forgotten !== undefined) state.toolCalls.delete(forgotten);
  state.freeCalls.set(slot, decisionId);
  state.freeCallCount += 1;
  return state;
}

function hold(state: TenantState, { data }: Reserved, atMs: number): TenantState {
  assert(!state.reservations.has(data.reservationId), 'a reservation is made once');
  assert(data.balances.length === data.heldScopes.length, 'a hold carries a balance for each held scope');
  for (const [index, balance] of data.balances.entries()) {
    const budget = heldBudget(state, data.heldScopes[index], data.unit);
    assertMoved(budget, balance, { ...budget, reserved: budget.reserved + data.amount });
    setBalance(state, balance, atMs);
  }
  state.reservations.set(data.reservationId, reservationOf(data));
  return state;
}

const reservationOf = (data: Reserved['data']): Reservation => ({
  reservationId: data.reservationId,
  subject: data.subject,
  action: data.action,
  held: { unit: data.unit, amount: data.amount },
  scopePath: data.scopePath,
  affectedScopes: data.affectedScopes,
  heldScopes: data.heldScopes,
  createdAtMs: data.createdAtMs,
  expiresAtMs: data.expiresAtMs,
  dueAtMs: data.expiresAtMs + data.gracePeriodMs,
  overagePolicy: data.overagePolicy,
  caps: data.caps,
  toolCallId: data.toolCallId,
});

/** Ends a hold, checking that what left `reserved` and what was charged add up at every scope. */
function endHold(
  state: TenantState,
  end: { reservationId: ReservationId; charged: bigint; balances: readonly BalanceAfter[] },
  atMs: number,
): TenantState {
  const reservation = state.reservations.get(end.reservationId);
  assert(reservation !== undefined, 'a hold ends once');
  assert(
    end.balances.length === reservation.heldScopes.length,
    'an end carries a balance for each held scope',
  );
  for (const [index, balance] of end.balances.entries()) {
    const budget = heldBudget(state, reservation.heldScopes[index], reservation.held.unit);
    const debt = balance.debt - budget.debt;
    assertMoved(budget, balance, {
      ...budget,
      reserved: budget.reserved - reservation.held.amount,
      spent: budget.spent + end.charged - debt,
      debt: balance.debt,
      uncovered: balance.uncovered,
    });
    assert(debt >= 0n && debt <= end.charged, 'what becomes debt is part of the charge');
    assert(balance.uncovered >= budget.uncovered, 'a settlement makes nothing good');
    setBalance(state, balance, atMs);
  }
  state.reservations.delete(reservation.reservationId);
  forgetHold(state, reservation);
  return state;
}

function forgetHold(state: TenantState, { toolCallId, reservationId }: Reservation): void {
  const call = toolCallId === null ? undefined : state.toolCalls.get(toolCallId);
  if (call === undefined) return;
  const holds = call.holds.filter((id) => id !== reservationId);
  if (holds.length === 0) state.toolCalls.delete(call.toolCallId);
  else state.toolCalls.set(call.toolCallId, { ...call, holds });
}

/** The bank statement must agree with the arithmetic. */
function assertMoved(budget: Budget, stated: BalanceAfter, computed: BalanceAfter): void {
  const agrees =
    stated.scope === computed.scope &&
    stated.unit === computed.unit &&
    stated.allocated === computed.allocated &&
    stated.spent === computed.spent &&
    stated.reserved === computed.reserved &&
    stated.debt === computed.debt &&
    stated.overdraftLimit === computed.overdraftLimit &&
    stated.uncovered === computed.uncovered;
  assert(
    agrees,
    `the balance of ${budget.scope} contradicts its event: ${canonicalJson([balanceOf(computed), stated])}`,
  );
}
