/** Periods of budgets: which one a moment falls into, which one follows, and what a budget takes along. */

import { INT64_MAX, maxOf, minOf } from './amount.js';
import type { BalanceAfter, BudgetPeriod, Period } from './events.js';
import { type Budget, balanceOf } from './state.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, the first Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
/** Every month has this day, so that periods that begin on it never have to be moved. */
const LAST_COMMON_DAY = 28;

/** The calendar period, in UTC, that a moment falls into. */
export function periodAt(length: Period, atMs: number): BudgetPeriod {
  if (length === 'monthly') {
    const at = new Date(atMs);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    return { length, startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
  }
  const [lengthMs, originMs] = length === 'weekly' ? [WEEK_MS, FIRST_MONDAY_MS] : [DAY_MS, 0];
  const startMs = originMs + Math.floor((atMs - originMs) / lengthMs) * lengthMs;
  return { length, startMs, endMs: startMs + lengthMs };
}

/** The period of a budget that has ended, at a later moment: periods in which nothing happened are passed over. */
export function nextPeriod({ length, startMs, endMs }: BudgetPeriod, atMs: number): BudgetPeriod {
  if (length !== 'custom') return periodAt(length, atMs);
  const months = wholeMonths(startMs, endMs);
  if (months === 0) {
    const lengthMs = endMs - startMs;
    const begunMs = startMs + Math.floor((atMs - startMs) / lengthMs) * lengthMs;
    return { length, startMs: begunMs, endMs: begunMs + lengthMs };
  }
  const elapsed = Math.floor(Math.max(monthOf(atMs) - monthOf(startMs) - 1, 0) / months) * months;
  for (let begin = elapsed; ; begin += months) {
    const end = addMonths(startMs, begin + months);
    if (atMs < end) return { length, startMs: addMonths(startMs, begin), endMs: end };
  }
}

const monthOf = (atMs: number): number => {
  const at = new Date(atMs);
  return at.getUTCFullYear() * 12 + at.getUTCMonth();
};

const addMonths = (atMs: number, months: number): number => {
  const at = new Date(atMs);
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.getTime();
};

/** How many calendar months lie between two moments; 0 when it is no whole number of them. */
function wholeMonths(startMs: number, endMs: number): number {
  if (new Date(startMs).getUTCDate() > LAST_COMMON_DAY) return 0;
  const months = monthOf(endMs) - monthOf(startMs);
  return addMonths(startMs, months) === endMs ? months : 0;
}

/**
 * A budget's balance at the beginning of a period. Nothing is spent; what is held and owed stays. By
 * `rollover_policy` (cycles-governance-admin, BudgetLedger):
 * - NONE: allocated is the period's own again.
 * - CARRY_FORWARD: what was allocated and not spent is added to the period's own, so remaining grows by just that.
 * - CAP_AT_ALLOCATED: the same, but no more is carried than one period's own.
 */
export function renewed(budget: Budget): BalanceAfter {
  const own = budget.allocated - budget.carried;
  const unspent = maxOf(budget.allocated - budget.spent, 0n);
  const allocated = own + carriedBy(budget.rolloverPolicy, unspent, own);
  return { ...balanceOf(budget), allocated, spent: 0n, uncovered: 0n };
}

function carriedBy(policy: Budget['rolloverPolicy'], unspent: bigint, own: bigint): bigint {
  switch (policy) {
    case 'NONE':
      return 0n;
    case 'CARRY_FORWARD':
      return minOf(unspent, INT64_MAX - own);
    case 'CAP_AT_ALLOCATED':
      return minOf(unspent, minOf(own, INT64_MAX - own));
  }
}
