/** What units of work cost: their sums and quantiles, which of them cost the most, and how few make half of it. */

import { type RawBuilder, sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import { flavourOf } from '../dialect.js';
import { settledHigh, settledLow, sumOf, sumOfHigh, sumOfLow, wholeOf } from '../exact-sums.js';
import type { Grouping } from './grouping.js';
import { type ChargePeriod, keyNames, ledgerOf, movementsIn } from './sources.js';

export interface UnitCostsRequest {
  readonly period: ChargePeriod;
  /** What one unit of work is: all charges with the same value of each. The last is the one that may be lacking. */
  readonly unitOfWork: readonly [...Grouping[], Grouping];
  /** How many of the dearest are told one by one. */
  readonly top: number;
}

export interface CostSums {
  /** How many units of work there are. */
  readonly units: number;
  readonly charges: number;
  /** With the corrections of the period. */
  readonly charged: bigint;
}

export interface UnitCost {
  readonly key: readonly (string | null)[];
  readonly charges: number;
  readonly charged: bigint;
}

/** Of one unit of work: each the smallest cost that so many percent do not exceed (nearest rank). */
export interface CostQuantiles {
  readonly p50: bigint;
  readonly p90: bigint;
  readonly p95: bigint;
  readonly p99: bigint;
}

/** The three parts make the whole: units of work, what is nobody's, and corrections of earlier work. */
export interface UnitCosts {
  /** What was charged for at least once in the period. */
  readonly work: CostSums;
  /** Null where there is no unit of work. */
  readonly quantiles: CostQuantiles | null;
  /** Dearest first. */
  readonly top: readonly UnitCost[];
  /** How few of the dearest make at least half of all that was charged; null where none of it is, or can be. */
  readonly half: number | null;
  /** What lacks that by which units of work are told apart. */
  readonly unattributed: CostSums;
  /** Corrections of units of work for which nothing was charged in the period itself. */
  readonly earlier: CostSums;
  readonly ledger: { readonly charges: number; readonly charged: bigint };
}

const PERCENTS = [50, 90, 95, 99] as const;
const NOTHING: CostSums = { units: 0, charges: 0, charged: 0n };

type Sql = RawBuilder<unknown>;
type Row = Record<string, string | bigint | null>;

export class UnitCostQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** One statement, so that the units of work and the ledger's own totals are of the same moment. */
  async of(request: UnitCostsRequest): Promise<UnitCosts> {
    const { rows } = await statement(request, this.db).execute(this.db);
    return costsOf(rows, keyNames(request.unitOfWork), request.top);
  }
}

const [HIGH, LOW, CHARGES] = [sql.ref('high'), sql.ref('low'), sql.ref('charges')];

/** Rows of one shape: `what` they are, keys, how many units and charges, an amount in two parts, a place. */
function statement({ period, unitOfWork, top }: UnitCostsRequest, db: ReadDatabase): RawBuilder<Row> {
  const names = keyNames(unitOfWork);
  const keys = sql.join(names.map((name) => sql.ref(name)));
  const noKeys = sql.join(names.map((name) => sql`cast(null as text) as ${sql.ref(name)}`));
  const lacking = sql.ref(names.at(-1) ?? '');
  const [amount, nothing] = [sql.ref('a'), sql`cast(null as bigint)`];
  const ranks = PERCENTS.map((percent) => sql`(n * ${sql.lit(percent)} + 99) / 100`);
  return sql<Row>`with
    units as materialized (select ${keys}, charges, ${settledHigh(HIGH, LOW)} as high, ${settledLow(LOW)} as low,
      case when ${lacking} is null then 'unattributed' when charges = 0 then 'earlier' else 'work' end as what
      from (select ${keys}, ${sumOf(sql.ref('n'))} as charges,
          ${sumOfHigh(amount)} as high, ${sumOfLow(amount)} as low
        from (${movementsIn(period, unitOfWork, flavourOf(db))}) as movements group by ${keys}) as summed),
    ranked as materialized (${ranked(keys)})
    select what, ${noKeys}, count(*) as n, ${sumOf(CHARGES)} as charges, ${sumOf(HIGH)} as high, ${sumOf(LOW)} as low,
      ${nothing} as place from units group by what
    union all select 'ledger', ${noKeys}, ${nothing}, ${sumOf(CHARGES)},
      ${sumOf(sql.ref('charged_high'))}, ${sumOf(sql.ref('charged_low'))}, ${nothing}
      from (${ledgerOf(period)}) as ledger
    union all select 'half', ${noKeys}, ${nothing}, ${nothing}, ${nothing}, ${nothing}, min(place)
      from ranked where ${isHalf(HALVES)}
    union all select 'unit', ${keys}, n, charges, high, low, place
      from ranked where place <= ${sql.lit(top)} or n + 1 - place in (${sql.join(ranks)})`;
}

