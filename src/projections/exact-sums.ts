/**
 * Sums of many int64 in SQL that stay exact. A few amounts near the limit would leave int64, in which both databases
 * sum, so that what lies above and below a billion is summed apart.
 */

import { type Expression, type RawBuilder, sql } from 'kysely';

const BASE = 1_000_000_000n;
const base = sql.lit(Number(BASE));

export interface Parts {
  /** In 10^9. */
  readonly high: bigint;
  /** The rest, of the same sign. */
  readonly low: bigint;
}

export const partsOf = (amount: bigint): Parts => ({ high: amount / BASE, low: amount % BASE });

/** The whole of two parts, or of their sums; of nothing 0. */
export const wholeOf = (high: bigint | null, low: bigint | null): bigint => (high ?? 0n) * BASE + (low ?? 0n);

/** The sum of a column of whole numbers, where it is known to stay within int64; null of none. */
export const sumOf = (column: Expression<unknown>): RawBuilder<bigint | null> =>
  sql<bigint | null>`cast(sum(${column}) as bigint)`;

/** The two parts of an amount, and their sums. */
export const highOf = (amount: Expression<unknown>): RawBuilder<bigint> => sql<bigint>`${amount} / ${base}`;
export const lowOf = (amount: Expression<unknown>): RawBuilder<bigint> => sql<bigint>`${amount} % ${base}`;
export const sumOfHigh = (amount: Expression<unknown>): RawBuilder<bigint | null> => sumOf(highOf(amount));
export const sumOfLow = (amount: Expression<unknown>): RawBuilder<bigint | null> => sumOf(lowOf(amount));

/** The high part of two whose low one may have grown beyond the base: with `lowOf` it is ordered as wholes are. */
export const carriedHigh = (high: Expression<unknown>, low: Expression<unknown>): RawBuilder<bigint> =>
  sql<bigint>`${high} + ${low} / ${base}`;

/**
 * The two parts of sums whose parts may differ in sign, so that the low one is 0 to 10^9 − 1: only then is the order
 * by high and low that of the wholes, negative ones too.
 */
export const settledHigh = (high: Expression<unknown>, low: Expression<unknown>): RawBuilder<bigint> =>
  sql<bigint>`${high} + ${floorOf(low)}`;
export const settledLow = (low: Expression<unknown>): RawBuilder<bigint> =>
  sql<bigint>`${low} - ${floorOf(low)} * ${base}`;

/** In 10^9, rounded down; both databases round towards zero. */
const floorOf = (low: Expression<unknown>): RawBuilder<bigint> =>
  sql<bigint>`(${low} / ${base} - case when ${low} % ${base} < 0 then 1 else 0 end)`;
