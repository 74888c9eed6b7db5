/** Decides about budgets: creating, funding, freezing. */

import { checkScopeFilter } from './access.js';
import { fitsInt64, minOf } from './amount.js';
import { changedIn } from './changes.js';
import { madeGood } from './charge.js';
import type {
  CorrectBudget,
  CreateBudget,
  FreezeBudget,
  FundBudget,
  StatedPeriod,
  UnfreezeBudget,
  UpdateBudget,
} from './commands.js';
import type { Actor, BalanceAfter, BudgetChanges, BudgetPeriod } from './events.js';
import { replayOf } from './idempotency.js';
import type { ScopePath } from './ids.js';
import { isRefusal, type Refusal, refusal } from './refusals.js';
import { accept, isRuling, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard, tenantGuard } from './standing.js';
import { type Budget, balanceOf, remainingOf, type Tenant, type TenantState } from './state.js';
import { budgetKey, parseScope } from './subject.js';
import { ledgerIdOf } from './template.js';

/** RISK_POINTS are the operators': a key that an agent can read must not widen its own authority. */
function guardUnit(unit: string, actor: Actor): Refusal | null {
  if (unit !== 'RISK_POINTS' || actor.type !== 'api_key') return null;
  return refusal(
    'operator_only',
    'RISK_POINTS budgets are written by operators only, whatever the key’s permissions.',
  );
}

/** The canonical scope, when it is the tenant's and within the key's filter. */
function scopeFor(text: string, actor: Actor, state: TenantState): ScopePath | Refusal {
  const tenantId = state.tenant?.tenantId;
  const scope = tenantId === undefined ? undefined : parseScope(text, tenantId);
  if (scope === undefined) {
    return refusal(
      'request_invalid',
      `scope must be a path of levels in order, beginning with tenant:${tenantId}.`,
      {
        field: 'scope',
      },
    );
  }
  const key = actor.type === 'api_key' ? state.keys.get(actor.keyId) : undefined;
  return (key && checkScopeFilter(key, scope)) ?? scope;
}

export function createBudget(
  { command, origin, nowMs }: Request<CreateBudget>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { unit, allocated, overdraftLimit, overagePolicy, rolloverPolicy, period, metadata } = command;
  const forbidden = guardUnit(unit, origin.actor);
  if (forbidden) return refuse(forbidden);
  const scope = scopeFor(command.scope, origin.actor, state);
  if (typeof scope !== 'string') return refuse(scope);
  const unavailable = tenantGuard(tenant);
  if (unavailable) return refuse(unavailable);
  const invalid = periodGuard(period, nowMs);
  if (invalid) return refuse(invalid);
  const key = budgetKey(scope, unit);
  if (state.budgets.has(key) || state.retired.has(key)) {
    return refuse(refusal('budget_exists', `A budget in ${unit} exists at ${scope}.`, { scope, unit }));
  }
  const opening = {
    scope,
    unit,
    allocated,
    overdraftLimit,
    spent: 0n,
    reserved: 0n,
    debt: 0n,
    uncovered: 0n,
  };
  return accept({
    type: 'BudgetCreated',
    data: {
      ledgerId: ledgerIdOf(scope, unit),
      scope,
      unit,
      allocated,
      overdraftLimit,
      overagePolicy,
      rolloverPolicy,
      period: period && customPeriod(period),
      template: null,
      metadata,
      balances: [opening],
    },
  });
}

/** Each end of a period is an event: a budget of milliseconds would fill the ledger by itself. */
const PERIOD_MIN_MS = 60_000;

function periodGuard(period: StatedPeriod | null | undefined, nowMs: number): Refusal | null {
  if (!period) return null;
  if (period.endMs > nowMs && period.endMs - period.startMs >= PERIOD_MIN_MS) return null;
  return refusal(
    'request_invalid',
    'period_end must lie in the future, and at least a minute after period_start.',
    { field: 'period_end' },
  );
}

const customPeriod = ({ startMs, endMs }: StatedPeriod): BudgetPeriod => ({
  length: 'custom',
  startMs,
  endMs,
});

/** Changes a budget's properties; a frozen one, too. What is so already is not recorded again. */
export function updateBudget(request: Request<UpdateBudget>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const budget = budgetToChange(request, tenant, state);
  if (isRuling(budget)) return budget;
  const { period, ...others } = command.changes;
  const invalid = periodGuard(period, nowMs);
  if (invalid) return refuse(invalid);
  const asked: BudgetChanges = {
    ...others,
    ...(period !== undefined && { period: period && customPeriod(period) }),
  };
  const changes = changedIn(budget, asked);
  const overdraftLimit = command.overdraftLimit ?? budget.overdraftLimit;
  if (Object.keys(changes).length === 0 && overdraftLimit === budget.overdraftLimit) return accept();
  const { scope, unit } = budget;
  const balances = [balanceOf({ ...budget, overdraftLimit })];
  return accept({ type: 'BudgetUpdated', data: { scope, unit, changes, balances } });
}

