/** What the read model knows of the objects it tells about, as they were before an event. */

import type { Unit } from '../../domain/amount.js';
import type { BalanceAfter, RecordedEvent } from '../../domain/events.js';
import type { ScopePath } from '../../domain/ids.js';
import type { Changes } from '../changes.js';
import { requireTenant, tenantOf } from '../projection.js';
import type { Need } from '../recollection.js';
import type { Row } from '../table.js';
import { notedBudgetsTable, notedObjectsTable } from './notifications.table.js';

export type NotedBudget = Row<typeof notedBudgetsTable>;
export type NotedObject = Row<typeof notedObjectsTable>;
export type ObjectKind = 'tenant' | 'api_key' | 'policy';

/** The rows that an event's notifications are made from. */
export function needsOf(event: RecordedEvent): readonly Need[] {
  switch (event.type) {
    case 'Reserved':
    case 'Committed':
    case 'Released':
    case 'Debited':
    case 'Adjusted':
    case 'Corrected':
    case 'BudgetFunded':
    case 'BudgetUpdated':
    case 'BudgetRolledOver':
      return event.data.balances.map(({ scope }) => budgetAt(event, scope));
    case 'BudgetFrozen':
    case 'BudgetUnfrozen':
    case 'BudgetClosed':
      return [budgetAt(event, event.data.scope)];
    case 'ApiKeyUpdated':
    case 'ApiKeyRevoked':
      return [object(event, 'api_key', event.data.keyId)];
    case 'PolicyUpdated':
    case 'PolicyDeleted':
      return [object(event, 'policy', event.data.policyId)];
    case 'TenantUpdated':
    case 'TenantSuspended':
    case 'TenantReactivated':
      return [object(event, 'tenant', requireTenant(event))];
    case 'TenantClosed': {
      const where = { tenant_id: requireTenant(event) };
      return [
        { table: notedBudgetsTable, where },
        { table: notedObjectsTable, where },
      ];
    }
    default:
      return NO_NEEDS;
  }
}

const NO_NEEDS: readonly Need[] = [];

/** In all units, which are few. */
const budgetAt = (event: RecordedEvent, scope: string): Need => ({
  table: notedBudgetsTable,
  where: { tenant_id: tenantOf(event) ?? '', scope },
});

const object = (event: RecordedEvent, kind: ObjectKind, objectId: string): Need => ({
  table: notedObjectsTable,
  where: { tenant_id: requireTenant(event), kind, object_id: objectId },
});

/** @throws Error for a budget that was never created */
export function budgetOf(
  changes: Changes,
  tenantId: string,
  { scope, unit }: { readonly scope: string; readonly unit: string },
): NotedBudget {
  const budget = changes.known(notedBudgetsTable, { tenant_id: tenantId, scope, unit });
  if (budget === undefined) throw new Error(`no budget ${scope} in ${unit} is known`);
  return budget;
}

/** @throws Error for an object that was never made */
export function objectOf(changes: Changes, tenantId: string, kind: ObjectKind, id: string): NotedObject {
  const noted = changes.known(notedObjectsTable, { tenant_id: tenantId, kind, object_id: id });
  if (noted === undefined) throw new Error(`no ${kind} ${id} is known`);
  return noted;
}

export const balanceBefore = (budget: NotedBudget): BalanceAfter => ({
  scope: budget.scope as ScopePath,
  unit: budget.unit as Unit,
  allocated: budget.allocated,
  spent: budget.spent,
  reserved: budget.reserved,
  debt: budget.debt,
  overdraftLimit: budget.overdraft_limit,
  uncovered: budget.uncovered,
});

export const amountsOf = (after: BalanceAfter) => ({
  allocated: after.allocated,
  spent: after.spent,
  reserved: after.reserved,
  debt: after.debt,
  overdraft_limit: after.overdraftLimit,
  uncovered: after.uncovered,
});
