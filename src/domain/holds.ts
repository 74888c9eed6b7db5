/** Holding an amount over all scopes of a subject: which budgets, in which state, with which result. */

import { fitsInt64, UNITS, type Unit } from './amount.js';
import { type DenyDetail, joinFixes } from './deny-detail.js';
import type { BalanceAfter, BudgetCreated, BudgetFunded, Shortfall } from './events.js';
import type { ScopePath } from './ids.js';
import { type Refusal, refusal } from './refusals.js';
import { type BalanceLine, balanceOf, isOverLimit, remainingOf, type TenantState } from './state.js';
import { budgetKey } from './subject.js';
import { openFromTemplate, templateFor } from './template.js';

/** A hold that would fit: the budgets it draws on, those it opens, and the balances after it. */
export interface FittingHold {
  readonly kind: 'fits';
  readonly opened: readonly BudgetCreated[];
  readonly heldScopes: readonly ScopePath[];
  readonly before: readonly BalanceAfter[];
  readonly after: readonly BalanceAfter[];
}
export interface RefusedHold {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  readonly before: readonly BalanceAfter[];
}

/** Where, in which unit and when a budget is looked for. */
interface Place {
  readonly scopes: readonly ScopePath[];
  readonly unit: Unit;
  readonly nowMs: number;
}
export interface HoldRequest extends Place {
  readonly amount: bigint;
}

/** The budgets that a request draws on, and among them those that templates open for it. */
export interface DrawnBudgets {
  readonly lines: readonly BalanceLine[];
  readonly opened: readonly BudgetCreated[];
}

/** The budgets over some scopes when there is one, and none of them is closed or frozen. */
export function drawnBudgets(place: Place, state: TenantState): DrawnBudgets | Refusal {
  const drawn = budgetsOver(place, state);
  return unusable(drawn.lines, place, state) ?? drawn;
}

function unusable(lines: readonly BalanceLine[], place: Place, state: TenantState): Refusal | null {
  if (lines.length === 0) return noBudget(place, state);
  const closed = lines.find((line) => line.status === 'CLOSED');
  if (closed) {
    return refusal('budget_closed', `The budget of ${closed.scope} is closed.`, at(closed), blocked(closed));
  }
  const frozen = lines.find((line) => line.status === 'FROZEN');
  if (frozen === undefined) return null;
  const fixes = lines
    .filter((line) => line.status === 'FROZEN')
    .map((line) => `Unfreeze the ${line.unit} budget of ${line.scope}`);
  return refusal('budget_frozen', `The budget of ${frozen.scope} is frozen.`, at(frozen), {
    ...blocked(frozen),
    suggestedFix: joinFixes(fixes, 'Unfreeze every frozen budget over the subject.'),
  });
}

/**
 * Whether an amount can be held at every budgeted scope (cycles-protocol-v0, SCOPE DERIVATION and ERROR
 * SEMANTICS). Each guard is applied over all scopes before the next: closed, frozen, over limit, debt,
 * remaining. Opens nothing by itself: what a template would open is in the answer.
 */
export function evaluateHold(request: HoldRequest, state: TenantState): FittingHold | RefusedHold {
  const { lines, opened } = budgetsOver(request, state);
  const before = lines.filter((line) => line.ledgerId !== undefined).map(balanceOf);
  const refused = (why: Refusal): RefusedHold => ({ kind: 'refused', refusal: why, before });

  const no = unusable(lines, request, state);
  if (no) return refused(no);
  const over = lines.find(isOverLimit);
  if (over) {
    const message = `The budget of ${over.scope} is over its limit.`;
    return refused(refusal('over_limit', message, at(over), { ...blocked(over), ...repayment(lines) }));
  }
  const indebted = lines.find((line) => line.debt > 0n);
  if (indebted) {
    const message = `The budget of ${indebted.scope} has unpaid debt.`;
    return refused(
      refusal('debt_outstanding', message, at(indebted), { ...blocked(indebted), ...repayment(lines) }),
    );
  }
  const short = lines.filter((line) => remainingOf(line) < request.amount);
  const [shortest] = short;
  if (shortest) return refused(exceeded(shortest, short, request));

  const after = lines.map((line) => balanceOf({ ...line, reserved: line.reserved + request.amount }));
  if (!after.every((line) => fitsInt64(line.reserved))) {
    return refused(refusal('amount_overflow', 'The amount would overflow a balance.'));
  }
  return { kind: 'fits', opened, heldScopes: lines.map((line) => line.scope), before, after };
}

/** What each budget over a request lacks for it, where nothing but that stands against it. */
export function shortfallsOf(request: HoldRequest, state: TenantState): Shortfall[] {
  return budgetsOver(request, state).lines.flatMap((line) => {
    const missing = request.amount - remainingOf(line);
    return missing > 0n ? [{ scope: line.scope, amount: missing }] : [];
  });
}

