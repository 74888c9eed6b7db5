/** How long budgets last, over HTTP: budgets of a ledger that is some days old. */

import type { Command } from '../../src/domain/commands.js';
import type { DebitId } from '../../src/domain/ids.js';
import { createBudget, openTenant, TestLedger } from '../projections/ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

const DAY_MS = 86_400_000;
const ledger = new TestLedger();
let serving: Serving;

const debit = (amount: bigint, app = 'ide'): Command => ({
  type: 'Debit',
  debitId: ledger.mint('evt') as DebitId,
  decisionId: ledger.decisionId(),
  subject: { app },
  action: { kind: 'llm.completion', name: 'gpt' },
  actual: { unit: 'TOKENS', amount },
  overagePolicy: 'REJECT',
  metrics: null,
  clientTimeMs: null,
  metadata: null,
});

function run(tenantId: string, ...commands: readonly Command[]): void {
  for (const command of commands) expect(ledger.run(tenantId, command)).toBe('accepted');
}

beforeAll(async () => {
  const nowMs = Date.now();
  ledger.nowMs = nowMs - 20 * DAY_MS;
  run(
    'acme',
    openTenant('acme'),
    createBudget('tenant:acme', 10_000n),
    createBudget('tenant:acme/app:ide', 600n),
  );
  run('acme', createBudget('tenant:acme', 500n, { unit: 'RISK_POINTS' }));
  const period = { length: 'custom', startMs: nowMs - 5 * DAY_MS, endMs: nowMs + 5 * DAY_MS } as const;
  run('acme', debit(250n));
  ledger.nowMs = nowMs - 3 * DAY_MS;
  run('acme', { ...createBudget('tenant:acme/app:web', 100n), period } as Command);
  run('acme', debit(70n), debit(40n, 'web'));
  run('beta', openTenant('beta'), createBudget('tenant:beta', 10n));
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

const forecast = (search = '', tenant = 'tenant_id=acme'): Promise<Reply> =>
  serving.asAdmin('GET', `/finops/forecast?${tenant}${search}`);
const budgetsOf = ({ body }: Reply) => (body as { budgets: Record<string, unknown>[] }).budgets;

describe('a forecast of budgets', () => {
  it('tells of each how long it lasts at the pace of the last seven days', async () => {
    const answer = await forecast('&unit=TOKENS');
    const asOfMs = Date.parse(String(answer.at('as_of')));
    const fromNow = (ms: number) => new Date(asOfMs + Math.floor(ms)).toISOString();
    expect([answer.status, answer.at('days'), answer.at('has_more')]).toEqual([200, 7, false]);
    expect(budgetsOf(answer)).toEqual([
      expect.objectContaining({
        scope: 'tenant:acme',
        allocated: 10_000,
        spent: 360,
        remaining: 9_640,
        used_bp: 360,
        charged: 110,
        per_day: 16,
        exhausts_at: fromNow((9_640 * 7 * DAY_MS) / 110),
        days_left: Math.floor((9_640 * 7) / 110),
        renews_at: null,
        lasts: null,
      }),
      expect.objectContaining({
        scope: 'tenant:acme/app:ide',
        spent: 320,
        remaining: 280,
        charged: 70,
        per_day: 10,
        exhausts_at: fromNow(28 * DAY_MS),
        days_left: 28,
      }),
      expect.objectContaining({
        scope: 'tenant:acme/app:web',
        charged: 40,
        lasts: true,
        exhausts_at: null,
        days_left: null,
      }),
    ]);
  });

  it('takes the pace from as many days as are asked for', async () => {
    const paces = async (days: number) =>
      budgetsOf(await forecast(`&unit=TOKENS&days=${days}`)).map(({ charged, per_day: pace, lasts }) => [
        charged,
        pace,
        lasts,
      ]);
    expect(await paces(30)).toEqual([
      [360, 12, null],
      [320, 11, null],
      [40, 1, true],
    ]);
    expect(await paces(4)).toEqual([
      [110, 28, null],
      [70, 18, null],
      [40, 10, true],
    ]);
    expect((await paces(1))[0]).toEqual([0, 0, null]);
  });

  it('is a list, page by page, of one level where that is asked for', async () => {
    const scopes: unknown[] = [];
    let cursor = '';
    do {
      const answer = await forecast(`&limit=1${cursor && `&cursor=${cursor}`}`);
      scopes.push(...budgetsOf(answer).map(({ scope, unit }) => `${scope} ${unit}`));
      cursor = String(answer.at('next_cursor') ?? '');
    } while (cursor !== '');
    expect(scopes).toEqual([
      'tenant:acme RISK_POINTS',
      'tenant:acme TOKENS',
      'tenant:acme/app:ide TOKENS',
      'tenant:acme/app:web TOKENS',
    ]);
    expect(budgetsOf(await forecast('&level=app')).map(({ scope }) => scope)).toEqual([
      'tenant:acme/app:ide',
      'tenant:acme/app:web',
    ]);
    const all = budgetsOf(await forecast('', 'level=tenant&unit=TOKENS'));
    expect(all.map(({ tenant_id }) => tenant_id)).toEqual(['acme', 'beta']);
  });

  it('is a table of all budgets, too', async () => {
    const { headers, text } = await forecast('&format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [heading = [], ...records] = text
      .split('\r\n')
      .slice(0, -1)
      .map((line) => line.split(','));
    const told = records.map((record) => Object.fromEntries(heading.map((name, nth) => [name, record[nth]])));
    const listed = budgetsOf(await forecast());
    expect(told.map(({ scope, remaining }) => [scope, remaining])).toEqual(
      listed.map(({ scope, remaining }) => [scope, String(remaining)]),
    );
    expect(told.map(({ lasts }) => lasts)).toEqual(['', '', '', 'true']);
  });

  it.each([
    ['days', '&days=0'],
    ['days', '&days=91'],
    ['days', '&days=7.5'],
    ['days', '&days=-1'],
    ['unit', '&unit=GOLD'],
    ['unit', '&unit=TOKENS,CREDITS'],
    ['level', '&level=session'],
    ['limit', '&limit=0'],
    ['limit', '&limit=101'],
    ['cursor', '&cursor=nonsense'],
    ['format', '&format=xml'],
    ['limit', '&format=csv&limit=5'],
    ['cursor', '&format=csv&cursor=x'],
  ])('is not made where %s is no good: %s', async (field, search) => {
    const answer = await forecast(search);
    expect([answer.refused, answer.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('takes no cursor of another question', async () => {
    const cursor = String((await forecast('&limit=1')).at('next_cursor'));
    const other = await forecast(`&unit=TOKENS&limit=1&cursor=${cursor}`);
    expect([other.refused, other.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'cursor']);
  });
});
