/** That a report is the ledger's: three ways of adding up the same charges, none of which may differ. */

import { UNITS, type Unit } from '../../domain/amount.js';
import type { PeriodTotal } from '../../domain/events.js';
import type {
  ChargebackQueries,
  ChargeReport,
  ChargeSums,
} from '../../projections/charges/chargeback.queries.js';
import { NO_SUMS, together } from '../../projections/charges/chargeback.queries.js';
import { HttpFailure } from '../failure.js';

type Total = Pick<PeriodTotal, 'charges' | 'charged'>;

/**
 * The groups of a report together.
 * @throws HttpFailure 500 when they are not what the ledger's own totals say
 */
export function totalOf({ groups, ledger }: ChargeReport): ChargeSums {
  const total = groups.reduce<ChargeSums>(together, NO_SUMS);
  tieToLedger(total, ledger);
  return total;
}

/** @throws HttpFailure 500 when what was added up is not what the ledger's own totals say */
export const tieToLedger = (total: Total, ledger: Total): void => tie(total, ledger, 'the ledger charged');

/**
 * Holds the read model against what was added up from the stream itself, in every unit.
 * @throws HttpFailure 500 when they differ
 */
export async function tieToStream(
  queries: ChargebackQueries,
  period: { readonly tenantId: string; readonly fromMs: number; readonly untilMs: number },
  totals: readonly PeriodTotal[],
): Promise<void> {
  for (const unit of UNITS) {
    const request = { period: { ...period, unit }, groupings: [], calendar: null, sample: null };
    tie(totalOf(await queries.report(request)), totalIn(totals, unit), 'its stream says');
  }
}

/** @throws HttpFailure 500 when a report is not what was frozen when its period was closed */
export const tieToClosed = (total: ChargeSums, totals: readonly PeriodTotal[], unit: Unit): void =>
  tie(total, totalIn(totals, unit), 'was closed');

/** Whether two lists of totals say the same. */
export const areSame = (some: readonly PeriodTotal[], others: readonly PeriodTotal[]): boolean =>
  UNITS.every((unit) => {
    const [one, other] = [totalIn(some, unit), totalIn(others, unit)];
    return one.charges === other.charges && one.charged === other.charged && one.adjusted === other.adjusted;
  });

const totalIn = (totals: readonly PeriodTotal[], unit: Unit): PeriodTotal =>
  totals.find((total) => total.unit === unit) ?? { unit, charges: 0, charged: 0n, adjusted: 0n };

/** A report that does not tie to the ledger is none. */
function tie(report: Total, ledger: Total, words: string): void {
  const difference = report.charged - ledger.charged;
  if (difference === 0n && report.charges === ledger.charges) return;
  throw new HttpFailure(
    500,
    'INTERNAL_ERROR',
    `The charges do not add up to what ${words}; rebuild them with \`countersign rebuild charges\`.`,
    { charged: report.charged, ledger_charged: ledger.charged, difference },
  );
}
