/** Charges and their corrections one by one, tenant by tenant and unit by unit, in the order of time. */

import { type RawBuilder, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import { periodAt } from '../../domain/period.js';
import type { ReadDatabase } from '../database.js';
import { numberOrNull, parseOrNull } from '../read.js';
import type { Row } from '../table.js';
import type { chargesTable } from './charges.table.js';

/** What a charge was for, as it is billed; of a correction it is that of the charge. */
export interface ChargedWork {
  readonly chargeId: string;
  readonly actionId: string | null;
  readonly workspace: string | null;
  readonly app: string | null;
  readonly workflow: string | null;
  readonly agent: string | null;
  readonly toolset: string | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly kind: string | null;
  readonly name: string | null;
  readonly model: string | null;
  readonly harness: string | null;
  readonly keyId: string | null;
  readonly metrics: Readonly<Record<string, unknown>> | null;
  /** When the charge was settled, ms since the epoch; null of a charge that was made before these rows were kept. */
  readonly settledAtMs: number | null;
}

export interface BilledRow extends ChargedWork {
  readonly unit: Unit;
  /** When it was charged or put right, and the calendar month (UTC) in which it is billed. */
  readonly atMs: number;
  readonly month: { readonly startMs: number; readonly endMs: number };
  readonly amount: bigint;
  /** What was used; null of a correction. */
  readonly actual: bigint | null;
  /** Why it was put right; null of a charge. */
  readonly reason: string | null;
}

/** Of one tenant in one unit, from one moment up to, not including, the other; ms since the epoch. */
export interface BilledPeriod {
  readonly tenantId: string;
  readonly unit: Unit;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface BilledTenant {
  readonly tenantId: string;
  readonly name: string;
}

const PAGE_ROWS = 500;

/** Behind which row the next page begins. */
interface Place {
  readonly atMs: bigint;
  readonly id: string;
}

export class ChargeRowQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** @param tenantId null: all there are, by their ids */
  tenants(tenantId: string | null): Promise<BilledTenant[]> {
    let select = this.db.selectFrom('tenants').select(['tenant_id as tenantId', 'name']).orderBy('tenant_id');
    if (tenantId !== null) select = select.where('tenant_id', '=', tenantId);
    return select.execute();
  }

  async *charges(period: BilledPeriod): AsyncGenerator<BilledRow> {
    let after: Place = { atMs: BigInt(period.fromMs), id: '' };
    for (;;) {
      const rows = await this.db
        .selectFrom('charges')
        .selectAll()
        .where('tenant_id', '=', period.tenantId)
        .where('unit', '=', period.unit)
        .where('settled_at_ms', '>=', after.atMs)
        .where('settled_at_ms', '<', BigInt(period.untilMs))
        .where(behind('settled_at_ms', 'charge_id', after))
        .where('charged', 'is not', null)
        .orderBy('settled_at_ms')
        .orderBy('charge_id')
        .limit(PAGE_ROWS)
        .execute();
      for (const row of rows) {
        const atMs = Number(row.settled_at_ms);
        const amount = row.charged ?? 0n;
        const charged = { amount, actual: row.actual, reason: null };
        yield { ...workOf(row), unit: period.unit, atMs, month: periodAt('monthly', atMs), ...charged };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) return;
      after = { atMs: last.settled_at_ms ?? 0n, id: last.charge_id };
    }
  }

  async *corrections(period: BilledPeriod): AsyncGenerator<BilledRow> {
    let after: Place = { atMs: BigInt(period.fromMs), id: '' };
    for (;;) {
      const rows = await this.db
        .selectFrom('charge_adjustments as correction')
        .leftJoin('charges', 'charges.charge_id', 'correction.charge_id')
        .selectAll('charges')
        .select(['correction.event_id', 'correction.adjusted_at_ms', 'correction.delta', 'correction.reason'])
        .select('correction.charge_id as corrected')
        .where('correction.tenant_id', '=', period.tenantId)
        .where('correction.unit', '=', period.unit)
        .where('correction.adjusted_at_ms', '>=', after.atMs)
        .where('correction.adjusted_at_ms', '<', BigInt(period.untilMs))
        .where(behind('correction.adjusted_at_ms', 'correction.event_id', after))
        .orderBy('correction.adjusted_at_ms')
        .orderBy('correction.event_id')
        .limit(PAGE_ROWS)
        .execute();
      for (const row of rows) {
        const atMs = Number(row.adjusted_at_ms);
        const work = workOf({ ...row, charge_id: row.corrected });
        const corrected = { amount: row.delta, actual: null, reason: row.reason };
        yield { ...work, unit: period.unit, atMs, month: periodAt('monthly', atMs), ...corrected };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) return;
      after = { atMs: last.adjusted_at_ms, id: last.event_id };
    }
  }
}

const behind = (time: string, id: string, after: Place): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(time)} > ${after.atMs} or ${sql.ref(id)} > ${after.id})`;

type Charge = Row<typeof chargesTable>;
type WorkColumn =
  | 'action_id'
  | 'workspace'
  | 'app'
  | 'workflow'
  | 'agent'
  | 'toolset'
  | 'dimensions'
  | 'kind'
  | 'name'
  | 'model'
  | 'harness'
  | 'key_id'
  | 'metrics'
  | 'settled_at_ms';

const workOf = (
  row: { readonly [Column in WorkColumn]: Charge[Column] | null } & { readonly charge_id: string },
): ChargedWork => ({
  chargeId: row.charge_id,
  actionId: row.action_id,
  workspace: row.workspace,
  app: row.app,
  workflow: row.workflow,
  agent: row.agent,
  toolset: row.toolset,
  dimensions: parseOrNull<Record<string, string>>(row.dimensions),
  kind: row.kind,
  name: row.name,
  model: row.model,
  harness: row.harness,
  keyId: row.key_id,
  metrics: parseOrNull<Record<string, unknown>>(row.metrics),
  settledAtMs: numberOrNull(row.settled_at_ms),
});
