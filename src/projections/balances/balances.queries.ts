/** Queries of budgets: the runtime's balances, the operators' ledgers. */

import { type SelectQueryBuilder, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { JsonObject, OveragePolicy, RolloverPolicy } from '../../domain/events.js';
import type { ScopePath, TemplateId } from '../../domain/ids.js';
import { type Budget, type BudgetStatus, isOverLimit } from '../../domain/state.js';
import { LEVELS, type Level } from '../../domain/subject.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import {
  directionOf,
  integerKey,
  type Ordering,
  orderedBy,
  type SortDirection,
  type SortKey,
  textKey,
} from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse } from '../read.js';
import { anyContains } from '../search.js';
import type { Row } from '../table.js';
import type { balancesTable } from './balances.table.js';
import { type Fraction, spentAtLeast, spentAtMost, UTILIZATION_KEYS } from './utilization.queries.js';

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
  /** Whether it is not closed. */
  readonly isOpen?: boolean | undefined;
  /** The level that its scope ends in. */
  readonly level?: Level | undefined;
  /** Whether its debt is beyond its overdraft limit. */
  readonly isOverLimit?: boolean | undefined;
  /** Inclusive bounds of spent ÷ allocated. */
  readonly utilizationMin?: Fraction | undefined;
  readonly utilizationMax?: Fraction | undefined;
  /** A part of the tenant's id or the scope. */
  readonly search?: string | undefined;
}

/** The sort keys of the protocol (cycles-governance-admin-v0.1.25, listBudgets). */
export const BUDGET_SORTS = [
  'tenant_id',
  'scope',
  'unit',
  'status',
  'commit_overage_policy',
  'utilization',
  'debt',
] as const;
export type BudgetSort = (typeof BUDGET_SORTS)[number];

/** In order of tenant, scope and unit unless asked otherwise; sorted descending unless asked otherwise. */
export interface BudgetOrder {
  readonly sortBy?: BudgetSort | undefined;
  readonly direction?: SortDirection | undefined;
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
    const question = questionOf({ list: 'balances', tenantId, ...segments });
    return pageIn(orderedBy(question, IDENTITY, 'asc'), select, page);
  }

  /**
   * The operators' form: budgets of one tenant or of all.
   * @param page limit 1 to 100; its cursor is good for the same filter and order only
   * @throws InvalidCursor
   */
  async list(
    filter: BudgetFilter,
    page: PageRequest,
    { sortBy, direction }: BudgetOrder = {},
  ): Promise<Page<BudgetView>> {
    const select = filtered(this.db.selectFrom('balances').selectAll(), filter);
    const { utilizationMin, utilizationMax, ...rest } = filter;
    const bounds = [utilizationMin, utilizationMax].map((bound) => bound?.toString() ?? null);
    const question = questionOf({ list: 'ledgers', ...rest, bounds, sortBy, direction });
    const keys = sortBy === undefined ? IDENTITY : [...SORTINGS[sortBy], ...IDENTITY];
    return pageIn(orderedBy(question, keys, directionOf(sortBy, direction)), select, page);
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
}

/** What names one budget. */
const IDENTITY: readonly SortKey<BudgetRow>[] = [textKey('tenant_id'), textKey('scope'), textKey('unit')];

const SORTINGS: Readonly<Record<BudgetSort, readonly SortKey<BudgetRow>[]>> = {
  tenant_id: [],
  scope: [textKey('scope')],
  unit: [textKey('unit')],
  status: [textKey('status')],
  commit_overage_policy: [
    {
      by: sql`coalesce(overage_policy, '')`,
      valueOf: ({ overage_policy: policy }) => policy ?? '',
      parse: (text) => text,
    },
  ],
  utilization: UTILIZATION_KEYS,
  debt: [integerKey('debt')],
};

async function pageIn(
  ordering: Ordering<BudgetRow>,
  select: Select,
  page: PageRequest,
): Promise<Page<BudgetView>> {
  const rows = await ordering
    .applyTo(select, page)
    .limit(page.limit + 1)
    .execute();
  return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: viewOf });
}

/** Applies everything that a list is asked for, but the order and the place to begin at. */
function filtered(all: Select, filter: BudgetFilter): Select {
  const { tenantId, unit, status, hasDebt, scopePrefix, search } = filter;
  const { utilizationMin, utilizationMax, isOpen, level } = filter;
  let select = all;
  if (tenantId !== undefined) select = select.where('tenant_id', '=', tenantId);
  if (unit !== undefined) select = select.where('unit', '=', unit);
  if (status !== undefined) select = select.where('status', '=', status);
  if (isOpen !== undefined) select = select.where('status', isOpen ? '!=' : '=', 'CLOSED');
  if (level !== undefined) select = endingIn(select, level);
  if (hasDebt !== undefined) select = select.where('debt', hasDebt ? '>' : '=', 0n);
  if (scopePrefix !== undefined) select = below(select, scopePrefix);
  if (filter.isOverLimit !== undefined)
    select = select.where(filter.isOverLimit ? OVER_LIMIT : sql<boolean>`not ${OVER_LIMIT}`);
  if (utilizationMin !== undefined) select = select.where(spentAtLeast(utilizationMin));
  if (utilizationMax !== undefined) select = select.where(spentAtMost(utilizationMax));
  return search === undefined ? select : select.where(anyContains(['tenant_id', 'scope'], search));
}

/** As the domain has it, in `isOverLimit`. */
const OVER_LIMIT = sql<boolean>`(debt > overdraft_limit or uncovered > 0)`;

/** Scopes that name a level and none below it; every scope names its tenant. */
function endingIn(all: Select, level: Level): Select {
  const [, ...below] = LEVELS;
  return below.reduce((select, each) => {
    if (each === level) return select.where(each, 'is not', null);
    return LEVELS.indexOf(each) > LEVELS.indexOf(level) ? select.where(each, 'is', null) : select;
  }, all);
}

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
