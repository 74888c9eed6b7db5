/** Chargeback over HTTP: any grouping adds up to the ledger, nonsense is named, and only those hear it who may. */

import { moneyLedger } from '../projections/money-ledger.js';
import { type Movement, movementsOf } from '../projections/naive-charges.js';
import { csvRows } from './csv.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

/** Of which the ledger is; what the server settles when it starts is later. */
const WHEN = { from: '2026-01-01T00:00:00Z', to: '2026-10-01T00:00:00Z' };
const PASSWORD = 'correct horse battery staple';
/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;
const ledger = moneyLedger(5, 400);
const movements = movementsOf(ledger).filter(({ unit }) => unit === 'USD_MICROCENTS');
let serving: Serving;

beforeAll(async () => {
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

type Asked = Readonly<Record<string, string | undefined>>;

const searchOf = (more: Asked): string => {
  const asked = Object.entries({ ...WHEN, ...more });
  return String(
    new URLSearchParams(asked.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  );
};
const chargeback = (more: Asked = {}): Promise<Reply> =>
  serving.asAdmin('GET', `/finops/chargeback?${searchOf(more)}`);

interface Row {
  readonly group: Readonly<Record<string, string | null>>;
  readonly unattributed: boolean;
  readonly charges: number;
  readonly charged: number;
  readonly adjusted: number;
  readonly distribution?: { readonly units: number; readonly average: number; readonly p50: number };
}
const rowsOf = (reply: Reply): readonly Row[] => reply.at('rows') as Row[];

const sumOf = (some: readonly Movement[], ...whats: readonly Movement['what'][]): number =>
  some.filter(({ what }) => whats.includes(what)).reduce((sum, { amount }) => sum + Number(amount), 0);

describe('a chargeback report', () => {
  it('is what the events say, and the ledger', async () => {
    const { status, body } = await chargeback();
    const charges = movements.filter(({ what }) => what === 'charge');
    const charged = sumOf(movements, 'charge', 'correction');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenant_id: null,
      unit: 'USD_MICROCENTS',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-10-01T00:00:00.000Z',
      group_by: [],
      total: {
        charges: charges.length,
        charged,
        adjusted: sumOf(movements, 'correction'),
        actual: charges.reduce((sum, { actual }) => sum + Number(actual), 0),
        reserved: sumOf(movements, 'hold'),
        released: sumOf(movements, 'return'),
      },
      ledger: { charges: charges.length, charged },
      difference: 0,
    });
  });

  it.each([
    'tenant,app,workflow,month',
    'kind,name,model,harness',
    'dimension:cost_center,day',
    'dimension:nobody_has_it',
    'week,key',
    'workspace,agent,toolset',
  ])('by %s adds up to the same', async (group_by) => {
    const reply = await chargeback({ group_by });
    const rows = rowsOf(reply);
    const names = group_by.split(',');
    expect(rows.reduce((sum, { charged }) => sum + charged, 0)).toBe(
      sumOf(movements, 'charge', 'correction'),
    );
    for (const { group, unattributed } of rows) {
      expect(Object.keys(group)).toEqual(names);
      expect(unattributed).toBe(Object.values(group).includes(null));
    }
  });

  it('has groups in the order of time, then the dearest first', async () => {
    const rows = rowsOf(await chargeback({ group_by: 'app,month' }));
    const order = rows.map(({ group, charged }) => [String(group['month']), -charged] as const);
    const sorted = order.toSorted(([month, charged], [other, otherCharged]) =>
      month === other ? charged - otherCharged : month < other ? -1 : 1,
    );
    expect(order).toEqual(sorted);
  });

  it('counts corrections in the month in which they were made', async () => {
    const rows = rowsOf(await chargeback({ group_by: 'month' }));
    const corrected = new Map<string, number>();
    for (const { what, atMs, amount } of movements) {
      if (what !== 'correction') continue;
      const month = new Date(atMs).toISOString().slice(0, 7);
      corrected.set(month, (corrected.get(month) ?? 0) + Number(amount));
    }
    const told = rows.filter(({ adjusted }) => adjusted !== 0);
    expect(new Map(told.map(({ group, adjusted }) => [group['month'], adjusted]))).toEqual(corrected);
  });

  it('says per session what one costs', async () => {
    const [row] = rowsOf(await chargeback({ per: 'session', tenant_id: 'acme' }));
    const sessions = new Map<string, number>();
    for (const { tenantId, what, of, amount } of movements) {
      const { workflow } = of.subject ?? {};
      if (tenantId !== 'acme' || what !== 'charge' || workflow === undefined) continue;
      sessions.set(workflow, (sessions.get(workflow) ?? 0) + Number(amount));
    }
    const costs = [...sessions.values()].toSorted((one, other) => one - other);
    expect(row?.distribution).toMatchObject({
      units: costs.length,
      average: Math.round(costs.reduce((sum, cost) => sum + cost, 0) / costs.length),
      p50: costs[Math.ceil(costs.length / 2) - 1],
    });
  });

  it('is CSV, too, whose records make its total', async () => {
    const { headers, text } = await chargeback({ group_by: 'dimension:cost_center', format: 'csv' });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const rows = csvRows(text);
    const total = rows.pop();
    expect(total?.['record']).toBe('total');
    expect(rows.reduce((sum, { charged }) => sum + Number(charged), 0)).toBe(Number(total?.['charged']));
    const centres = rows.map((row) => row['dimension:cost_center'] ?? '');
    expect(centres.some((centre) => centre.startsWith("'=cc"))).toBe(true);
    expect(centres).toContain('unattributed');
  });
});

describe('a report of nonsense', () => {
  it.each([
    ['from', { from: undefined }],
    ['to', { to: undefined }],
    ['from', { from: undefined, to: undefined }],
    ['from', { from: 'yesterday' }],
    ['to', { to: '2026-13-01T00:00:00Z' }],
    ['from', { from: WHEN.to, to: WHEN.from }],
    ['from', { to: WHEN.from }],
    ['from', { from: '2026-01-01T00:00:30Z' }],
    ['to', { to: '2026-02-01T00:00:00.001Z' }],
    ['from', { from: '2001-01-01T00:00:00Z' }],
    ['unit', { unit: 'GOLD' }],
    ['unit', { unit: 'usd_microcents' }],
    ['unit', { unit: 'TOKENS,CREDITS' }],
    ['group_by', { group_by: 'colour' }],
    ['group_by', { group_by: ',' }],
    ['group_by', { group_by: 'app,' }],
    ['group_by', { group_by: 'app,app' }],
    ['group_by', { group_by: 'dimension:A,dimension:a' }],
    ['group_by', { group_by: 'app,agent,kind,name,model' }],
    ['group_by', { group_by: 'day,month' }],
    ['group_by', { group_by: 'day', from: '2025-01-01T00:00:00Z' }],
    ['group_by', { group_by: 'dimension:' }],
    ['group_by', { group_by: 'dimension' }],
    ['group_by', { group_by: `dimension:${'x'.repeat(65)}` }],
    ['group_by', { group_by: 'dimension:a"b' }],
    ['group_by', { group_by: 'dimension:a\\b' }],
    ['group_by', { group_by: 'dimension:\u0000' }],
    ['group_by', { group_by: "app') --" }],
    ['group_by', { group_by: '__proto__' }],
    ['group_by', { group_by: 'charged' }],
    ['group_by', { group_by: 'x'.repeat(513) }],
    ['per', { per: 'hour' }],
    ['format', { format: 'xml' }],
    ['tenant_id', { tenant_id: 'x'.repeat(65) }],
  ])('is none, and %s is named: %j', async (field, more) => {
    const answer = await chargeback(more);
    expect([answer.refused, answer.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it.each(['from=2026-01-01T00:00:00Z&from=2026-02-01T00:00:00Z', 'group_by[]=app', 'group_by[a]=app'])(
    'is none where parameters are lists or objects: %s',
    async (search) => {
      const answer = await serving.asAdmin('GET', `/finops/chargeback?to=${WHEN.to}&${search}`);
      expect(answer.status).toBe(400);
    },
  );

  it('is one of nothing for a tenant that is unknown, and for one in another case', async () => {
    for (const tenant_id of ['nobody', 'ACME']) {
      const answer = await chargeback({ tenant_id, group_by: 'app' });
      expect([answer.status, answer.at('total.charges'), answer.at('rows')]).toEqual([200, 0, []]);
    }
  });

  it('changes nothing', async () => {
    const before = (await chargeback({ group_by: 'app,month' })).text;
    for (const group_by of ["app'; drop table charges; --", 'dimension:%_', 'dimension:$.a', 'dimension:*'])
      await chargeback({ group_by });
    expect((await chargeback({ group_by: 'app,month' })).text).toBe(before);
  });
});

describe('reports of what was charged', () => {
  const PATHS = ['chargeback', 'showback.html', 'focus.csv', 'unit-economics'] as const;

  async function hire(name: string, roles: readonly string[], more: object = {}): Promise<string> {
    const added = await serving.asAdmin('POST', '/admin/operators', { name, roles, ...more });
    const body = { name, password: String(added.at('one_time_password')), new_password: PASSWORD };
    return String((await serving.ask('POST', '/auth/sign-in', { body })).at('token'));
  }
  const as = (token: string, path: string, more: Asked = {}): Promise<Reply> =>
    serving.ask('GET', `/finops/${path}?${searchOf(more)}`, {
      headers: { authorization: `Bearer ${token}` },
    });

  it(
    'are for finops and auditors, and no key',
    async () => {
      const key = await serving.client('acme');
      const tokens = { finops: 200, auditor: 200, viewer: 403, approver: 403 } as const;
      for (const [role, status] of Object.entries(tokens)) {
        const token = await hire(`everywhere-${role}`, [role]);
        for (const path of PATHS)
          expect([role, path, (await as(token, path)).status]).toEqual([role, path, status]);
      }
      for (const path of PATHS) {
        const headers = { 'x-cycles-api-key': key.secret };
        expect((await serving.ask('GET', `/finops/${path}?${searchOf({})}`, { headers })).status).toBe(401);
      }
    },
    PATIENCE_MS,
  );

  it(
    'are of their own tenants for those who are limited to some',
    async () => {
      const token = await hire('of-acme', ['finops'], { tenants: ['acme'] });
      for (const path of PATHS) {
        const own = await as(token, path, { tenant_id: 'acme' });
        expect([path, own.status]).toEqual([path, 200]);
        expect(own.text).not.toContain('beta');
        for (const tenant_id of [undefined, 'beta', 'ACME', ''])
          expect([path, tenant_id, (await as(token, path, { tenant_id })).refused]).toEqual([
            path,
            tenant_id,
            '403 FORBIDDEN',
          ]);
      }
    },
    PATIENCE_MS,
  );
});
