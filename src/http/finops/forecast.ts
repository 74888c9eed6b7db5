/** How long budgets last at the pace of the last days, in whole numbers. */

import { remainingOf } from '../../domain/state.js';
import type { BudgetView } from '../../projections/balances/balances.queries.js';
import { isoOf } from '../ledger.dto.js';
import { basisPoints, nearest } from './ratios.js';

export const DAY_MS = 86_400_000;
/** The end of the year 9999, beyond which dates have no four digits. */
const LAST_MS = 253_402_300_799_999n;

export interface Pace {
  /** When it is asked, ms since the epoch. */
  readonly nowMs: number;
  /** How many days before that count. */
  readonly days: number;
  /** What was charged in them under the budget's scope. */
  readonly charged: bigint;
}

export interface Forecast {
  readonly remaining: bigint;
  /** Of what is allocated, as spent; null where nothing is allocated. */
  readonly usedBp: bigint | null;
  /** To the nearest whole. */
  readonly perDay: bigint;
  readonly renewsAtMs: number | null;
  /** Whether something remains until the budget renews; null where it does not. */
  readonly lasts: boolean | null;
  /** How long it lasts at this pace; null where nothing is charged, or where it renews before. */
  readonly leftMs: bigint | null;
}

/** Nothing remains at once where nothing remains now, whatever the pace. */
export function forecastOf(budget: BudgetView, { nowMs, days, charged }: Pace): Forecast {
  const remaining = remainingOf(budget);
  const leftMs = timeFor(remaining, charged, BigInt(days * DAY_MS));
  const renewsAtMs = budget.period?.endMs ?? null;
  const lasts = renewsAtMs === null ? null : leftMs === null || BigInt(nowMs) + leftMs >= BigInt(renewsAtMs);
  return {
    remaining,
    usedBp: basisPoints(budget.spent, budget.allocated),
    perDay: nearest(charged, BigInt(days)),
    renewsAtMs,
    lasts,
    leftMs: lasts ? null : leftMs,
  };
}

/** How long an amount lasts, rounded down, when this much is charged in a window; null when it is not. */
function timeFor(amount: bigint, charged: bigint, windowMs: bigint): bigint | null {
  if (amount <= 0n) return 0n;
  return charged > 0n ? (amount * windowMs) / charged : null;
}

/** One budget of `GET /finops/forecast`. */
export function forecastAnswer(budget: BudgetView, pace: Pace) {
  const { remaining, usedBp, perDay, renewsAtMs, lasts, leftMs } = forecastOf(budget, pace);
  const endMs = leftMs === null ? null : BigInt(pace.nowMs) + leftMs;
  return {
    tenant_id: budget.tenantId,
    scope: budget.scope,
    unit: budget.unit,
    status: budget.status,
    allocated: budget.allocated,
    spent: budget.spent,
    reserved: budget.reserved,
    debt: budget.debt,
    remaining,
    used_bp: usedBp,
    charged: pace.charged,
    per_day: perDay,
    exhausts_at: endMs === null || endMs > LAST_MS ? null : isoOf(Number(endMs)),
    days_left: leftMs === null ? null : leftMs / BigInt(DAY_MS),
    renews_at: renewsAtMs === null ? null : isoOf(renewsAtMs),
    lasts,
  };
}

/** The columns of a forecast's CSV. */
export const FORECAST_COLUMNS = [
  'tenant_id',
  'scope',
  'unit',
  'status',
  'allocated',
  'spent',
  'reserved',
  'debt',
  'remaining',
  'used_bp',
  'charged',
  'per_day',
  'exhausts_at',
  'days_left',
  'renews_at',
  'lasts',
] as const satisfies readonly (keyof ReturnType<typeof forecastAnswer>)[];
