/** Dollars of microcents, exact: the ledger's money in the decimals that invoices are written in. */

import { Decimal } from '../csv.js';

const DECIMALS = 8;
const MICROCENTS_A_DOLLAR = 10n ** BigInt(DECIMALS);

/** As many decimals as are needed; `0.001`, `-12.5`, `3`. */
export function dollarsOf(microcents: bigint): Decimal {
  const size = microcents < 0n ? -microcents : microcents;
  const decimals = String(size % MICROCENTS_A_DOLLAR)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  const whole = `${microcents < 0n ? '-' : ''}${size / MICROCENTS_A_DOLLAR}`;
  return new Decimal(decimals === '' ? whole : `${whole}.${decimals}`);
}
