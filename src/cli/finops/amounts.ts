/** Amounts and ratios for people to read: exact, dollars as decimals, nothing through a float. */

/** A whole number of an answer, which is exact up to int64; nothing is 0. */
export const wholeIn = (value: unknown): bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    ? BigInt(value)
    : 0n;

const DECIMALS = 8;
const DECIMALS_SHOWN_MIN = 2;
const MICROCENTS_A_DOLLAR = 10n ** BigInt(DECIMALS);

/** How a unit is called where its amounts are shown: microcents are shown as dollars. */
export const unitName = (unit: string): string => (unit === 'USD_MICROCENTS' ? 'USD' : unit);

/** Dollars of microcents, exact, with as many decimals as they need and at least two; other amounts as they are. */
export function shownAmount(unit: string, amount: bigint): string {
  if (unit !== 'USD_MICROCENTS') return String(amount);
  const size = amount < 0n ? -amount : amount;
  const decimals = String(size % MICROCENTS_A_DOLLAR).padStart(DECIMALS, '0');
  const shown = decimals.replace(/0+$/, '').padEnd(DECIMALS_SHOWN_MIN, '0');
  return `${amount < 0n ? '-' : ''}${size / MICROCENTS_A_DOLLAR}.${shown}`;
}

/** Numbers of one column with as many decimals each, so that their points stand one below the other. */
export function pointAligned(cells: readonly string[]): string[] {
  const decimalsOf = (cell: string): number => (cell.includes('.') ? cell.length - cell.indexOf('.') - 1 : 0);
  const most = Math.max(0, ...cells.map(decimalsOf));
  return cells.map((cell) =>
    decimalsOf(cell) === 0 ? cell : cell.padEnd(cell.length + most - decimalsOf(cell), '0'),
  );
}

/** Hundredths as a decimal: 1234 is `12.34`. */
export function hundredths(value: bigint): string {
  const size = value < 0n ? -value : value;
  return `${value < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

/** A share in hundredths of a percent; nothing where there is none. */
export const percent = (basisPoints: unknown): string =>
  basisPoints === null || basisPoints === undefined ? '' : `${hundredths(wholeIn(basisPoints))} %`;

/** By how much something changed, with its sign. */
export const changePercent = (basisPoints: unknown): string =>
  wholeIn(basisPoints) > 0n ? `+${percent(basisPoints)}` : percent(basisPoints);

/** How much of a whole a part is, in hundredths of a percent, rounded down; null of a whole that is not above 0. */
export function shareOf(part: bigint, whole: bigint): bigint | null {
  if (whole <= 0n) return null;
  const size = part * 10_000n;
  return size < 0n && size % whole !== 0n ? size / whole - 1n : size / whole;
}
