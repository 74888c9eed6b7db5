/** What is told of budgets: their lifecycle, and everything that moves their balances. */

import type {
  BalanceAfter,
  BudgetCreated,
  BudgetFunded,
  FundingOperation,
  RecordedEvent,
} from '../../domain/events.js';
import { remainingOf } from '../../domain/state.js';
import type { Changes } from '../changes.js';
import { requireTenant } from '../projection.js';
import { debtNotice, movementsOf } from './movements.js';
import type { Notice, NoticeType } from './notice.js';
import { notedBudgetsTable } from './notifications.table.js';
import { amountsOf, balanceBefore, budgetOf } from './notified.js';

/** A balance before and after an event. */
export interface Move {
  readonly before: BalanceAfter;
  readonly after: BalanceAfter;
}

/** Notes the balances after an event, and answers them with those before it. */
export function move(event: RecordedEvent, balances: readonly BalanceAfter[], changes: Changes): Move[] {
  const tenantId = requireTenant(event);
  return balances.map((after) => {
    const before = balanceBefore(budgetOf(changes, tenantId, after));
    const key = { tenant_id: tenantId, scope: after.scope, unit: after.unit };
    changes.update(notedBudgetsTable, key, amountsOf(after));
    return { before, after };
  });
}

export const movesNotices = (moves: readonly Move[]): Notice[] =>
  moves.flatMap(({ before, after }) => movementsOf(before, after));

/** What a charge made of the balances: debt first, since it is what the rest follows from. */
export function chargeNotices(
  moves: readonly Move[],
  chargeId: string,
  overagePolicy?: string,
): readonly Notice[] {
  return moves.flatMap(({ before, after }) => {
    const debt = debtNotice(before, after, chargeId, overagePolicy);
    return [...(debt === null ? [] : [debt]), ...movementsOf(before, after)];
  });
}

export function budgetNotices(event: RecordedEvent, changes: Changes): readonly Notice[] | null {
  switch (event.type) {
    case 'BudgetCreated':
      return created(event, changes);
    case 'BudgetFunded':
      return funded(event, changes);
    case 'BudgetUpdated':
      return moved(event, changes, { type: 'budget.updated', operation: 'UPDATE' });
    case 'Corrected':
      return moved(event, changes, {
        type: 'budget.updated',
        operation: 'UPDATE',
        more: { reason: event.data.reason },
      });
    case 'BudgetRolledOver':
      return moved(event, changes, {
        type: 'budget.reset_spent',
        operation: 'RESET_SPENT',
        more: { spent_override_provided: false },
      });
    case 'BudgetFrozen':
      return statusNotices(event, changes, {
        type: 'budget.frozen',
        status: 'FROZEN',
        reason: event.data.reason,
      });
    case 'BudgetUnfrozen':
      return statusNotices(event, changes, {
        type: 'budget.unfrozen',
        status: 'ACTIVE',
        reason: event.data.reason,
      });
    case 'BudgetClosed':
      return statusNotices(event, changes, {
        type: 'budget.closed',
        status: 'CLOSED',
        reason: event.data.reason,
      });
    default:
      return null;
  }
}

function created(event: RecordedEvent<BudgetCreated>, changes: Changes): readonly Notice[] {
  const { ledgerId, scope, unit, balances } = event.data;
  const [balance] = balances;
  if (balance === undefined) throw new Error('BudgetCreated carries no balance');
  changes.insert(notedBudgetsTable, {
    tenant_id: requireTenant(event),
    scope,
    unit,
    ledger_id: ledgerId,
    status: 'ACTIVE',
    ...amountsOf(balance),
  });
  const data = {
    ledger_id: ledgerId,
    scope,
    unit,
    operation: 'CREATE',
    new_state: stateOf(balance, 'ACTIVE'),
  };
  return [{ type: 'budget.created', scope, data }];
}

const FUNDED: Readonly<Record<FundingOperation, NoticeType>> = {
  CREDIT: 'budget.funded',
  DEBIT: 'budget.debited',
  RESET: 'budget.reset',
  RESET_SPENT: 'budget.reset_spent',
  REPAY_DEBT: 'budget.debt_repaid',
};

function funded(event: RecordedEvent<BudgetFunded>, changes: Changes): readonly Notice[] {
  const { operation, spent, reason } = event.data;
  return moved(event, changes, {
    type: FUNDED[operation],
    operation,
    more: {
      ...(operation === 'RESET_SPENT' && { spent_override_provided: spent !== null && spent !== 0n }),
      reason: reason ?? undefined,
    },
  });
}

type AboutOne = Extract<RecordedEvent, { readonly data: { readonly scope: string; readonly unit: string } }>;

/** Of an event that moves one budget by what people or the calendar say. */
function moved(
  event: Extract<AboutOne, { readonly data: { readonly balances: readonly BalanceAfter[] } }>,
  changes: Changes,
  told: { readonly type: NoticeType; readonly operation: string; readonly more?: object },
): readonly Notice[] {
  const { scope, unit, balances } = event.data;
  const { ledger_id, status } = budgetOf(changes, requireTenant(event), event.data);
  const moves = move(event, balances, changes);
  const [first] = moves;
  const data = {
    ledger_id,
    scope,
    unit,
    operation: told.operation,
    ...(first && {
      previous_state: stateOf(first.before, status),
      new_state: stateOf(first.after, status),
    }),
    ...told.more,
  };
  return [{ type: told.type, scope, data }, ...movesNotices(moves)];
}

function statusNotices(
  event: AboutOne,
  changes: Changes,
  told: { readonly type: NoticeType; readonly status: string; readonly reason: string | null },
): readonly Notice[] {
  const { scope, unit } = event.data;
  const tenantId = requireTenant(event);
  const budget = budgetOf(changes, tenantId, event.data);
  const balance = balanceBefore(budget);
  const data = {
    ledger_id: budget.ledger_id,
    scope,
    unit,
    operation: 'STATUS_CHANGE',
    previous_state: stateOf(balance, budget.status),
    new_state: stateOf(balance, told.status),
    reason: told.reason ?? undefined,
  };
  changes.update(notedBudgetsTable, { tenant_id: tenantId, scope, unit }, { status: told.status });
  return [{ type: told.type, scope, data }];
}

const stateOf = (balance: BalanceAfter, status: string) => ({
  allocated: balance.allocated,
  remaining: remainingOf(balance),
  debt: balance.debt,
  spent: balance.spent,
  reserved: balance.reserved,
  status,
});
