/** Balances: every budget as its last event left it. */

import type {
  BalanceAfter,
  BudgetChanges,
  BudgetCreated,
  BudgetPeriod,
  RecordedEvent,
} from '../../domain/events.js';
import { LEVELS, type Level } from '../../domain/subject.js';
import type { Changes } from '../changes.js';
import { occurredAtMs, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson } from '../table.js';
import { balancesTable } from './balances.table.js';

export const balancesProjection: Projection = {
  name: 'balances',
  version: 1,
  tables: [balancesTable],
  project(event, changes) {
    switch (event.type) {
      case 'BudgetCreated':
        return changes.insert(balancesTable, rowOf(event));
      case 'BudgetFunded':
      case 'Reserved':
      case 'Committed':
      case 'Released':
      case 'Debited':
      case 'Adjusted':
      case 'Corrected':
        return setBalances(event, event.data.balances, changes);
      case 'BudgetRolledOver': {
        setBalances(event, event.data.balances, changes);
        return change(event, event.data, changes, periodOf(event.data.period));
      }
      case 'BudgetUpdated':
        setBalances(event, event.data.balances, changes);
        return change(event, event.data, changes, propertiesOf(event.data.changes));
      case 'BudgetFrozen':
        return change(event, event.data, changes, { status: 'FROZEN' });
      case 'BudgetUnfrozen':
        return change(event, event.data, changes, { status: 'ACTIVE' });
      case 'BudgetClosed':
        return change(event, event.data, changes, { status: 'CLOSED', due_at_ms: null });
      case 'TenantClosed':
        return closeAll(event, changes);
      default:
        return;
    }
  },
};

function rowOf(event: RecordedEvent<BudgetCreated>): NewRow<typeof balancesTable> {
  const { data } = event;
  const [balance] = data.balances;
  if (balance === undefined) throw new Error('BudgetCreated carries no balance');
  const atMs = occurredAtMs(event);
  return {
    tenant_id: requireTenant(event),
    ...levelsOf(data.scope),
    ledger_id: data.ledgerId,
    status: 'ACTIVE',
    ...amountsOf(balance),
    scope: data.scope,
    unit: data.unit,
    overage_policy: data.overagePolicy,
    rollover_policy: data.rolloverPolicy,
    ...periodOf(data.period),
    template: data.template,
    metadata: toJson(data.metadata),
    created_at_ms: atMs,
    updated_at_ms: atMs,
  };
}

const periodOf = (period: BudgetPeriod | null) => ({
  period_length: period?.length ?? null,
  period_start_ms: period?.startMs ?? null,
  period_end_ms: period?.endMs ?? null,
  due_at_ms: period?.endMs ?? null,
});

const propertiesOf = ({ overagePolicy, rolloverPolicy, period, metadata }: BudgetChanges) => ({
  ...(overagePolicy !== undefined && { overage_policy: overagePolicy }),
  ...(rolloverPolicy !== undefined && { rollover_policy: rolloverPolicy }),
  ...(period !== undefined && periodOf(period)),
  ...(metadata !== undefined && { metadata: toJson(metadata) }),
});

const amountsOf = ({ allocated, spent, reserved, debt, overdraftLimit, uncovered }: BalanceAfter) => ({
  allocated,
  spent,
  reserved,
  debt,
  overdraft_limit: overdraftLimit,
  uncovered,
});

type ScopeLevel = Exclude<Level, 'tenant'>;

/** The levels a canonical scope path names below the tenant. */
function levelsOf(scope: string): Record<ScopeLevel, string | null> {
  const levels = { workspace: null, app: null, workflow: null, agent: null, toolset: null } as Record<
    ScopeLevel,
    string | null
  >;
  for (const segment of scope.split('/').slice(1)) {
    const colon = segment.indexOf(':');
    const level = LEVELS.find((known) => known === segment.slice(0, colon));
    if (level === undefined || level === 'tenant') throw new Error('the scope names no known level');
    levels[level] = segment.slice(colon + 1);
  }
  return levels;
}

function setBalances(event: RecordedEvent, balances: readonly BalanceAfter[], changes: Changes): void {
  const tenantId = requireTenant(event);
  const atMs = occurredAtMs(event);
  for (const after of balances) {
    changes.update(
      balancesTable,
      { tenant_id: tenantId, scope: after.scope, unit: after.unit },
      {
        allocated: after.allocated,
        spent: after.spent,
        reserved: after.reserved,
        debt: after.debt,
        overdraft_limit: after.overdraftLimit,
        uncovered: after.uncovered,
        updated_at_ms: atMs,
      },
    );
  }
}

function change(
  event: RecordedEvent,
  { scope, unit }: Pick<BalanceAfter, 'scope' | 'unit'>,
  changes: Changes,
  values: Partial<NewRow<typeof balancesTable>>,
): void {
  const key = { tenant_id: requireTenant(event), scope, unit };
  changes.update(balancesTable, key, { ...values, updated_at_ms: occurredAtMs(event) });
}

/** Closing a tenant gives every hold back and closes every budget. */
function closeAll(event: RecordedEvent, changes: Changes): void {
  const values = { status: 'CLOSED', reserved: 0n, due_at_ms: null, updated_at_ms: occurredAtMs(event) };
  changes.updateWhere(balancesTable, { tenant_id: requireTenant(event) }, values);
}
