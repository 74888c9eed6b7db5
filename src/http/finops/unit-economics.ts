/** What one unit of work costs: its answer in whole numbers, tied to the ledger. */

import type { ChargePeriod, Grouping } from '../../projections/charges/chargeback.queries.js';
import type {
  CostSums,
  UnitCost,
  UnitCostQueries,
  UnitCosts,
} from '../../projections/charges/unit-costs.queries.js';
import { type Cell, csvRecord } from '../csv.js';
import { isoOf } from '../ledger.dto.js';
import { groupingOf } from './group-by.js';
import { averageOf, basisPoints, changeOf, timesInHundredths } from './ratios.js';
import { tieToLedger } from './ties.js';

export interface UnitEconomics {
  readonly period: ChargePeriod;
  /** As it was asked for. */
  readonly by: string;
  readonly costs: UnitCosts;
  /** The same of the period before, of the same length. */
  readonly before: UnitCosts;
  readonly total: Total;
}

type Total = Pick<CostSums, 'charges' | 'charged'>;

/** A level's value is its tenant's own; everything else means the same at all tenants. */
const LEVELS: ReadonlySet<string> = new Set(['workspace', 'app', 'workflow', 'agent', 'toolset']);
const KNOWN =
  'session, workflow, agent, app, workspace, toolset, tenant, kind, name, model, harness, key or dimension:<key>';

/**
 * What one unit of work is; a session and a workflow are the same level.
 * @throws HttpFailure 400 that names the field
 */
export function unitOfWorkOf(by: string): readonly [...Grouping[], Grouping] {
  const name = by === 'session' ? 'workflow' : by;
  const grouping = groupingOf(name, { field: 'by', known: KNOWN });
  return LEVELS.has(name) ? [{ column: 'tenant_id' }, grouping] : [grouping];
}

/** @throws HttpFailure 400 that names the field, 500 when what was charged is not what the ledger says */
export async function unitEconomicsOf(
  queries: UnitCostQueries,
  { period, by, top }: Pick<UnitEconomics, 'period' | 'by'> & { readonly top: number },
): Promise<UnitEconomics> {
  const unitOfWork = unitOfWorkOf(by);
  const costs = await queries.of({ period, unitOfWork, top });
  const { fromMs, untilMs } = period;
  const earlier = { ...period, fromMs: fromMs - (untilMs - fromMs), untilMs: fromMs };
  const before = await queries.of({ period: earlier, unitOfWork, top: 0 });
  tied(before);
  return { period, by, costs, before, total: tied(costs) };
}

function tied({ work, unattributed, earlier, ledger }: UnitCosts): Total {
  const total = {
    charges: work.charges + unattributed.charges + earlier.charges,
    charged: work.charged + unattributed.charged + earlier.charged,
  };
  tieToLedger(total, ledger);
  return total;
}

/** The answer of `GET /finops/unit-economics`. */
export const unitEconomicsAnswer = (economics: UnitEconomics) => {
  const { period, by, costs, total } = economics;
  const { unattributed, earlier, ledger } = costs;
  return {
    tenant_id: period.tenantId,
    unit: period.unit,
    from: isoOf(period.fromMs),
    to: isoOf(period.untilMs),
    by,
    work: workAnswer(costs),
    spread: spreadOf(costs),
    top: topOf(economics),
    half_of_spend: { units: costs.half },
    others: othersOf(economics),
    unattributed: { ...sumsAnswer(unattributed), share_bp: basisPoints(unattributed.charged, total.charged) },
    earlier_work: { units: earlier.units, charged: earlier.charged },
    total,
    trend: trendOf(economics),
    ledger,
    difference: total.charged - ledger.charged,
  };
};

const sumsAnswer = ({ charges, charged }: Total) => ({ charges, charged });

const workAnswer = ({ work, quantiles }: UnitCosts) => ({
  units: work.units,
  ...sumsAnswer(work),
  average: work.units === 0 ? null : averageOf(work.charged, work.units),
  p50: quantiles?.p50 ?? null,
  p90: quantiles?.p90 ?? null,
  p95: quantiles?.p95 ?? null,
  p99: quantiles?.p99 ?? null,
});

