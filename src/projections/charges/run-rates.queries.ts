/** What was charged of late under the scopes of budgets. */

import { type RawBuilder, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import { LEVELS, type Level, levelOf } from '../../domain/subject.js';
import type { ReadDatabase } from '../database.js';
import { sumOfHigh, sumOfLow, wholeOf } from '../exact-sums.js';

/** A budget, by what names it. */
export interface RatedBudget {
  readonly tenantId: string;
  readonly scope: string;
  readonly unit: Unit;
}

interface Row {
  readonly scope: string;
  readonly unit: string;
  readonly high: bigint | null;
  readonly low: bigint | null;
}

export class RunRateQueries {
  constructor(private readonly db: ReadDatabase) {}

  /**
   * What was charged at each budget's scope and below it from a moment on, with the corrections that were made since;
   * whether the budget was there already or not.
   * @param budgets at most a few hundred
   * @param fromMs since the epoch
   * @returns a sum of the budget's unit, which is below 0 where more was given back than charged
   */
  async chargedSince(
    budgets: readonly RatedBudget[],
    fromMs: number,
  ): Promise<(budget: RatedBudget) => bigint> {
    const sums = new Map<string, bigint>();
    if (budgets.length > 0) {
      const { rows } = await statement(budgets, fromMs).execute(this.db);
      for (const { scope, unit, high, low } of rows) sums.set(`${scope}|${unit}`, wholeOf(high, low));
    }
    return ({ scope, unit }) => sums.get(`${scope}|${unit}`) ?? 0n;
  }
}

/** The movements are read once for each level at which a budget's scope ends. */
function statement(budgets: readonly RatedBudget[], fromMs: number): RawBuilder<Row> {
  const levels = LEVELS.filter((level) => budgets.some(({ scope }) => levelOf(scope) === level));
  const sums = levels.map((level) => {
    const wanted = budgets.filter(({ scope }) => levelOf(scope) === level);
    const scopes = listOf(wanted.map(({ scope }) => scope));
    return sql`select scope, unit, ${sumOfHigh(AMOUNT)} as high, ${sumOfLow(AMOUNT)} as low
      from (${movements(wanted, pathDownTo(level), fromMs)}) as movements
      where scope in (${scopes}) group by scope, unit`;
  });
  return sql<Row>`${sql.join(sums, sql` union all `)}`;
}

const AMOUNT = sql.ref('a');

function movements(
  budgets: readonly RatedBudget[],
  path: RawBuilder<unknown>,
  fromMs: number,
): RawBuilder<unknown> {
  const tenants = listOf(budgets.map(({ tenantId }) => tenantId));
  const units = listOf(budgets.map(({ unit }) => unit));
  return sql`select ${path} as scope, charges.unit, charged as a from charges
      where charges.tenant_id in (${tenants}) and charges.unit in (${units})
      and settled_at_ms >= ${fromMs} and charged is not null
    union all select ${path} as scope, charges.unit, delta as a from charge_adjustments
      join charges on charges.charge_id = charge_adjustments.charge_id
      where charge_adjustments.tenant_id in (${tenants}) and charge_adjustments.unit in (${units})
      and adjusted_at_ms >= ${fromMs}`;
}

const listOf = (texts: readonly string[]): RawBuilder<unknown> =>
  sql.join([...new Set(texts)].map((text) => sql`${text}`));

/** The scope of a charge down to a level, as `deriveScopes` has it: levels that it lacks are skipped. */
function pathDownTo(level: Level): RawBuilder<unknown> {
  const below = LEVELS.slice(1, LEVELS.indexOf(level) + 1).map(
    (each) => sql`coalesce('/${sql.raw(each)}:' || charges.${sql.raw(each)}, '')`,
  );
  return sql.join([sql`'tenant:' || charges.tenant_id`, ...below], sql` || `);
}
