/** A chargeback report: its groups in order, its total, and that the total is the ledger's. */

import {
  type ChargebackQueries,
  type ChargeGroup,
  type ChargePeriod,
  type ChargeSums,
  type Distribution,
  type Sample,
} from '../../projections/charges/chargeback.queries.js';
import type { ClosedPeriod } from '../../projections/charges/periods.queries.js';
import { type Cell, csvRecord } from '../csv.js';
import { isoOf } from '../ledger.dto.js';
import { type GroupBy, invalidGroups } from './group-by.js';
import { averageOf } from './ratios.js';
import { tieToClosed, totalOf } from './ties.js';

export interface Chargeback {
  readonly period: ChargePeriod;
  readonly groupBy: GroupBy;
  readonly sample: Sample | null;
  /** The closed period that it is exactly about, where there is one. */
  readonly closed: ClosedPeriod | null;
  /** In the order of time, within it those that were charged most first. */
  readonly groups: readonly ChargeGroup[];
  readonly total: ChargeSums;
  readonly ledger: { readonly charges: number; readonly charged: bigint };
}

/**
 * @throws HttpFailure 400 when there are too many groups, 500 when what was charged is not what the ledger says
 */
export async function chargebackOf(
  queries: ChargebackQueries,
  request: Pick<Chargeback, 'period' | 'groupBy' | 'sample' | 'closed'>,
): Promise<Chargeback> {
  const { period, groupBy, sample, closed } = request;
  const { groupings, calendar } = groupBy;
  const report = await queries.report({ period, groupings, calendar, sample }).catch(invalidGroups);
  const total = totalOf(report);
  if (closed !== null) tieToClosed(total, closed.totals, period.unit);
  return { ...request, groups: report.groups.toSorted(byTimeAndCharge), total, ledger: report.ledger };
}

function byTimeAndCharge(one: ChargeGroup, other: ChargeGroup): number {
  const [a, b] = [one.stretch ?? '', other.stretch ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  if (one.charged !== other.charged) return one.charged > other.charged ? -1 : 1;
  return JSON.stringify(one.key) < JSON.stringify(other.key) ? -1 : 1;
}

/** The answer of `GET /finops/chargeback`. */
export const chargebackAnswer = ({ period, groupBy, sample, closed, groups, total, ledger }: Chargeback) => ({
  tenant_id: period.tenantId,
  unit: period.unit,
  from: isoOf(period.fromMs),
  to: isoOf(period.untilMs),
  group_by: groupBy.names,
  ...(sample && { per: sample }),
  ...(closed && { closed: { period_id: closed.periodId, at: isoOf(closed.closedAtMs) } }),
  rows: groups.map((group) => ({
    group: Object.fromEntries(labelsOf(group, groupBy)),
    unattributed: group.key.includes(null),
    ...sumsAnswer(group),
    ...(group.distribution && { distribution: distributionAnswer(group.distribution) }),
  })),
  total: sumsAnswer(total),
  ledger,
  difference: total.charged - ledger.charged,
});

/** The names of the groupings with the group's values, in the order in which they were asked for. */
function labelsOf({ stretch, key }: ChargeGroup, { names, calendar }: GroupBy) {
  const values = [...key];
  return names.map((name) => [name, name === calendar ? stretch : (values.shift() ?? null)] as const);
}

const sumsAnswer = (sums: ChargeSums) => ({
  charges: sums.charges,
  charged: sums.charged,
  adjusted: sums.adjusted,
  actual: sums.actual,
  reserved: sums.reserved,
  released: sums.released,
  denied: sums.denied,
});

const distributionAnswer = ({ count, sum, p50, p90, p95, p99 }: Distribution) => ({
  units: count,
  average: averageOf(sum, count),
  p50,
  p90,
  p95,
  p99,
});

/** A heading, one group a record, and a last record `total`. */
export function* chargebackCsv(report: Chargeback): Generator<string> {
  const { groupBy, groups, sample, total } = report;
  const described = sample === null ? [] : ['units', 'average', 'p50', 'p90', 'p95', 'p99'];
  yield csvRecord(['record', ...groupBy.names, 'unit', ...Object.keys(sumsAnswer(total)), ...described]);
  for (const group of groups) {
    const cells: Cell[] = labelsOf(group, groupBy).map(([, value]) => value ?? UNATTRIBUTED);
    const distribution =
      group.distribution === null ? [] : Object.values(distributionAnswer(group.distribution));
    yield csvRecord([
      'group',
      ...cells,
      report.period.unit,
      ...Object.values(sumsAnswer(group)),
      ...described.map((_, nth) => distribution[nth]),
    ]);
  }
  const labels = groupBy.names.map(() => null);
  yield csvRecord([
    'total',
    ...labels,
    report.period.unit,
    ...Object.values(sumsAnswer(total)),
    ...described.map(() => null),
  ]);
}

/** What a charge is called that lacks what it is grouped by. */
const UNATTRIBUTED = 'unattributed';