/** How much dearer the dear ones are than the one in the middle: below 5 times is calm, above 10 asks for caps. */
export function spreadOf({ quantiles }: Pick<UnitCosts, 'quantiles'>) {
  if (quantiles === null || quantiles.p50 <= 0n) return null;
  const { p50, p95 } = quantiles;
  const reading = p95 < 5n * p50 ? 'calm' : p95 > 10n * p50 ? 'needs_caps' : 'watch';
  return { p95, median: p50, hundredths: timesInHundredths(p95, p50), reading };
}

interface TopRow {
  readonly tenant_id: string | null;
  readonly value: string | null;
  readonly charges: number;
  readonly charged: bigint;
  readonly share_bp: bigint | null;
  /** Of this one and all dearer ones. */
  readonly running_share_bp: bigint | null;
}

function topOf({ period, costs, total }: UnitEconomics): TopRow[] {
  let together = 0n;
  return costs.top.map((unit) => {
    together += unit.charged;
    return {
      tenant_id: tenantOf(unit, period),
      value: unit.key.at(-1) ?? null,
      ...sumsAnswer(unit),
      share_bp: basisPoints(unit.charged, total.charged),
      running_share_bp: basisPoints(together, total.charged),
    };
  });
}

const tenantOf = ({ key }: UnitCost, { tenantId }: ChargePeriod): string | null =>
  key.length > 1 ? (key[0] ?? null) : tenantId;

/** The units of work that are not told one by one. */
function othersOf({ costs: { work, top }, total }: UnitEconomics) {
  const charged = top.reduce((rest, unit) => rest - unit.charged, work.charged);
  const charges = top.reduce((rest, unit) => rest - unit.charges, work.charges);
  return { units: work.units - top.length, charges, charged, share_bp: basisPoints(charged, total.charged) };
}

/** The period before, and what has changed since. */
function trendOf({ period, costs, before, total }: UnitEconomics) {
  const { fromMs, untilMs } = period;
  const { work, quantiles } = costs;
  return {
    from: isoOf(fromMs - (untilMs - fromMs)),
    to: isoOf(fromMs),
    work: workAnswer(before),
    total: before.ledger,
    change_bp: {
      total: changeOf(before.ledger.charged, total.charged),
      units: changeOf(BigInt(before.work.units), BigInt(work.units)),
      average: averageChangeOf(before.work, work),
      p50: changeOf(before.quantiles?.p50 ?? 0n, quantiles?.p50 ?? 0n),
      p95: changeOf(before.quantiles?.p95 ?? 0n, quantiles?.p95 ?? 0n),
    },
  };
}

/** Of the averages themselves, not of what they are rounded to. */
const averageChangeOf = (before: CostSums, now: CostSums): bigint | null =>
  before.units === 0 || now.units === 0
    ? null
    : changeOf(before.charged * BigInt(now.units), now.charged * BigInt(before.units));

const COLUMNS = [
  'units',
  'charges',
  'charged',
  'share_bp',
  'running_share_bp',
  'average',
  'p50',
  'p90',
  'p95',
  'p99',
] as const;
type Cells = { readonly [Column in (typeof COLUMNS)[number]]?: Cell };

/** A heading; the dearest, which with all others are `work`; that with what follows it is the last one, `total`. */
export function* unitEconomicsCsv(economics: UnitEconomics): Generator<string> {
  const { period, by, costs, total } = economics;
  const { unattributed, earlier } = costs;
  const share_bp = basisPoints(unattributed.charged, total.charged);
  const nobody = { tenant_id: period.tenantId, value: null };
  const record = (name: string, { tenant_id, value }: Pick<TopRow, 'tenant_id' | 'value'>, cells: Cells) =>
    csvRecord([name, tenant_id, value, period.unit, ...COLUMNS.map((column) => cells[column])]);

  yield csvRecord(['record', 'tenant_id', by, 'unit', ...COLUMNS]);
  for (const row of topOf(economics)) yield record('unit', row, { units: 1, ...row });
  yield record('others', nobody, othersOf(economics));
  yield record('work', nobody, workAnswer(costs));
  yield record('unattributed', nobody, { ...sumsAnswer(unattributed), share_bp });
  yield record('earlier_work', nobody, { units: earlier.units, charges: 0, charged: earlier.charged });
  yield record('total', nobody, total);
}
