/** An amount as people read it: dollars for microcents, which nobody can count. */

import type { Amount } from './amount.js';

/** Microcents in a dollar. */
const DOLLAR = 100_000_000n;

/** Exact: `12.50 USD`, `0.00000001 USD`, `500 TOKENS`. */
export function priceOf({ unit, amount }: Amount): string {
  if (unit !== 'USD_MICROCENTS') return `${amount} ${unit}`;
  const fraction = String(amount % DOLLAR)
    .padStart(8, '0')
    .replace(/0{1,6}$/, '');
  return `${amount / DOLLAR}.${fraction} USD`;
}
