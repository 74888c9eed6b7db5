/** Queries of budgets: the runtime's balances, the operators' ledgers. */

import { type SelectQueryBuilder, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { JsonObject, OveragePolicy, RolloverPolicy } from '../../domain/events.js';
import type { ScopePath, TemplateId } from '../../domain/ids.js';
import { type Budget, type BudgetStatus, isOverLimit } from '../../domain/state.js';
import { LEVELS, type Level } from '../../domain/subject.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import { decodeCursorOf, type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse } from '../read.js';
import type { Row } from '../table.js';
import type { balancesTable } from './balances.table.js';

/** A budget as the read model has it, with its tenant. */
export interface BudgetView extends Omit<Budget, 'carried'> {
  readonly tenantId: string;
  readonly isOverLimit: boolean;
}

export type ScopeSegments = { readonly [L in Exclude<Level, 'tenant'>]?: string | undefined };

export interface BudgetFilter {
  readonly tenantId?: string | undefined;
  /** A canonical scope path, in any case; the budget at it and all below it. */
  readonly scopePrefix?: string | undefined;
  readonly unit?: Unit | undefined;
  readonly status?: BudgetStatus | undefined;
  readonly hasDebt?: boolean | undefined;
}

type BudgetRow = Row<typeof balancesTable>;
type Select = SelectQueryBuilder<ReadTables, 'balances', BudgetRow>;

export class BalanceQueries {
  constructor(private readonly db: ReadDatabase) {}

  /**
   * The runtime form: every budget of a tenant whose scope contains the given segments, in order of scope.
   * @param page limit 1 to 200
   * @throws InvalidCursor
   */
  async containing(tenantId: string, segments: ScopeSegments, page: PageRequest): Promise<Page<BudgetView>> {
    let select: Select = this.db.selectFrom('balances').selectAll().where('tenant_id', '=', tenantId);
    for (const level of LEVELS) {
      if (level === 'tenant') continue;
      const value = segments[level];
      if (value !== undefined) select = select.where(level, '=', value.toLowerCase());
    }
    return this.page(select, questionOf({ list: 'balances', tenantId, ...segments }), page);
  }

  /**
   * The operators' form: budgets of one tenant or of all, in order of tenant and scope.
   * @param page limit 1 to 100
   * @throws InvalidCursor
   */
  async list(filter: BudgetFilter, page: PageRequest): Promise<Page<BudgetView>> {
    let select: Select = this.db.selectFrom('balances').selectAll();
    if (filter.tenantId !== undefined) select = select.where('tenant_id', '=', filter.tenantId);
    if (filter.unit !== undefined) select = select.where('unit', '=', filter.unit);
    if (filter.status !== undefined) select = select.where('status', '=', filter.status);
    if (filter.hasDebt !== undefined) select = select.where('debt', filter.hasDebt ? '>' : '=', 0n);
    if (filter.scopePrefix !== undefined) select = below(select, filter.scopePrefix);
    return this.page(select, questionOf({ list: 'ledgers', ...filter }), page);
  }

  async find(tenantId: string, scope: string, unit: Unit): Promise<BudgetView | null> {
    const row = await this.db
      .selectFrom('balances')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('scope', '=', scope)
      .where('unit', '=', unit)
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  /** All budgets of a tenant, for a comparison with the ledger. */
  async ofTenant(tenantId: string): Promise<BudgetView[]> {
    const select = this.db.selectFrom('balances').selectAll().where('tenant_id', '=', tenantId);
    return (await select.execute()).map(viewOf);
  }

  /** @param question what was asked, which the page's cursors are bound to */
  private async page(
    select: Select,
    question: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<BudgetView>> {
    const after = decodeCursorOf(question, cursor, 3);
    const begun = after === null ? select : select.where(rowAfter(after));
    const rows = await begun
      .orderBy('tenant_id')
      .orderBy('scope')
      .orderBy('unit')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, {
      keyOf: (row) => [question, row.tenant_id, row.scope, row.unit],
      toItem: viewOf,
    });
  }
}

const rowAfter = ([tenantId, scope, unit]: readonly string[]) =>
  sql<boolean>`(tenant_id, scope, unit) > (${tenantId}, ${scope}, ${unit})`;

/** The scope itself and everything below it; `0` is the character after `/`. */
function below(select: Select, prefix: string): Select {
  const scope = prefix.toLowerCase().replace(/\/$/, '');
  return select.where((where) =>
    where.or([
      where('scope', '=', scope),
      where.and([where('scope', '>=', `${scope}/`), where('scope', '<', `${scope}0`)]),
    ]),
  );
}

function viewOf(row: BudgetRow): BudgetView {
  const amounts = {
    allocated: row.allocated,
    spent: row.spent,
    reserved: row.reserved,
    debt: row.debt,
    overdraftLimit: row.overdraft_limit,
    uncovered: row.uncovered,
  };
  const balance = { scope: row.scope as ScopePath, unit: row.unit as Unit, ...amounts };
  return {
    tenantId: row.tenant_id,
    ledgerId: row.ledger_id,
    ...balance,
    isOverLimit: isOverLimit(balance),
    status: row.status as BudgetStatus,
    overagePolicy: row.overage_policy as OveragePolicy | null,
    rolloverPolicy: row.rollover_policy as RolloverPolicy,
    period: periodOf(row),
    template: row.template as TemplateId | null,
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    metadata: parse<JsonObject>(row.metadata),
  };
}

function periodOf(row: BudgetRow): Budget['period'] {
  if (row.period_length === null || row.period_start_ms === null || row.period_end_ms === null) return null;
  const length = row.period_length as NonNullable<Budget['period']>['length'];
  return { length, startMs: Number(row.period_start_ms), endMs: Number(row.period_end_ms) };
}
