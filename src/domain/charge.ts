/** What moves at a budget when something is added to a charge, or given back. */

import { maxOf, minOf } from './amount.js';
import type { BalanceAfter } from './events.js';
import { balanceOf, remainingOf } from './state.js';

/** What a change adds to remaining makes good for charges that were capped. */
export function madeGood(budget: BalanceAfter, change: Partial<BalanceAfter>): BalanceAfter {
  const after = balanceOf({ ...budget, ...change });
  const gained = maxOf(remainingOf(after) - remainingOf(budget), 0n);
  return { ...after, uncovered: maxOf(budget.uncovered - gained, 0n) };
}

/**
 * The balance after a correction of a charge. More is spent, whatever remains. What is given back repays debt
 * first, then leaves spent; a period that ended since has nothing more to give back.
 */
export function adjusted(budget: BalanceAfter, delta: bigint): BalanceAfter {
  if (delta >= 0n) return balanceOf({ ...budget, spent: budget.spent + delta });
  const repaid = minOf(-delta, budget.debt);
  const spent = maxOf(budget.spent + delta + repaid, 0n);
  return madeGood(budget, { debt: budget.debt - repaid, spent });
}
