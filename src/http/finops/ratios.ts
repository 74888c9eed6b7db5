/** Shares, changes and averages in whole numbers: of amounts there are no fractions of floating point. */

/** The quotient of two whole numbers, rounded down, below nothing, too. */
const floored = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator < 0n !== denominator < 0n ? quotient - 1n : quotient;
};

/** The quotient to the nearest whole, halves up. @param denominator above 0 */
export const nearest = (numerator: bigint, denominator: bigint): bigint =>
  floored(2n * numerator + denominator, 2n * denominator);

/** To the nearest whole, halves up; of nothing 0. */
export const averageOf = (sum: bigint, count: number): bigint =>
  count === 0 ? 0n : nearest(sum, BigInt(count));

/** How much of a whole a part is, in hundredths of a percent, rounded down; null of a whole that is not above 0. */
export const basisPoints = (part: bigint, whole: bigint): bigint | null =>
  whole > 0n ? floored(part * 10_000n, whole) : null;

/** By how much an amount has changed, in hundredths of a percent, rounded down; null where nothing was before. */
export const changeOf = (before: bigint, now: bigint): bigint | null => basisPoints(now - before, before);

/** How many times the other one amount is, in hundredths, rounded down; null of what is not above 0. */
export const timesInHundredths = (amount: bigint, other: bigint): bigint | null =>
  other > 0n ? floored(amount * 100n, other) : null;
