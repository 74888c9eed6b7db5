/** The rows that a report of charges is made of, source by source, each as its keys, a count and three amounts. */

import { type RawBuilder, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { SqlFlavour } from '../../ports/read-store.port.js';
import { MINUTE_MS } from './charges.table.js';
import { type Grouping, groupedBy } from './grouping.js';

/** Whose charges, of when. */
export interface ChargePeriod {
  /** Null: of all tenants. */
  readonly tenantId: string | null;
  readonly unit: Unit;
  /** From this moment on, up to, not including, the other; whole minutes, in ms since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Settled holds with charges without one, new holds, corrections, refusals. */
export type Source = 'settled' | 'reserved' | 'adjusted' | 'denied';

type Rows = RawBuilder<unknown>;

/** Names of the columns of the groupings in all sources. */
export const keyNames = (groupings: readonly Grouping[]): readonly string[] =>
  groupings.map((_, nth) => `key_${nth}`);

const keysFor = (groupings: readonly Grouping[], flavour: SqlFlavour): Rows =>
  listed(groupings.map((grouping, nth) => sql`${groupedBy(grouping, flavour)} as ${sql.ref(`key_${nth}`)}`));

/** A list that further columns follow. */
const listed = (columns: readonly Rows[]): Rows =>
  columns.length === 0 ? sql`` : sql`${sql.join(columns)},`;

/** Tenants are few, and the indexes are by tenant: asking each in turn beats reading everything. */
const ofTenant = (tenantId: string | null, column: string): Rows =>
  tenantId === null
    ? sql`${sql.ref(column)} in (select tenant_id from tenants)`
    : sql`${sql.ref(column)} = ${tenantId}`;

/** Rows of a table in a period, by one of its times. */
const within = (period: ChargePeriod, table: string, time: string): Rows =>
  sql`${ofTenant(period.tenantId, `${table}.tenant_id`)} and ${sql.ref(`${table}.unit`)} = ${period.unit}
    and ${sql.ref(`${table}.${time}`)} >= ${period.fromMs} and ${sql.ref(`${table}.${time}`)} < ${period.untilMs}`;

/** Each source's rows; the ledger's own totals are no groups, and stand for all of them. */
export function sourcesOf(
  period: ChargePeriod,
  groupings: readonly Grouping[],
  flavour: SqlFlavour,
): readonly (readonly [Source, Rows])[] {
  const keys = keysFor(groupings, flavour);
  return [
    [
      'settled',
      sql`select ${keys} case when charged is null then 0 else 1 end as n,
        charged as a, actual as b, coalesce(released, reserved) as c
        from charges where ${within(period, 'charges', 'settled_at_ms')}`,
    ],
    [
      'reserved',
      sql`select ${keys} 1 as n, reserved as a, 0 as b, 0 as c
        from charges where ${within(period, 'charges', 'reserved_at_ms')}`,
    ],
    [
      'adjusted',
      sql`select ${keys} 1 as n, delta as a, 0 as b, 0 as c
        from ${adjustmentsIn(period)}`,
    ],
    [
      'denied',
      sql`select ${keys} repeats as n, 0 as a, 0 as b, 0 as c
        from charge_denials where ${within(period, 'charge_denials', 'denied_at_ms')}`,
    ],
  ];
}

/** The corrections that were made in a period, each with its charge. */
const adjustmentsIn = (period: ChargePeriod): Rows =>
  sql`(select charge_id, delta from charge_adjustments
      where ${within(period, 'charge_adjustments', 'adjusted_at_ms')}) as adjustments
    left join charges on charges.charge_id = adjustments.charge_id`;

/** What the ledger itself says of a period: one row, with sums in both parts. */
export const ledgerOf = (period: ChargePeriod): Rows =>
  sql`select charges, charged_high, charged_low from charge_totals
    where ${ofTenant(period.tenantId, 'tenant_id')} and unit = ${period.unit}
    and minute >= ${period.fromMs / MINUTE_MS} and minute < ${period.untilMs / MINUTE_MS}`;

/** What each charge of a period was, with its session. */
export const chargesIn = (period: ChargePeriod, groupings: readonly Grouping[], flavour: SqlFlavour): Rows =>
  sql`select ${keysFor(groupings, flavour)} workflow as session, charged
    from charges where ${within(period, 'charges', 'settled_at_ms')} and charged is not null`;

/** What was charged in a period, movement by movement: charges, of which `n` is 1, and corrections of them. */
export const movementsIn = (
  period: ChargePeriod,
  groupings: readonly Grouping[],
  flavour: SqlFlavour,
): Rows => {
  const keys = keysFor(groupings, flavour);
  return sql`select ${keys} 1 as n, charged as a from charges
      where ${within(period, 'charges', 'settled_at_ms')} and charged is not null
    union all select ${keys} 0 as n, delta as a from ${adjustmentsIn(period)}`;
};
