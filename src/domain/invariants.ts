/** The invariants of the ledger, asserted before the append on what a command touched. */

import { fitsInt64 } from './amount.js';
import { assert } from './assertions.js';
import type { LedgerEvent } from './events.js';
import type { BudgetKey } from './ids.js';
import { type Budget, remainingOf, type TenantState } from './state.js';

/**
 * Asserts that a command's events left the touched budgets sound: nothing negative but remaining, everything
 * int64, and `reserved` moved by exactly the holds that began and ended. `after` is the command's own fork of
 * `before`, so the cost is what was touched, not the size of the ledger.
 * @throws AssertionError
 */
export function assertInvariants(
  before: TenantState,
  after: TenantState,
  events: readonly LedgerEvent[],
): void {
  if (events.some((event) => event.type === 'TenantClosed')) return;
  const moved = heldByBudget(before, after);
  for (const key of after.budgets.touched()) {
    const budget = after.budgets.get(key);
    if (budget === undefined) continue;
    assertSound(budget);
    const reservedBefore = before.budgets.get(key)?.reserved ?? 0n;
    const change = budget.reserved - reservedBefore;
    assert(change === (moved.get(key) ?? 0n), 'reserved is the sum of the active reservations');
    moved.delete(key);
  }
  for (const rest of moved.values()) assert(rest === 0n, 'a hold moves every budget it names');
}

/** What the holds that began or ended in this fork add to each budget's `reserved`. */
function heldByBudget(before: TenantState, after: TenantState): Map<BudgetKey, bigint> {
  const moved = new Map<BudgetKey, bigint>();
  for (const id of after.reservations.touched()) {
    const was = before.reservations.get(id);
    const is = after.reservations.get(id);
    const reservation = is ?? was;
    if (reservation === undefined || (was === undefined) === (is === undefined)) continue;
    const change = is === undefined ? -reservation.held.amount : reservation.held.amount;
    for (const scope of reservation.heldScopes) {
      const key = `${scope}|${reservation.held.unit}` as BudgetKey;
      moved.set(key, (moved.get(key) ?? 0n) + change);
    }
  }
  return moved;
}

/** What must hold of every budget at every moment. */
export function assertSound(budget: Budget): void {
  const { allocated, spent, reserved, debt, overdraftLimit, uncovered } = budget;
  for (const amount of [allocated, spent, reserved, debt, overdraftLimit, uncovered]) {
    assert(amount >= 0n && fitsInt64(amount), 'nothing but remaining is negative, and everything is int64');
  }
  assert(fitsInt64(remainingOf(budget)), 'remaining is int64');
}
