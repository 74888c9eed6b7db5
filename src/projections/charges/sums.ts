/** Reads the sums of all sources of a report, and the ledger's own totals, by one statement. */

import { type RawBuilder, sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import { flavourOf } from '../dialect.js';
import { sumOf, sumOfHigh, sumOfLow, wholeOf } from '../exact-sums.js';
import type { Grouping } from './grouping.js';
import { type ChargePeriod, keyNames, ledgerOf, type Source, sourcesOf } from './sources.js';

export interface Sums {
  readonly source: Source | 'ledger';
  /** One value a grouping; of the ledger's own totals null each. */
  readonly key: readonly (string | null)[];
  readonly count: number;
  readonly first: bigint;
  readonly second: bigint;
  readonly third: bigint;
}

/** A report with more groups than one reads. */
export class TooManyGroups extends Error {
  override readonly name = 'TooManyGroups';
}

/** Of each source, and of a whole report. */
export const GROUPS_MAX = 20_000;

type Column = string | bigint | null;

/** @throws TooManyGroups */
export async function readSums(
  db: ReadDatabase,
  period: ChargePeriod,
  groupings: readonly Grouping[],
): Promise<Sums[]> {
  const keys = keyNames(groupings);
  const sources = sourcesOf(period, groupings, flavourOf(db)).map(([source, rows]) =>
    summed(source, rows, keys),
  );
  const statement = sql<
    Record<string, Column>
  >`${sql.join([...sources, ledgerSum(period, keys)], sql` union all `)}
    limit ${sql.lit(sources.length * GROUPS_MAX + 1)}`;
  const { rows } = await statement.execute(db);
  if (rows.length > sources.length * GROUPS_MAX) throw new TooManyGroups();
  return rows.map((row) => sumsOf(row, keys));
}

const columns = (names: readonly string[]): RawBuilder<unknown> =>
  sql.join(names.map((name) => sql.ref(name)));

function summed(source: Source, rows: RawBuilder<unknown>, keys: readonly string[]): RawBuilder<unknown> {
  const by = keys.length === 0 ? sql`` : sql`group by ${columns(keys)}`;
  const [a, b, c] = [sql.ref('a'), sql.ref('b'), sql.ref('c')];
  return sql`select ${sql.lit(source)} as source, ${keys.length === 0 ? sql`` : sql`${columns(keys)},`}
    ${sumOf(sql.ref('n'))} as n, ${sumOfHigh(a)} as a_high, ${sumOfLow(a)} as a_low,
    ${sumOfHigh(b)} as b_high, ${sumOfLow(b)} as b_low, ${sumOfHigh(c)} as c_high, ${sumOfLow(c)} as c_low
    from (${rows}) as ${sql.ref(source)} ${by}`;
}

function ledgerSum(period: ChargePeriod, keys: readonly string[]): RawBuilder<unknown> {
  const nothing = sql`cast(null as bigint)`;
  return sql`select 'ledger', ${sql.join([...keys.map(() => sql`cast(null as text)`), sumOf(sql.ref('charges'))])},
    ${sumOf(sql.ref('charged_high'))}, ${sumOf(sql.ref('charged_low'))},
    ${nothing}, ${nothing}, ${nothing}, ${nothing} from (${ledgerOf(period)}) as ledger`;
}

function sumsOf(row: Record<string, Column>, keys: readonly string[]): Sums {
  const whole = (name: string): bigint =>
    wholeOf(row[`${name}_high`] as bigint | null, row[`${name}_low`] as bigint | null);
  return {
    source: row['source'] as Sums['source'],
    key: keys.map((name) => textOf(row[name] ?? null)),
    count: Number(row['n'] ?? 0n),
    first: whole('a'),
    second: whole('b'),
    third: whole('c'),
  };
}

const textOf = (value: Column): string | null => (value === null ? null : String(value));
