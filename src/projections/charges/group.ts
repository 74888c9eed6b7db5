/** The groups of a report of charges, and their sums. */

import type { Sums } from './sums.js';

export interface ChargeSums {
  /** Commits, and charges without a hold. */
  readonly charges: number;
  /** What was charged for them, with all corrections that were made in the period, of whatever charge. */
  readonly charged: bigint;
  /** The corrections in it. */
  readonly adjusted: bigint;
  /** What was used; an overage policy may have charged less. */
  readonly actual: bigint;
  /** What was held in the period, and what of holds was given back in it. */
  readonly reserved: bigint;
  readonly released: bigint;
  /** Refusals of what would have been charged. */
  readonly denied: number;
}

export const NO_SUMS: ChargeSums = {
  charges: 0,
  charged: 0n,
  adjusted: 0n,
  actual: 0n,
  reserved: 0n,
  released: 0n,
  denied: 0,
};

/** What tells a group from all others of a report. */
export const nameOf = (key: readonly (string | null)[]): string => JSON.stringify(key);

/** A group's sums with those of a further source. */
export function withSource(to: ChargeSums, { source, count, first, second, third }: Sums): ChargeSums {
  switch (source) {
    case 'settled':
      return together(to, { ...NO_SUMS, charges: count, charged: first, actual: second, released: third });
    case 'reserved':
      return together(to, { ...NO_SUMS, reserved: first });
    case 'adjusted':
      return together(to, { ...NO_SUMS, charged: first, adjusted: first });
    case 'denied':
      return together(to, { ...NO_SUMS, denied: count });
    case 'ledger':
      return to;
  }
}

export const together = (one: ChargeSums, other: ChargeSums): ChargeSums => ({
  charges: one.charges + other.charges,
  charged: one.charged + other.charged,
  adjusted: one.adjusted + other.adjusted,
  actual: one.actual + other.actual,
  reserved: one.reserved + other.reserved,
  released: one.released + other.released,
  denied: one.denied + other.denied,
});
