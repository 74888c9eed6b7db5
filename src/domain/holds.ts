/** Holding an amount over all scopes of a subject: which budgets, in which state, with which result. */

import { fitsInt64, UNITS, type Unit } from './amount.js';
import type { BalanceAfter, BudgetCreated } from './events.js';
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
  if (closed) return refusal('budget_closed', `The budget of ${closed.scope} is closed.`, at(closed));
  const frozen = lines.find((line) => line.status === 'FROZEN');
  if (frozen) return refusal('budget_frozen', `The budget of ${frozen.scope} is frozen.`, at(frozen));
  return null;
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
  if (over) return refused(refusal('over_limit', `The budget of ${over.scope} is over its limit.`, at(over)));
  const indebted = lines.find((line) => line.debt > 0n);
  if (indebted) {
    return refused(
      refusal('debt_outstanding', `The budget of ${indebted.scope} has unpaid debt.`, at(indebted)),
    );
  }
  const short = lines.find((line) => remainingOf(line) < request.amount);
  if (short) return refused(exceeded(short, request));

  const after = lines.map((line) => balanceOf({ ...line, reserved: line.reserved + request.amount }));
  if (!after.every((line) => fitsInt64(line.reserved))) {
    return refused(refusal('amount_overflow', 'The amount would overflow a balance.'));
  }
  return { kind: 'fits', opened, heldScopes: lines.map((line) => line.scope), before, after };
}

const at = (line: BalanceAfter) => ({ scope: line.scope, unit: line.unit });

function exceeded(line: BalanceAfter, request: HoldRequest): Refusal {
  const remaining = remainingOf(line);
  return refusal(
    'budget_exceeded',
    `${request.amount} ${request.unit} asked for, ${remaining} remaining at ${line.scope}.`,
    { ...at(line), requested: request.amount, remaining },
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
  return refusal('budget_not_found', `Budget not found for provided scope: ${scopes.at(-1) ?? ''}`, { unit });
}
