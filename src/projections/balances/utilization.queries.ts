/**
 * How much of a budget is spent: spent ÷ allocated, 0 where nothing is allocated. All of it is integers, since
 * amounts are int64 and a quotient of floating point would put budgets on the wrong side of a bound.
 */

import { type Expression, sql } from 'kysely';
import { integerOf, type SortKey } from '../ordering.js';

/** Decimals that a bound may have. */
export const UTILIZATION_DECIMALS = 18;

/** A fraction from 0 to 1: this many units of the 18th decimal, 0 to 10^18. */
export type Fraction = bigint;

const HALF = 10n ** 9n;
export const WHOLE: Fraction = HALF * HALF;

/** Budgets of which at least this fraction is spent. */
export const spentAtLeast = (fraction: Fraction): Expression<boolean> => {
  const { floor, hasRest } = shareOf(fraction);
  const enough = sql`spent >= ${floor} + case when ${hasRest} then 1 else 0 end`;
  const ifNothing = fraction === 0n ? sql`1 = 1` : sql`1 = 0`;
  return sql<boolean>`case when allocated = 0 then ${ifNothing} else ${enough} end`;
};

/** Budgets of which at most this fraction is spent. */
export const spentAtMost = (fraction: Fraction): Expression<boolean> =>
  sql<boolean>`(allocated = 0 or spent <= ${shareOf(fraction).floor})`;

/**
 * A fraction of what is allocated, rounded down, and whether that rounded anything off. The 18 decimals are
 * multiplied in two halves of nine, so that nothing on the way is beyond int64.
 */
function shareOf(fraction: Fraction) {
  if (fraction === WHOLE) return { floor: sql`allocated`, hasRest: sql`1 = 0` };
  const [upper, lower] = [timesAllocated(fraction / HALF), timesAllocated(fraction % HALF)];
  const carried = sql`(${upper.rest} + ${lower.whole})`;
  return {
    floor: sql`(${upper.whole} + ${carried} / ${HALF})`,
    hasRest: sql`${carried} % ${HALF} > 0 or ${lower.rest} > 0`,
  };
}

/** A number below 10^9 times what is allocated, in units of 10^9 and the rest. */
const timesAllocated = (factor: bigint) => ({
  whole: sql`(allocated / ${HALF} * ${factor} + allocated % ${HALF} * ${factor} / ${HALF})`,
  rest: sql`(allocated % ${HALF} * ${factor} % ${HALF})`,
});

interface Spending {
  readonly spent: bigint;
  readonly allocated: bigint;
}

/** Binary digits after the point by which budgets are ordered: 18 decimals. */
const BITS = 60n;

/** The order by utilization: its whole part, then the digits after the point. */
export const UTILIZATION_KEYS: readonly SortKey<Spending>[] = [
  {
    by: sql`case when allocated = 0 then 0 else spent / allocated end`,
    valueOf: ({ spent, allocated }) => String(allocated === 0n ? 0n : spent / allocated),
    parse: integerOf,
  },
  {
    by: binaryDigits(),
    valueOf: ({ spent, allocated }) =>
      String(allocated === 0n ? 0n : ((spent % allocated) << BITS) / allocated),
    parse: integerOf,
  },
];

/** Long division, digit by digit: twice the rest may be beyond int64, so it is never computed where it is. */
function binaryDigits(): Expression<unknown> {
  return sql`case when allocated = 0 then 0 else (
    with recursive division(digits, rest, count) as (
      select cast(0 as bigint), balances.spent % balances.allocated, 0
      union all
      select
        digits * 2 + case when rest >= balances.allocated - rest then 1 else 0 end,
        case when rest >= balances.allocated - rest then rest - (balances.allocated - rest) else rest * 2 end,
        count + 1
      from division where count < ${BITS}
    )
    select digits from division where count = ${BITS}
  ) end`;
}
