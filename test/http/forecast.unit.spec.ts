/** How long a budget lasts, exactly. */

import { forecastAnswer, forecastOf } from '../../src/http/finops/forecast.js';
import type { BudgetView } from '../../src/projections/balances/balances.queries.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const DAY_MS = 86_400_000;

const BUDGET: BudgetView = {
  tenantId: 'acme',
  ledgerId: 'led_1' as never,
  scope: 'tenant:acme' as never,
  unit: 'TOKENS',
  allocated: 1_000n,
  spent: 300n,
  reserved: 0n,
  debt: 0n,
  overdraftLimit: 0n,
  uncovered: 0n,
  isOverLimit: false,
  status: 'ACTIVE',
  overagePolicy: null,
  rolloverPolicy: 'NONE',
  period: null,
  template: null,
  createdAtMs: 0,
  updatedAtMs: 0,
  metadata: {},
};

const renewing = (inMs: number): BudgetView['period'] => ({
  length: 'custom',
  startMs: NOW_MS - DAY_MS,
  endMs: NOW_MS + inMs,
});
const forecast = (charged: bigint, more: Partial<BudgetView> = {}, days = 7) =>
  forecastOf({ ...BUDGET, ...more }, { nowMs: NOW_MS, days, charged });

describe('a forecast', () => {
  it('takes what remains at the pace of the days before', () => {
    const { remaining, perDay, usedBp, leftMs, lasts } = forecast(350n);
    expect([remaining, perDay, usedBp]).toEqual([700n, 50n, 3_000n]);
    expect([leftMs, lasts]).toEqual([BigInt(14 * DAY_MS), null]);
  });

  it('counts what is held and owed as gone', () => {
    expect(forecast(7n, { reserved: 200n, debt: 100n }).remaining).toBe(400n);
  });

  it.each([
    ['a moment before it would be exhausted', 14 * DAY_MS, true],
    ['a moment after', 14 * DAY_MS + 1, false],
    ['in the past, where that is not recorded yet', -1, true],
  ])('of a budget that renews %s', (_when, inMs, lasts) => {
    const told = forecast(350n, { period: renewing(inMs) });
    expect([told.lasts, told.leftMs]).toEqual([lasts, lasts ? null : BigInt(14 * DAY_MS)]);
  });

  it('knows no end where nothing is charged, or more is given back', () => {
    for (const charged of [0n, -5n]) {
      expect(forecast(charged)).toMatchObject({ leftMs: null, lasts: null });
      expect(forecast(charged, { period: renewing(DAY_MS) })).toMatchObject({ leftMs: null, lasts: true });
    }
  });

  it('ends now where nothing remains, whatever the pace', () => {
    for (const charged of [0n, 9n]) {
      const told = forecast(charged, { spent: 1_200n, period: renewing(DAY_MS) });
      expect(told).toMatchObject({ remaining: -200n, leftMs: 0n, lasts: false });
    }
  });

  it('rounds the pace to the nearest whole, and time down to the day', () => {
    const answer = forecastAnswer(BUDGET, { nowMs: NOW_MS, days: 7, charged: 333n });
    expect(answer).toMatchObject({ per_day: 48n, days_left: 14n, exhausts_at: '2026-12-08T05:09:11.351Z' });
  });

  it('stays exact where 64 bits are left, and names no year of five digits', () => {
    const most = 9_223_372_036_854_775_807n;
    const budget = { ...BUDGET, allocated: most, spent: 0n };
    const answer = forecastAnswer(budget, { nowMs: NOW_MS, days: 7, charged: 3n });
    expect(answer).toMatchObject({ days_left: (most * 7n) / 3n, exhausts_at: null, used_bp: 0n });
  });

  it('knows no share of nothing', () => {
    expect(forecast(1n, { allocated: 0n, spent: 0n }).usedBp).toBeNull();
  });
});
