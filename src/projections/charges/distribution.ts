/** What one unit of work costs: the average, and the quantiles that tell whether few of them cost the most. */

import { type RawBuilder, sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import { flavourOf } from '../dialect.js';
import { carriedHigh, highOf, lowOf, sumOfHigh, sumOfLow, wholeOf } from '../exact-sums.js';
import { nameOf } from './group.js';
import type { Grouping } from './grouping.js';
import { type ChargePeriod, chargesIn, keyNames } from './sources.js';

/** One unit of work: a charge, or all charges of a session. */
export type Sample = 'action' | 'session';

export interface Distribution {
  /** How many units of work there are. */
  readonly count: number;
  /** Of all of them together. */
  readonly sum: bigint;
  /** Each the smallest value that so many percent do not exceed (nearest rank): always one that occurred. */
  readonly p50: bigint;
  readonly p90: bigint;
  readonly p95: bigint;
  readonly p99: bigint;
}

const PERCENTS = [50, 90, 95, 99] as const;

export interface DistributionRequest {
  readonly period: ChargePeriod;
  readonly groupings: readonly Grouping[];
  readonly sample: Sample;
}

type Row = Record<string, string | bigint | null>;
type Columns = readonly RawBuilder<unknown>[];

/** By the name of the group. Corrections are no units of work and are left out; so is what has no session. */
export async function distributionsOf(
  db: ReadDatabase,
  { period, groupings, sample }: DistributionRequest,
): Promise<Map<string, Distribution>> {
  const names = keyNames(groupings);
  const keys = names.map((name) => sql.ref(name));
  const units = UNITS[sample](chargesIn(period, groupings, flavourOf(db)), keys);
  const { rows } = await ranked(units, keys).execute(db);
  return collected(rows, names);
}

const HIGH = sql.ref('high');
const LOW = sql.ref('low');

/** Units of work as their amounts in two parts, ordered as the wholes are. */
const UNITS: Readonly<Record<Sample, (charges: RawBuilder<unknown>, keys: Columns) => RawBuilder<unknown>>> =
  {
    action: (charges, keys) => {
      const charged = sql.ref('charged');
      return sql`select ${sql.join([...keys, sql`${highOf(charged)} as high`, sql`${lowOf(charged)} as low`])}
      from (${charges}) as charged`;
    },
    session: (charges, keys) => {
      const [charged, session] = [sql.ref('charged'), sql.ref('session')];
      const by = sql.join([...keys, session]);
      return sql`select ${sql.join([...keys, sql`${carriedHigh(HIGH, LOW)} as high`, sql`${lowOf(LOW)} as low`])}
      from (select ${by}, ${sumOfHigh(charged)} as high, ${sumOfLow(charged)} as low
        from (${charges}) as charged where ${session} is not null group by ${by}) as sessions`;
    },
  };

function ranked(units: RawBuilder<unknown>, keys: Columns): RawBuilder<Row> {
  const group = keys.length === 0 ? sql`` : sql`partition by ${sql.join(keys)}`;
  const whole = (part: RawBuilder<unknown>) => sql`cast(sum(${part}) over (${group}) as bigint)`;
  const ranks = PERCENTS.map((percent) => sql`(n * ${sql.lit(percent)} + 99) / 100`);
  const columns = (names: readonly string[]) => sql.join([...keys, ...names.map((name) => sql.ref(name))]);
  return sql<Row>`select ${columns(['high', 'low', 'nth', 'n', 'high_sum', 'low_sum'])} from (
    select ${columns(['high', 'low'])}, row_number() over (${group} order by high, low) as nth,
      count(*) over (${group}) as n, ${whole(HIGH)} as high_sum, ${whole(LOW)} as low_sum
    from (${units}) as units) as ranked where nth in (${sql.join(ranks)})`;
}

function collected(rows: readonly Row[], names: readonly string[]): Map<string, Distribution> {
  const found = new Map<string, { count: number; sum: bigint; atRank: Map<bigint, bigint> }>();
  for (const row of rows) {
    const name = nameOf(names.map((key) => row[key] as string | null));
    const [high, low, nth, n, highSum, lowSum] = ['high', 'low', 'nth', 'n', 'high_sum', 'low_sum'].map(
      (column) => BigInt(row[column] ?? 0),
    ) as [bigint, bigint, bigint, bigint, bigint, bigint];
    const group = found.get(name) ?? { count: Number(n), sum: wholeOf(highSum, lowSum), atRank: new Map() };
    group.atRank.set(nth, wholeOf(high, low));
    found.set(name, group);
  }
  return new Map(
    [...found].map(([name, { count, sum, atRank }]) => [name, { count, sum, ...quantiles(count, atRank) }]),
  );
}

function quantiles(count: number, atRank: ReadonlyMap<bigint, bigint>) {
  const [p50, p90, p95, p99] = PERCENTS.map(
    (percent) => atRank.get((BigInt(count) * BigInt(percent) + 99n) / 100n) ?? 0n,
  ) as [bigint, bigint, bigint, bigint];
  return { p50, p90, p95, p99 };
}
