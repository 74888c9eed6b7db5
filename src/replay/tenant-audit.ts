/** Replays one tenant's stream and checks every event against what came before it. */

import type { BalanceAfter, RecordedEvent } from '../domain/events.js';
import { evolve } from '../domain/evolve.js';
import type { BudgetKey } from '../domain/ids.js';
import { assertSound } from '../domain/invariants.js';
import { type BudgetStatus, initialState, type TenantState } from '../domain/state.js';
import { budgetKey } from '../domain/subject.js';
import { Claims } from './claims.js';
import { Mismatch } from './finding.js';
import { Holds } from './holds.js';
import { checkStatement, isSame } from './statement.js';

/** A budget as a read model has it. */
export interface ReadBalance extends BalanceAfter {
  readonly status: BudgetStatus;
}

export class TenantAudit {
  readonly state: TenantState = initialState();
  private readonly holds = new Holds();
  private readonly claims = new Claims();
  private lastMs = 0;

  constructor(private readonly tenantId: string) {}

  get activeReservations(): number {
    return this.holds.activeCount;
  }
  get budgets(): number {
    return this.state.budgets.size;
  }

  /** @throws Mismatch, or AssertionError from the fold */
  apply(event: RecordedEvent): void {
    const atMs = this.timeOf(event);
    if (event.type === 'TenantOpened' && event.data.tenantId !== this.tenantId) {
      throw new Mismatch('fold', `it opens ${event.data.tenantId}, in another tenant's stream`);
    }
    checkStatement(event, this.state);
    this.holds.apply(event);
    evolve(this.state, event, atMs);
    this.claims.apply(event);
    for (const key of movedBy(event)) this.checkBudget(key);
  }

  /** Full sums over every budget, at the end of the stream. @throws Mismatch */
  checkAll(): void {
    for (const [key] of this.state.budgets.entries()) this.checkBudget(key);
    if (this.state.reservations.size !== this.holds.activeCount) {
      throw new Mismatch('holds', 'the fold has another number of active reservations');
    }
  }

  /** @throws Mismatch when the read model's balances are not the ledger's */
  checkReadModel(rows: readonly ReadBalance[]): void {
    const seen = new Set<BudgetKey>();
    for (const row of rows) {
      const key = budgetKey(row.scope, row.unit);
      seen.add(key);
      this.checkRow(row, key);
    }
    for (const [key] of this.state.budgets.entries()) {
      if (!seen.has(key)) throw new Mismatch('read_model', `the read model lacks the budget ${key}`);
    }
  }

  private checkRow(row: ReadBalance, key: BudgetKey): void {
    const budget = this.state.budgets.get(key);
    if (budget === undefined) {
      if (this.state.retired.has(key) && row.status === 'CLOSED') return;
      throw new Mismatch('read_model', `the read model has a budget ${key} that the ledger does not`);
    }
    if (!isSame(row, budget) || row.status !== budget.status) {
      throw new Mismatch('read_model', `the read model has other balances of ${key}`);
    }
  }

  private checkBudget(key: BudgetKey): void {
    const budget = this.state.budgets.get(key);
    if (budget === undefined) return;
    assertSound(budget);
    const held = this.holds.heldOf(key);
    if (budget.reserved !== held) {
      throw new Mismatch('holds', `${key} has ${budget.reserved} reserved, but active holds of ${held}`);
    }
  }

  private timeOf(event: RecordedEvent): number {
    const atMs = Date.parse(event.metadata.occurredAt);
    if (!Number.isFinite(atMs)) throw new Mismatch('order', 'it has no time');
    if (atMs < this.lastMs) throw new Mismatch('order', 'it occurred before the event it follows');
    this.lastMs = atMs;
    return atMs;
  }
}

/** The budgets whose balance an event states. */
function movedBy({ data }: RecordedEvent): BudgetKey[] {
  const balances = 'balances' in data && !('decision' in data) ? data.balances : [];
  return balances.map(({ scope, unit }) => budgetKey(scope, unit));
}
