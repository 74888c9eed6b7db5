/** Amounts and shares for people to read: exact, dollars as decimals, nothing through a float. */

const DECIMALS = 8;
const DECIMALS_MIN = 2;
const MICROCENTS_A_DOLLAR = 10n ** BigInt(DECIMALS);

const isMoney = (unit: string): boolean => unit === 'USD_MICROCENTS';

/** How a unit is called where its amounts are shown: microcents are shown as dollars. */
export const unitShown = (unit: string): string => (isMoney(unit) ? 'USD' : unit);

/**
 * Amounts that stand one below the other: thousands apart, dollars with as many decimals each as the longest needs,
 * at least two.
 */
export function amountsShown(unit: string, amounts: readonly bigint[]): string[] {
  if (!isMoney(unit)) return amounts.map((amount) => `${signOf(amount)}${thousands(sizeOf(amount))}`);
  const decimals = amounts.map((amount) =>
    String(sizeOf(amount) % MICROCENTS_A_DOLLAR).padStart(DECIMALS, '0'),
  );
  const needed = Math.max(DECIMALS_MIN, ...decimals.map((digits) => digits.replace(/0+$/, '').length));
  return amounts.map((amount, nth) => {
    const whole = thousands(sizeOf(amount) / MICROCENTS_A_DOLLAR);
    return `${signOf(amount)}${whole}.${decimals[nth]?.slice(0, needed)}`;
  });
}

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const signOf = (amount: bigint): string => (amount < 0n ? '−' : '');

/** `1,234,567`. */
export const thousands = (size: bigint | number): string => String(size).replace(/\B(?=(\d{3})+$)/g, ',');

/** Hundredths of a percent as `12.34 %`; nothing where there is no share. */
export function percentShown(basisPoints: bigint | null): string {
  if (basisPoints === null) return '';
  const size = sizeOf(basisPoints);
  return `${signOf(basisPoints)}${size / 100n}.${String(size % 100n).padStart(2, '0')} %`;
}
