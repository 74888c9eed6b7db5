/** Which tenants have something falling due, from the rows of reservations and balances. */

import { sql } from 'kysely';
import type { DueTimes } from '../ports/due-times.port.js';
import type { ReadDatabase } from './database.js';

/** Expiries with their grace, the gate's holds, ends of budget periods, and of the time that people have. */
export function createDueTimes(db: ReadDatabase): DueTimes {
  const due = () =>
    db
      .selectFrom('reservations')
      .select(['tenant_id', 'due_at_ms'])
      .where('due_at_ms', 'is not', null)
      .unionAll(
        db.selectFrom('balances').select(['tenant_id', 'due_at_ms']).where('due_at_ms', 'is not', null),
      )
      .unionAll(
        db.selectFrom('approvals').select(['tenant_id', 'due_at_ms']).where('due_at_ms', 'is not', null),
      );
  const soonestOf = (table: 'reservations' | 'balances' | 'approvals') =>
    db
      .selectFrom(table)
      .select((of) => of.fn.min('due_at_ms').as('at'))
      .where('due_at_ms', 'is not', null)
      .executeTakeFirst();
  return {
    async dueTenants(atMs, limit) {
      const rows = await db
        .selectFrom(due().as('due'))
        .select('tenant_id')
        .where('due_at_ms', '<=', BigInt(atMs))
        .groupBy('tenant_id')
        .orderBy(sql`min(due_at_ms)`)
        .limit(limit)
        .execute();
      return rows.map((row) => row.tenant_id);
    },
    async nextDueMs() {
      const soonest = await Promise.all([
        soonestOf('reservations'),
        soonestOf('balances'),
        soonestOf('approvals'),
      ]);
      const times = soonest.flatMap((row) => (row?.at == null ? [] : [Number(row.at)]));
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}
