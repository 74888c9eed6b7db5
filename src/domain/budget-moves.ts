/** Folds what events say about budgets, and holds it against the arithmetic. */

import { minOf, type Unit } from './amount.js';
import { assert } from './assertions.js';
import { canonicalJson } from './canonical-json.js';
import { adjusted } from './charge.js';
import type {
  Adjusted,
  BalanceAfter,
  BudgetCreated,
  BudgetFunded,
  BudgetRolledOver,
  BudgetUpdated,
  Corrected,
  Debited,
} from './events.js';
import type { ScopePath } from './ids.js';
import { renewed } from './period.js';
import { type Budget, balanceOf, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

export function createBudget(state: TenantState, { data }: BudgetCreated, atMs: number): TenantState {
  const { balances, ...rest } = data;
  const key = budgetKey(data.scope, data.unit);
  const [balance] = balances;
  assert(balance !== undefined && !state.budgets.has(key), 'a budget is created once');
  state.budgets.set(key, {
    ...rest,
    ...balance,
    carried: 0n,
    status: 'ACTIVE',
    createdAtMs: atMs,
    updatedAtMs: atMs,
  });
  return state;
}

/** An update moves nothing but the overdraft limit. */
export function updateBudget(state: TenantState, { data }: BudgetUpdated, atMs: number): TenantState {
  const budget = requireBudget(state, data);
  const [balance] = data.balances;
  assert(balance !== undefined, 'an update carries the balance after it');
  assertMoved(budget, balance, { ...budget, overdraftLimit: balance.overdraftLimit });
  setBalance(state, balance, atMs);
  return changeBudget(state, data, data.changes);
}

/** Funding leaves what is held alone, and repays what it says it repaid. */
export function fundBudget(state: TenantState, { data }: BudgetFunded, atMs: number): TenantState {
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
  const isReset = data.operation === 'RESET' || data.operation === 'RESET_SPENT';
  return changeBudget(state, data, { carried: isReset ? 0n : minOf(budget.carried, balance.allocated) });
}

/** A new period changes what is spent and allocated; holds and debt go on. */
export function rollOver(state: TenantState, { data }: BudgetRolledOver, atMs: number): TenantState {
  const budget = requireBudget(state, data);
  const [balance] = data.balances;
  assert(balance !== undefined && data.spentBefore === budget.spent, 'a period ends at what was spent in it');
  assertMoved(budget, balance, renewed(budget));
  setBalance(state, balance, atMs);
  const carried = balance.allocated - (budget.allocated - budget.carried);
  return changeBudget(state, data, { period: data.period, carried });
}

export function retireBudget(state: TenantState, at: Pick<BalanceAfter, 'scope' | 'unit'>): TenantState {
  assert(requireBudget(state, at).reserved === 0n, 'a budget that holds nothing is closed');
  const key = budgetKey(at.scope, at.unit);
  state.budgets.delete(key);
  state.retired.set(key, true);
  return state;
}

/** A settlement frees the hold and charges the same everywhere, at each scope partly as debt or left uncovered. */
export function assertCharged(
  budget: Budget,
  balance: BalanceAfter,
  { held, charged }: { held: bigint; charged: bigint },
): void {
  const debt = balance.debt - budget.debt;
  assertMoved(budget, balance, {
    ...budget,
    reserved: budget.reserved - held,
    spent: budget.spent + charged - debt,
    debt: balance.debt,
    uncovered: balance.uncovered,
  });
  assert(debt >= 0n && debt <= charged, 'what becomes debt is part of the charge');
  assert(balance.uncovered >= budget.uncovered, 'a settlement makes nothing good');
}

export function debit(state: TenantState, { data }: Debited, atMs: number): TenantState {
  assert(data.balances.length === data.chargedScopes.length, 'a charge carries a balance for each scope');
  for (const [index, balance] of data.balances.entries()) {
    const budget = heldBudget(state, data.chargedScopes[index], data.unit);
    assertCharged(budget, balance, { held: 0n, charged: data.charged });
    setBalance(state, balance, atMs);
  }
  return state;
}

export function adjust(state: TenantState, { data }: Adjusted, atMs: number): TenantState {
  for (const balance of data.balances) {
    const budget = requireBudget(state, balance);
    assertMoved(budget, balance, adjusted(budget, data.delta));
    setBalance(state, balance, atMs);
  }
  const before = state.adjustments.get(data.chargeId)?.total ?? 0n;
  state.adjustments.set(data.chargeId, { total: before + data.delta });
  return state;
}

/** A correction states what it likes, but for what is held. */
export function correct(state: TenantState, { data }: Corrected, atMs: number): TenantState {
  const budget = requireBudget(state, data);
  const [balance] = data.balances;
  assert(balance !== undefined, 'a correction carries the balance after it');
  assertMoved(budget, data.before, budget);
  const { allocated, spent, debt, uncovered } = balance;
  assertMoved(budget, balance, { ...budget, allocated, spent, debt, uncovered });
  setBalance(state, balance, atMs);
  return changeBudget(state, data, { carried: minOf(budget.carried, allocated) });
}

function requireBudget(state: TenantState, at: Pick<BalanceAfter, 'scope' | 'unit'>): Budget {
  const budget = state.budgets.get(budgetKey(at.scope, at.unit));
  assert(budget !== undefined, 'the budget of an event exists');
  return budget;
}

/** Balances of a hold come in the order of its scopes. */
export function heldBudget(state: TenantState, scope: ScopePath | undefined, unit: Unit): Budget {
  assert(scope !== undefined, 'a hold names its scopes');
  return requireBudget(state, { scope, unit });
}

export function changeBudget(
  state: TenantState,
  at: Pick<BalanceAfter, 'scope' | 'unit'>,
  change: Partial<Budget>,
): TenantState {
  state.budgets.set(budgetKey(at.scope, at.unit), { ...requireBudget(state, at), ...change });
  return state;
}

export function setBalance(state: TenantState, balance: BalanceAfter, atMs: number): void {
  changeBudget(state, balance, { ...balance, updatedAtMs: atMs });
}

/** The bank statement must agree with the arithmetic. */
export function assertMoved(budget: Budget, stated: BalanceAfter, computed: BalanceAfter): void {
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
