/** Settling a hold: what is charged, released, put into debt or capped, scope by scope. */

import { fitsInt64, INT64_MAX, maxOf, minOf } from './amount.js';
import type { BalanceAfter, OveragePolicy } from './events.js';
import { isRefusal, type Refusal, refusal } from './refusals.js';
import { balanceOf, remainingOf } from './state.js';

export interface Settlement {
  readonly charged: bigint;
  readonly released: bigint;
  readonly balances: readonly BalanceAfter[];
}

/** One scope of a hold; a frozen scope has nothing remaining for an overage. */
export interface SettledScope {
  readonly balance: BalanceAfter;
  readonly frozen: boolean;
}

/**
 * Settles `held` at `actual` over all held scopes (cycles-protocol-v0, CommitOveragePolicy).
 * At or under the hold: charge the actual, release the rest. Over it, with delta = actual − held:
 * - REJECT refuses when delta does not fit at every scope.
 * - ALLOW_IF_AVAILABLE charges held + min(delta, least remaining, floor 0); scopes that could not cover delta
 *   become over limit. Never debt, never a refusal.
 * - ALLOW_WITH_OVERDRAFT turns what is short into debt within each scope's overdraft limit, else refuses; a
 *   short scope whose limit is 0 caps the charge as ALLOW_IF_AVAILABLE does.
 * A balance that int64 cannot hold is a refusal too; only debt can bring that about.
 */
export function settle(
  scopes: readonly SettledScope[],
  held: bigint,
  actual: bigint,
  policy: OveragePolicy,
): Settlement | Refusal {
  const settlement =
    actual <= held ? settleWithin(scopes, held, actual) : settleOver(scopes, held, actual - held, policy);
  if (isRefusal(settlement) || settlement.balances.every(fits)) return settlement;
  return refusal('amount_overflow', 'The amount would overflow a balance.', { field: 'actual.amount' });
}

const fits = (b: BalanceAfter): boolean =>
  fitsInt64(b.spent) && fitsInt64(b.debt) && fitsInt64(remainingOf(b));

function settleOver(
  scopes: readonly SettledScope[],
  held: bigint,
  delta: bigint,
  policy: OveragePolicy,
): Settlement | Refusal {
  switch (policy) {
    case 'REJECT':
      return settleRejecting(scopes, held, delta);
    case 'ALLOW_IF_AVAILABLE':
      return settleCapped(scopes, held, delta);
    case 'ALLOW_WITH_OVERDRAFT':
      return settleWithOverdraft(scopes, held, delta);
  }
}

/** What a scope can still give beyond the hold; never below 0. */
const availableAt = (scope: SettledScope): bigint =>
  scope.frozen ? 0n : maxOf(remainingOf(scope.balance), 0n);

function settleWithin(scopes: readonly SettledScope[], held: bigint, actual: bigint): Settlement {
  return {
    charged: actual,
    released: held - actual,
    balances: scopes.map(({ balance }) =>
      balanceOf({ ...balance, reserved: balance.reserved - held, spent: balance.spent + actual }),
    ),
  };
}

function settleRejecting(scopes: readonly SettledScope[], held: bigint, delta: bigint): Settlement | Refusal {
  const short = scopes.find((scope) => availableAt(scope) < delta);
  if (short) {
    const available = availableAt(short);
    return refusal(
      'budget_exceeded',
      `The actual amount exceeds the reservation by ${delta}, ${available} remaining at ${short.balance.scope}.`,
      { scope: short.balance.scope, unit: short.balance.unit, requested: delta, remaining: available },
    );
  }
  return charge(scopes, held, { covered: delta, intoDebt: none, uncovered: none });
}

function settleCapped(scopes: readonly SettledScope[], held: bigint, delta: bigint): Settlement {
  const covered = scopes.reduce((least, scope) => minOf(least, availableAt(scope)), delta);
  const uncovered = (scope: SettledScope) => maxOf(delta - availableAt(scope), 0n);
  return charge(scopes, held, { covered, intoDebt: none, uncovered });
}

function settleWithOverdraft(
  scopes: readonly SettledScope[],
  held: bigint,
  delta: bigint,
): Settlement | Refusal {
  const isStrict = (scope: SettledScope) => scope.balance.overdraftLimit === 0n;
  const covered = scopes.filter(isStrict).reduce((least, scope) => minOf(least, availableAt(scope)), delta);
  const intoDebt = (scope: SettledScope) => maxOf(covered - availableAt(scope), 0n);
  const uncovered = (scope: SettledScope) => (isStrict(scope) ? maxOf(delta - availableAt(scope), 0n) : 0n);
  const beyond = scopes.find(
    (scope) => intoDebt(scope) > 0n && scope.balance.debt + intoDebt(scope) > scope.balance.overdraftLimit,
  );
  if (beyond) {
    return refusal(
      'overdraft_limit_exceeded',
      `The overdraft limit of ${beyond.balance.scope} would be exceeded.`,
      {
        scope: beyond.balance.scope,
        unit: beyond.balance.unit,
        debt: beyond.balance.debt,
        shortfall: intoDebt(beyond),
        overdraft_limit: beyond.balance.overdraftLimit,
      },
    );
  }
  return charge(scopes, held, { covered, intoDebt, uncovered });
}

const none = (): bigint => 0n;

/** How the part beyond the hold is borne: charged everywhere, at each scope partly as debt or left uncovered. */
interface Overage {
  readonly covered: bigint;
  readonly intoDebt: (scope: SettledScope) => bigint;
  readonly uncovered: (scope: SettledScope) => bigint;
}

function charge(scopes: readonly SettledScope[], held: bigint, overage: Overage): Settlement {
  const charged = held + overage.covered;
  return {
    charged,
    released: 0n,
    balances: scopes.map((scope) => {
      const { balance } = scope;
      const debt = overage.intoDebt(scope);
      return balanceOf({
        ...balance,
        reserved: balance.reserved - held,
        spent: balance.spent + charged - debt,
        debt: balance.debt + debt,
        uncovered: minOf(balance.uncovered + overage.uncovered(scope), INT64_MAX),
      });
    }),
  };
}