/**
 * The points that an approval adds where a budget is short, after the budgets that templates open for the request.
 * @param who whose approval it is
 */
export function topUp(
  request: HoldRequest,
  shortfalls: readonly Shortfall[],
  who: NonNullable<BudgetFunded['data']['grant']>,
  state: TenantState,
): (BudgetCreated | BudgetFunded)[] {
  const { lines, opened } = budgetsOver(request, state);
  const funded = shortfalls.flatMap(({ scope, amount }) => {
    const line = lines.find((each) => each.scope === scope);
    return line === undefined ? [] : [fundedBy(who, balanceOf(line), amount)];
  });
  return [...opened, ...funded];
}

const fundedBy = (
  grant: NonNullable<BudgetFunded['data']['grant']>,
  before: BalanceAfter,
  amount: bigint,
): BudgetFunded => ({
  type: 'BudgetFunded',
  data: {
    scope: before.scope,
    unit: before.unit,
    operation: 'CREDIT',
    amount,
    spent: null,
    repaid: 0n,
    reason: `approval ${grant.approvalId}`,
    metadata: {},
    before,
    balances: [{ ...before, allocated: before.allocated + amount }],
    grant,
  },
});

const at = (line: BalanceAfter) => ({ scope: line.scope, unit: line.unit });

const blocked = (line: BalanceAfter): DenyDetail => ({ blockedByScope: line.scope });

/** Paying what every budget over the request owes, in debt and in charges that it could not cover. */
function repayment(lines: readonly BalanceLine[]): DenyDetail {
  const fixes = lines
    .filter((line) => line.debt + line.uncovered > 0n)
    .map(
      ({ scope, unit, debt, uncovered }) =>
        `Fund ${scope} with a CREDIT of at least ${debt + uncovered} ${unit}`,
    );
  return {
    suggestedFix: joinFixes(fixes, 'Fund every budget over the subject that has debt or is over its limit.'),
  };
}

function exceeded(line: BalanceAfter, short: readonly BalanceLine[], { amount, unit }: HoldRequest): Refusal {
  const remaining = remainingOf(line);
  const fixes = short.map(
    (each) => `Fund the budget of ${each.scope} by at least ${amount - remainingOf(each)} ${unit}`,
  );
  return refusal(
    'budget_exceeded',
    `${amount} ${unit} asked for, ${remaining} remaining at ${line.scope}.`,
    { ...at(line), requested: amount, remaining },
    {
      ...blocked(line),
      budgetRemaining: remaining,
      suggestedFix: joinFixes(
        fixes,
        `Fund every budget over the subject in which less than ${amount} ${unit} remain.`,
      ),
    },
  );
}

/** The budgets of the scopes in one unit, those included that a template would open now. */
function budgetsOver(
  { scopes, unit, nowMs }: Place,
  state: TenantState,
): { lines: BalanceLine[]; opened: BudgetCreated[] } {
  const lines: BalanceLine[] = [];
  const opened: BudgetCreated[] = [];
  for (const scope of scopes) {
    const key = budgetKey(scope, unit);
    const budget = state.budgets.get(key);
    if (budget !== undefined) {
      lines.push(budget);
      continue;
    }
    if (state.retired.has(key)) {
      lines.push(retiredLine(scope, unit));
      continue;
    }
    const template = state.templates.isEmpty ? undefined : templateFor(scope, unit, state);
    if (template === undefined) continue;
    const event = openFromTemplate(template, scope, nowMs);
    opened.push(event);
    for (const balance of event.data.balances) lines.push({ ...balance, status: 'ACTIVE' });
  }
  return { lines, opened };
}

/** An idle session budget that was closed: nothing of it is left but its refusal. */
const retiredLine = (scope: ScopePath, unit: Unit): BalanceLine => ({
  scope,
  unit,
  status: 'CLOSED',
  allocated: 0n,
  spent: 0n,
  reserved: 0n,
  debt: 0n,
  overdraftLimit: 0n,
  uncovered: 0n,
});

/** No budget in this unit: another unit is a request error (UNIT_MISMATCH), none at all is not found. */
function noBudget({ scopes, unit }: Place, state: TenantState): Refusal {
  for (const scope of scopes) {
    const units = UNITS.filter((other) => state.budgets.has(budgetKey(scope, other)));
    if (units.length === 0) continue;
    return refusal('unit_mismatch', `The budget of ${scope} is not kept in ${unit}.`, {
      scope,
      requested_unit: unit,
      expected_units: units,
    });
  }
  const scope = scopes.at(-1);
  return refusal(
    'budget_not_found',
    `Budget not found for provided scope: ${scope ?? ''}`,
    { unit },
    {
      ...(scope && { blockedByScope: scope }),
      suggestedFix: `Create a ${unit} budget at the scope of the request or above it.`,
    },
  );
}
