/** Queries of the periods whose books are closed. */

import type { Unit } from '../../domain/amount.js';
import type { PeriodTotal } from '../../domain/events.js';
import type { ReadDatabase } from '../database.js';
import { integerKey, orderedBy } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse } from '../read.js';
import type { Row } from '../table.js';
import type { closedPeriodsTable } from './charges.table.js';

export interface ClosedPeriod {
  readonly periodId: string;
  readonly tenantId: string;
  /** From this moment on, up to, not including, the other; ms since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly closedAtMs: number;
  /** Null where the admin key closed it. */
  readonly operatorId: string | null;
  readonly upTo: { readonly revision: number; readonly hash: string };
  readonly totals: readonly PeriodTotal[];
}

type PeriodRow = Row<typeof closedPeriodsTable>;

export class PeriodQueries {
  constructor(private readonly db: ReadDatabase) {}

  async find(periodId: string): Promise<ClosedPeriod | null> {
    const select = this.db.selectFrom('closed_periods').selectAll().where('period_id', '=', periodId);
    const row = await select.executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  /** The closed period that is exactly this one. */
  async exactly(tenantId: string, fromMs: number, untilMs: number): Promise<ClosedPeriod | null> {
    const row = await this.db
      .selectFrom('closed_periods')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('from_ms', '=', BigInt(fromMs))
      .where('until_ms', '=', BigInt(untilMs))
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  /**
   * Closed last first.
   * @throws InvalidCursor
   */
  async list(tenantId: string | undefined, page: PageRequest): Promise<Page<ClosedPeriod>> {
    const order = orderedBy<PeriodRow>(questionOf({ tenantId }), [integerKey('position')], 'desc');
    let select = this.db.selectFrom('closed_periods').selectAll();
    if (tenantId !== undefined) select = select.where('tenant_id', '=', tenantId);
    const rows = await order
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: order.keyOf, toItem: viewOf });
  }
}

const viewOf = (row: PeriodRow): ClosedPeriod => ({
  periodId: row.period_id,
  tenantId: row.tenant_id,
  fromMs: Number(row.from_ms),
  untilMs: Number(row.until_ms),
  closedAtMs: Number(row.closed_at_ms),
  operatorId: row.operator_id,
  upTo: { revision: Number(row.revision), hash: row.hash },
  totals: parse<readonly StoredTotal[]>(row.totals).map(({ charged, adjusted, ...rest }) => ({
    ...rest,
    charged: BigInt(charged),
    adjusted: BigInt(adjusted),
  })),
});

interface StoredTotal {
  readonly unit: Unit;
  readonly charges: number;
  readonly charged: string;
  readonly adjusted: string;
}
