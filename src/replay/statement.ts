/** Recomputes the balances that an event states, from its amounts and the balances before it. */

import { fund } from '../domain/budget.decider.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { BalanceAfter, RecordedEvent } from '../domain/events.js';
import { renewed } from '../domain/period.js';
import { type Budget, balanceOf, type TenantState } from '../domain/state.js';
import { budgetKey } from '../domain/subject.js';
import { Mismatch } from './finding.js';

/**
 * Checks what the fold takes from an event as it stands: openings, fundings and new periods. Holds and
 * settlements are checked by the fold itself.
 * @param before the state before the event
 * @throws Mismatch
 */
export function checkStatement(event: RecordedEvent, before: TenantState): void {
  switch (event.type) {
    case 'BudgetCreated': {
      const { scope, unit, allocated, overdraftLimit, balances } = event.data;
      const nothing = { spent: 0n, reserved: 0n, debt: 0n, uncovered: 0n };
      expectBalances(balances, { scope, unit, allocated, overdraftLimit, ...nothing });
      return;
    }
    case 'BudgetFunded': {
      const { operation, amount, spent, balances, repaid } = event.data;
      const stands = standing(before, event.data);
      expectBalances([event.data.before], stands);
      const after = fund(stands, { operation, amount, spent });
      if ('code' in after) throw new Mismatch('balance', `the budget did not allow it: ${after.message}`);
      expectBalances(balances, after);
      if (repaid !== stands.debt - after.debt) throw new Mismatch('balance', 'it states another repayment');
      return;
    }
    case 'BudgetRolledOver': {
      const stands = standing(before, event.data);
      if (event.data.spentBefore !== stands.spent) throw new Mismatch('balance', 'it states another spent');
      expectBalances(event.data.balances, renewed(stands));
      return;
    }
    case 'Corrected':
      expectBalances([event.data.before], standing(before, event.data));
      return;
    default:
      return;
  }
}

function standing(state: TenantState, { scope, unit }: Pick<BalanceAfter, 'scope' | 'unit'>): Budget {
  const budget = state.budgets.get(budgetKey(scope, unit));
  if (budget === undefined) throw new Mismatch('fold', `there is no budget in ${unit} at ${scope}`);
  return budget;
}

function expectBalances(stated: readonly BalanceAfter[], computed: BalanceAfter): void {
  const [only] = stated;
  const agrees = stated.length === 1 && only !== undefined && isSame(only, computed);
  if (agrees) return;
  const difference = canonicalJson({ computed: balanceOf(computed), stated });
  throw new Mismatch('balance', `the balance of ${computed.scope} is another: ${difference}`);
}

/** Whether two balances are the same in every amount. */
export const isSame = (a: BalanceAfter, b: BalanceAfter): boolean =>
  a.scope === b.scope &&
  a.unit === b.unit &&
  a.allocated === b.allocated &&
  a.spent === b.spent &&
  a.reserved === b.reserved &&
  a.debt === b.debt &&
  a.overdraftLimit === b.overdraftLimit &&
  a.uncovered === b.uncovered;