/** Units of work, dearest first, each with what it and all dearer ones make together. */
function ranked(keys: Sql): Sql {
  const order = sql`order by high desc, low desc, ${keys}`;
  const upTo = (part: Sql) =>
    sql`cast(sum(${part}) over (${order} rows between unbounded preceding and current row) as bigint)`;
  return sql`select ${keys}, charges, high, low, row_number() over (${order}) as place, count(*) over () as n,
    ${upTo(HIGH)} as high_up_to, ${upTo(LOW)} as low_up_to from units where what = 'work'`;
}

/** Twice what the dearest make, less all that was charged, in both parts. */
const HALVES = {
  high: sql`(2 * high_up_to - (select cast(sum(high) as bigint) from units))`,
  low: sql`(2 * low_up_to - (select cast(sum(low) as bigint) from units))`,
};

/** Whether two parts that may differ in sign make a whole that is not negative. */
const isHalf = ({ high, low }: typeof HALVES): Sql => sql`${settledHigh(high, low)} >= 0`;

function costsOf(rows: readonly Row[], names: readonly string[], top: number): UnitCosts {
  const sums = new Map(rows.filter(({ what }) => what !== 'unit').map((row) => [row['what'], sumsOf(row)]));
  const sumsAt = (what: string): CostSums => sums.get(what) ?? NOTHING;
  const half = rows.find(({ what }) => what === 'half')?.['place'] ?? null;
  const units = rows.filter(({ what }) => what === 'unit');
  const [work, unattributed, earlier] = [sumsAt('work'), sumsAt('unattributed'), sumsAt('earlier')];
  const { charges, charged } = sumsAt('ledger');
  const isAnything = work.charged + unattributed.charged + earlier.charged > 0n;
  return {
    work,
    quantiles: quantilesOf(units, work.units),
    top: units
      .filter(({ place }) => Number(place) <= top)
      .toSorted((one, other) => Number(one['place']) - Number(other['place']))
      .map((row) => unitOf(row, names)),
    half: half === null || !isAnything ? null : Number(half),
    unattributed: { ...unattributed, units: 0 },
    earlier,
    ledger: { charges, charged },
  };
}

function quantilesOf(units: readonly Row[], count: number): CostQuantiles | null {
  if (count === 0) return null;
  const [p50, p90, p95, p99] = PERCENTS.map((percent) => {
    const place = BigInt(count) + 1n - (BigInt(count) * BigInt(percent) + 99n) / 100n;
    const row = units.find((unit) => unit['place'] === place);
    if (row === undefined) throw new Error('a quantile has no unit of work');
    return sumsOf(row).charged;
  }) as [bigint, bigint, bigint, bigint];
  return { p50, p90, p95, p99 };
}

const sumsOf = (row: Row): CostSums => ({
  units: Number(row['n'] ?? 0n),
  charges: Number(row['charges'] ?? 0n),
  charged: wholeOf(row['high'] as bigint | null, row['low'] as bigint | null),
});

function unitOf(row: Row, names: readonly string[]): UnitCost {
  const { charges, charged } = sumsOf(row);
  return { key: names.map((name) => textOf(row[name] ?? null)), charges, charged };
}

const textOf = (value: string | bigint | null): string | null => (value === null ? null : String(value));
