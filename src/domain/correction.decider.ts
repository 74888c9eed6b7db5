/** Decides about putting right what was charged, and what a budget's amounts are. Operators only. */

import { fitsInt64 } from './amount.js';
import { budgetToChange } from './budget.decider.js';
import { adjusted } from './charge.js';
import type { AdjustCharge, CorrectBudget } from './commands.js';
import type { BalanceAfter } from './events.js';
import { replayOf } from './idempotency.js';
import { type Refusal, refusal } from './refusals.js';
import { accept, isRuling, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import { balanceOf, remainingOf, type Tenant, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

/**
 * Corrects a charge at every scope that bore it and still has a budget. All corrections together give back no
 * more than was charged.
 */
export function adjustCharge(request: Request<AdjustCharge>, tenant: Tenant, state: TenantState): Ruling {
  const { charge, delta, reason, metadata } = request.command;
  const replay = replayOf(request);
  if (replay) return replay;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const { chargeId, unit, scopes } = charge;
  const stands = charge.charged + (state.adjustments.get(chargeId)?.total ?? 0n);
  const charged = stands + delta;
  if (charged < 0n) {
    return refuse(
      refusal('request_invalid', `Only ${stands} are charged for ${chargeId}.`, {
        field: 'delta',
        charged: stands,
      }),
    );
  }
  const balances = scopes.flatMap((scope) => {
    const budget = state.budgets.get(budgetKey(scope, unit));
    return budget === undefined ? [] : [adjusted(budget, delta)];
  });
  if (!fitsInt64(charged) || !balances.every(isSound)) return refuse(overflow('delta'));
  return accept({ type: 'Adjusted', data: { chargeId, unit, delta, charged, reason, metadata, balances } });
}

/** Sets a budget's amounts as stated, all but what is held, which its reservations say. */
export function correctBudget(request: Request<CorrectBudget>, tenant: Tenant, state: TenantState): Ruling {
  const budget = budgetToChange(request, tenant, state);
  if (isRuling(budget)) return budget;
  const { allocated, spent, debt, uncovered, reason } = request.command;
  const { scope, unit } = budget;
  const corrected = balanceOf({ ...budget, allocated, spent, debt, uncovered });
  if ([allocated, spent, debt, uncovered].some((amount) => amount < 0n)) {
    return refuse(refusal('request_invalid', 'No amount of a budget is negative.'));
  }
  if (!isSound(corrected)) return refuse(overflow('allocated'));
  const before = balanceOf(budget);
  return accept({ type: 'Corrected', data: { scope, unit, reason, before, balances: [corrected] } });
}

/** What is held must still fit into spent when it is settled. */
const isSound = (balance: BalanceAfter): boolean =>
  [balance.allocated, balance.spent + balance.reserved, balance.debt, remainingOf(balance)].every(fitsInt64);

const overflow = (field: string): Refusal =>
  refusal('amount_overflow', 'The amount would overflow the budget.', { field });
