/** What work costs, over HTTP: against the events of an older ledger, told one by one. */

import { movementsOf } from '../projections/naive-charges.js';
import { randomLedger } from '../projections/random-ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

const WHEN = { from: '2026-03-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
const ledger = randomLedger(10, 400);
let serving: Serving;

beforeAll(async () => {
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

const economics = (more: Readonly<Record<string, string | undefined>> = {}): Promise<Reply> => {
  const asked = Object.entries({ tenant_id: 'acme', unit: 'TOKENS', ...WHEN, ...more });
  const given = asked.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return serving.asAdmin('GET', `/finops/unit-economics?${new URLSearchParams(given)}`);
};

/** What each session was charged, dearest first; what has none is at ''. */
function sessionsOf(tenantIds: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { tenantId, unit, what, amount, of } of movementsOf(ledger)) {
    if (unit !== 'TOKENS' || !tenantIds.includes(tenantId) || !/^(charge|correction)$/.test(what)) continue;
    const { workflow } = of.subject ?? {};
    const name = workflow === undefined ? '' : `${tenantId}/${workflow}`;
    sums.set(name, (sums.get(name) ?? 0) + Number(amount));
  }
  return new Map([...sums].sort(([, one], [, other]) => other - one));
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, number) => sum + number, 0);

describe('what a session costs', () => {
  it('is what the events say, dearest first, with shares of all that was charged', async () => {
    const { status, body } = await economics();
    const sessions = sessionsOf(['acme']);
    const total = sumOf(sessions.values());
    const unattributed = sessions.get('') ?? 0;
    sessions.delete('');
    const costs = [...sessions.values()];
    const rising = costs.toReversed();
    const atPercent = (percent: number) => rising[Math.ceil((percent * rising.length) / 100) - 1];
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenant_id: 'acme',
      unit: 'TOKENS',
      by: 'session',
      work: { units: costs.length, charged: sumOf(costs), p50: atPercent(50), p95: atPercent(95) },
      unattributed: { charged: unattributed, share_bp: Math.floor((unattributed * 10_000) / total) },
      total: { charged: total },
      ledger: { charged: total },
      difference: 0,
      trend: { from: '2025-11-29T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z', total: { charged: 0 } },
    });
    let together = 0;
    const expected = [...sessions].slice(0, 10).map(([name, charged]) => {
      together += charged;
      const share_bp = Math.floor((charged * 10_000) / total);
      const running_share_bp = Math.floor((together * 10_000) / total);
      return { tenant_id: 'acme', value: name.slice(5), charged, share_bp, running_share_bp };
    });
    expect((body as { top: object[] }).top).toMatchObject(expected);
  });

  it('is the same by workflow, which is the same level', async () => {
    const [session, workflow] = [await economics(), await economics({ by: 'workflow' })];
    expect(workflow.body).toEqual({ ...(session.body as object), by: 'workflow' });
  });

  it('tells sessions of two tenants apart that have the same name', async () => {
    const sessions = sessionsOf(['acme', 'beta']);
    sessions.delete('');
    const { body } = await economics({ tenant_id: undefined, top: '20' });
    const { top, work } = body as { top: { tenant_id: string; value: string }[]; work: { units: number } };
    expect(work.units).toBe(sessions.size);
    expect(new Set(top.map((row) => `${row.tenant_id}/${row.value}`))).toEqual(new Set(sessions.keys()));
  });

  it('says how few make half of the spend, and what the rest of them is', async () => {
    const sessions = sessionsOf(['acme']);
    const total = sumOf(sessions.values());
    sessions.delete('');
    const { body } = await economics({ top: '1' });
    const costs = [...sessions.values()];
    const half = costs.findIndex((_, nth) => 2 * sumOf(costs.slice(0, nth + 1)) >= total) + 1;
    expect(body).toMatchObject({
      half_of_spend: { units: half === 0 ? null : half },
      others: { units: costs.length - 1, charged: sumOf(costs.slice(1)) },
    });
  });

  it('has a trend against as long a time before', async () => {
    const times = movementsOf(ledger).map(({ atMs }) => atMs);
    const middleMs = Math.ceil(((times.at(-1) ?? 0) + (times[0] ?? 0)) / 2 / 60_000) * 60_000;
    const lengthMs = 7 * 86_400_000;
    const iso = (atMs: number) => new Date(atMs).toISOString();
    const now = await economics({ from: iso(middleMs), to: iso(middleMs + lengthMs) });
    const before = await economics({ from: iso(middleMs - lengthMs), to: iso(middleMs) });
    expect(now.at('trend.work')).toEqual(before.at('work'));
    const [was, is] = [Number(before.at('total.charged')), Number(now.at('total.charged'))];
    expect(was).toBeGreaterThan(0);
    expect(now.at('trend.change_bp.total')).toBe(Math.floor(((is - was) * 10_000) / was));
    expect(before.at('trend.change_bp.total')).toBeNull();
  });

  it('is a table, too, whose parts make its total', async () => {
    const { headers, text } = await economics({ format: 'csv', top: '2', by: 'dimension:cost_center' });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [heading = [], ...records] = text
      .split('\r\n')
      .slice(0, -1)
      .map((line) => line.split(','));
    expect(heading[2]).toBe('dimension:cost_center');
    expect(new Set(records.map(({ length }) => length))).toEqual(new Set([heading.length]));
    expect(records.map(([name]) => name)).toEqual([
      'unit',
      'unit',
      'others',
      'work',
      'unattributed',
      'earlier_work',
      'total',
    ]);
    const column = heading.indexOf('charged');
    const chargedOf = (names: readonly string[]) =>
      sumOf(records.filter(([name = '']) => names.includes(name)).map((record) => Number(record[column])));
    expect(chargedOf(['unit', 'others'])).toBe(chargedOf(['work']));
    expect(chargedOf(['work', 'unattributed', 'earlier_work'])).toBe(chargedOf(['total']));
    expect(chargedOf(['total'])).toBe(sumOf(sessionsOf(['acme']).values()));
  });

  it('is nothing where nothing was charged', async () => {
    const { status, body } = await economics({ unit: 'CREDITS' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      work: { units: 0, charged: 0, average: null, p50: null },
      spread: null,
      top: [],
      half_of_spend: { units: null },
      unattributed: { share_bp: null },
      total: { charges: 0, charged: 0 },
      difference: 0,
    });
  });

  it.each([
    ['from', { from: undefined }],
    ['to', { to: undefined }],
    ['from', { from: WHEN.to, to: WHEN.from }],
    ['to', { to: '2026-06-01T00:00:30Z' }],
    ['from', { from: '2001-01-01T00:00:00Z' }],
    ['unit', { unit: 'TOKENS,CREDITS' }],
    ['unit', { unit: 'GOLD' }],
    ['by', { by: 'day' }],
    ['by', { by: 'colour' }],
    ['by', { by: ',' }],
    ['by', { by: 'app,agent' }],
    ['by', { by: 'dimension:' }],
    ['by', { by: 'dimension:a"b' }],
    ['by', { by: '__proto__' }],
    ['top', { top: '0' }],
    ['top', { top: '21' }],
    ['top', { top: '1.5' }],
    ['top', { top: 'all' }],
    ['format', { format: 'xml' }],
  ])('is not told where %s is no good', async (field, more) => {
    const answer = await economics(more);
    expect([answer.refused, answer.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });
});
