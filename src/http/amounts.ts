/** Amounts between the wire and the domain. */

import type { Amount } from '../domain/amount.js';

/** The parser gives a number while it is exact and a bigint beyond; the domain computes in bigint. */
export const amountOf = ({ unit, amount }: { unit: Amount['unit']; amount: number | bigint }): Amount => ({
  unit,
  amount: BigInt(amount),
});
