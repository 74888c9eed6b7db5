/** The showback page: the chargeback report for people, whole in itself, and harmless whatever stands in it. */

import { correctSome } from '../projections/corrections.js';
import { randomLedger } from '../projections/random-ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving, TenantClient } from './serving.js';

const WHEN = { from: '2026-03-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
let serving: Serving;

beforeAll(async () => {
  serving = await serveLedger(correctSome(randomLedger(4, 300)));
});
afterAll(() => serving.stop());

type Asked = Readonly<Record<string, string | undefined>>;

const ask = (path: string, more: Asked): Promise<Reply> => {
  const asked = Object.entries({ tenant_id: 'acme', unit: 'TOKENS', ...WHEN, ...more });
  const given = asked.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return serving.asAdmin('GET', `/finops/${path}?${new URLSearchParams(given)}`);
};
const page = (more: Asked = {}) => ask('showback.html', more);

interface Row {
  readonly group: Readonly<Record<string, string | null>>;
  readonly unattributed: boolean;
  readonly charged: number;
}
const rowsOf = async (more: Asked): Promise<Row[]> => (await ask('chargeback', more)).at('rows') as Row[];

/** The cells of each row of the table under a heading, tags taken off. */
function tableOf(text: string, heading: string): string[][] {
  const [, table = ''] = text.split(`>${heading}</h2>`);
  const [body = ''] = table.split('</table>');
  const rows = [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => row);
  return rows.map((row) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );
}

/** What a person reads as a number. */
const numberOf = (text = ''): number => Number(text.replaceAll(',', '').replace('−', '-'));

describe('a showback page', () => {
  it('is whole in itself: no script, nothing from elsewhere, no form', async () => {
    const { status, headers, text } = await page({ group_by: 'app,month', per: 'session' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).not.toMatch(/<script|<link|<form|<img|<iframe|src=|href=|url\(|@import|\son\w+=/i);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).toMatch(/^<!doctype html>/);
  });

  it('shows the groups of the report, dearest first, and its total', async () => {
    const rows = await rowsOf({ group_by: 'app,workflow' });
    const named = rows.filter(({ unattributed }) => !unattributed);
    const rest = rows.filter(({ unattributed }) => unattributed);
    const { text } = await page({ group_by: 'app,workflow' });
    const [heading, ...lines] = tableOf(text, 'By app, workflow');
    expect(heading).toEqual(['app', 'workflow', 'charges', 'charged', 'share', '']);
    expect(
      lines.slice(0, named.length).map(([app, workflow, , charged]) => [app, workflow, numberOf(charged)]),
    ).toEqual(named.map(({ group, charged }) => [group['app'], group['workflow'], charged]));
    expect(rest.length).toBeGreaterThan(0);
    const [label, , unattributed] = lines[named.length] ?? [];
    expect([label, numberOf(unattributed)]).toEqual([
      'unattributed',
      rest.reduce((sum, { charged }) => sum + charged, 0),
    ]);
    const total = (await ask('chargeback', {})).at('total.charged');
    expect([lines.at(-1)?.[0], numberOf(lines.at(-1)?.[2])]).toEqual(['total', total]);
    expect(text).toContain('difference 0.');
  });

  it('shows every day, week or month, also those in which nothing was charged', async () => {
    const { text } = await page({ group_by: 'month' });
    const [, ...lines] = tableOf(text, 'By month');
    expect(lines.map(([month]) => month)).toEqual(['2026-03', '2026-04', '2026-05']);
    const rows = await rowsOf({ group_by: 'month' });
    expect(lines.map(([, charged]) => numberOf(charged))).toEqual(
      ['2026-03', '2026-04', '2026-05'].map(
        (month) => rows.find(({ group }) => group['month'] === month)?.charged ?? 0,
      ),
    );
    expect(text).not.toContain('By app');
  });

  it('adds up groups over days, and has no bar beyond its cell', async () => {
    const [byDay, whole] = [await page({ group_by: 'day,app' }), await page({ group_by: 'app' })];
    expect(tableOf(byDay.text, 'By app')).toEqual(tableOf(whole.text, 'By app'));
    const widths = [...byDay.text.matchAll(/width:(\d+)\.(\d)%/g)].map(
      ([, percents, tenths]) => Number(percents) * 10 + Number(tenths),
    );
    expect(widths.length).toBeGreaterThan(1);
    expect(Math.max(...widths)).toBe(1_000);
  });

  it('says what a session or a charge costs where it is asked for', async () => {
    const { text } = await page({ group_by: 'app', per: 'session' });
    expect(tableOf(text, 'By app')[0]).toEqual([
      'app',
      'charges',
      'charged',
      'share',
      'median per session',
      '95 % at most',
      '',
    ]);
    expect((await page({ per: 'action' })).text).toContain('average per action');
  });

  it('of nothing is a page, too', async () => {
    const { status, text } = await page({ unit: 'CREDITS', group_by: 'app,week' });
    expect(status).toBe(200);
    expect(text).toContain('difference 0.');
  });

  it('says that the books of its period are closed', async () => {
    const closed = await serving.asAdmin('POST', '/finops/periods', { tenant_id: 'beta', ...WHEN });
    expect(closed.status).toBe(201);
    expect((await page({ tenant_id: 'beta' })).text).toContain('The books of this period were closed on');
    expect((await page()).text).not.toContain('were closed on');
  });

  it.each([
    ['from', { from: undefined }],
    ['to', { to: undefined }],
    ['from', { from: WHEN.to, to: WHEN.from }],
    ['unit', { unit: 'TOKENS,CREDITS' }],
    ['group_by', { group_by: 'colour' }],
    ['per', { per: 'hour' }],
  ])('is none where %s is no good', async (field, more) => {
    const answer = await page(more);
    expect([answer.refused, answer.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });
});

describe('what stands in a showback page', () => {
  let acme: TenantClient;
  const today = (): Asked => ({
    tenant_id: acme.tenantId,
    unit: 'USD_MICROCENTS',
    from: `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`,
    to: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`,
  });

  beforeAll(async () => {
    acme = await serving.tenant('shown');
    await acme.budget('', 1_000_000_000_000, { unit: 'USD_MICROCENTS' });
    const charge = (cost_center: string, amount: number) =>
      acme.ask('POST', '/v1/events', {
        idempotency_key: acme.nextKey(),
        subject: { app: 'ide', dimensions: { cost_center } },
        action: { kind: 'llm.completion', name: 'gpt' },
        actual: { unit: 'USD_MICROCENTS', amount },
      });
    await charge('<script>alert(1)</script>', 123_456_700_000);
    await charge('"quoted" & co', 150_000_000);
    await charge('in\u202evisible', 1_000);
    for (let nth = 0; nth < 30; nth++) await charge(`small-${nth}`, 10);
  });

  it('is text, whatever it looks like, and what cannot be seen is spelled out', async () => {
    const { text } = await page({ ...today(), group_by: 'dimension:cost_center' });
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&quot;quoted&quot; &amp; co');
    expect(text).not.toContain('\u202e');
    expect(text).toMatch(/in<b[^>]*>⟨[^<]+⟩<\/b>visible/);
  });

  it('is dollars, exact, and the dearest of many with all others together', async () => {
    const { text } = await page({ ...today(), group_by: 'dimension:cost_center' });
    const [, ...lines] = tableOf(text, 'By dimension:cost_center');
    expect(lines.length).toBe(27);
    expect(lines[0]?.[2]).toBe('1,234.5670000');
    const others = lines.at(-2);
    expect([others?.[0], others?.[1], others?.[2]]).toEqual(['8 others', '8', '0.0000008']);
    expect(lines.at(-1)?.[2]).toBe('1,236.0670130');
  });
});