export function fundBudget(request: Request<FundBudget>, tenant: Tenant, state: TenantState): Ruling {
  const { command } = request;
  const budget = budgetToChange(request, tenant, state);
  if (isRuling(budget)) return budget;
  if (budget.status === 'CLOSED') {
    return refuse(
      refusal('budget_closed', `The budget of ${budget.scope} is closed.`, { scope: budget.scope }),
    );
  }
  if (budget.status === 'FROZEN') {
    return refuse(
      refusal('budget_frozen', `The budget of ${budget.scope} is frozen.`, { scope: budget.scope }),
    );
  }
  const funded = fund(budget, command);
  if (isRefusal(funded)) return refuse(funded);
  // What is held must still fit into spent when it is settled.
  if (![funded.allocated, funded.spent + funded.reserved, remainingOf(funded)].every(fitsInt64)) {
    return refuse(
      refusal('amount_overflow', 'The amount would overflow the budget.', { field: 'amount.amount' }),
    );
  }
  const { scope, unit, operation, amount, spent, reason, metadata } = { ...command, scope: budget.scope };
  return accept({
    type: 'BudgetFunded',
    data: {
      scope,
      unit,
      operation,
      amount,
      spent: operation === 'RESET_SPENT' ? (spent ?? 0n) : null,
      repaid: budget.debt - funded.debt,
      reason,
      metadata,
      before: balanceOf(budget),
      balances: [funded],
    },
  });
}

/** The balance after a funding operation (cycles-governance-admin, BudgetFundingRequest). */
export function fund(
  budget: BalanceAfter,
  command: Pick<FundBudget, 'operation' | 'amount' | 'spent'>,
): BalanceAfter | Refusal {
  const { operation, amount } = command;
  switch (operation) {
    case 'CREDIT':
    case 'REPAY_DEBT': {
      const repaid = minOf(amount, budget.debt);
      return madeGood(budget, { debt: budget.debt - repaid, allocated: budget.allocated + amount - repaid });
    }
    case 'DEBIT':
      if (remainingOf(budget) < amount) {
        return refusal('budget_exceeded', `Only ${remainingOf(budget)} remain at ${budget.scope}.`, {
          scope: budget.scope,
          remaining: remainingOf(budget),
        });
      }
      return balanceOf({ ...budget, allocated: budget.allocated - amount });
    case 'RESET':
      return madeGood(budget, { allocated: amount });
    case 'RESET_SPENT':
      return { ...balanceOf({ ...budget, allocated: amount, spent: command.spent ?? 0n }), uncovered: 0n };
  }
}

export function freezeBudget(request: Request<FreezeBudget>, tenant: Tenant, state: TenantState): Ruling {
  const { command } = request;
  const budget = budgetToChange(request, tenant, state);
  if (isRuling(budget)) return budget;
  const { scope, unit } = budget;
  if (budget.status !== 'ACTIVE') {
    return refuse(
      refusal(
        budget.status === 'FROZEN' ? 'budget_frozen' : 'budget_closed',
        `The budget of ${scope} is ${budget.status}.`,
      ),
    );
  }
  return accept({ type: 'BudgetFrozen', data: { scope, unit, reason: command.reason } });
}

export function unfreezeBudget(request: Request<UnfreezeBudget>, tenant: Tenant, state: TenantState): Ruling {
  const { command } = request;
  const budget = budgetToChange(request, tenant, state);
  if (isRuling(budget)) return budget;
  const { scope, unit } = budget;
  if (budget.status === 'CLOSED')
    return refuse(refusal('budget_closed', `The budget of ${scope} is closed.`));
  if (budget.status === 'ACTIVE') {
    return refuse(refusal('budget_not_frozen', `The budget of ${scope} is not frozen.`));
  }
  return accept({ type: 'BudgetUnfrozen', data: { scope, unit, reason: command.reason } });
}

type Change = UpdateBudget | FundBudget | FreezeBudget | UnfreezeBudget | CorrectBudget;

/** The budget that a command changes; or its ruling already, when it was answered before or nothing may change. */
export function budgetToChange(
  request: Request<Change>,
  tenant: Tenant,
  state: TenantState,
): Budget | Ruling {
  const { command, origin } = request;
  const budget = findBudget(command, origin.actor, state);
  if (isRefusal(budget)) return refuse(budget);
  const replay = replayOf(request);
  if (replay) return replay;
  const closed = closedGuard(tenant);
  return closed ? refuse(closed) : budget;
}

function findBudget(
  command: Pick<FundBudget, 'scope' | 'unit'>,
  actor: Actor,
  state: TenantState,
): Budget | Refusal {
  const forbidden = guardUnit(command.unit, actor);
  if (forbidden) return forbidden;
  const scope = scopeFor(command.scope, actor, state);
  if (typeof scope !== 'string') return scope;
  const key = budgetKey(scope, command.unit);
  if (state.retired.has(key)) return refusal('budget_closed', `The budget of ${scope} is closed.`);
  return (
    state.budgets.get(key) ??
    refusal('budget_not_found', `Budget not found for provided scope: ${scope} in ${command.unit}`)
  );
}
