/** The lists of provisioning as operators ask for them: filters, search, order, and pages. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient, type Unit } from './serving.js';

let serving: Serving;
let zoo: TenantClient;
let ids: Readonly<Record<'alpha' | 'beta', string>>;

beforeAll(async () => {
  serving = await Serving.start();
  zoo = await serving.tenant('zoo-one');
  await serving.asAdmin('POST', '/v1/admin/tenants', { tenant_id: 'zoo-two', name: 'A 100%_Sure Name' });
  await serving.asAdmin('POST', '/v1/admin/tenants', { tenant_id: 'zoo-three', name: 'Menagerie' });
  await serving.asAdmin('PATCH', '/v1/admin/tenants/zoo-three', { status: 'SUSPENDED' });
  const [alpha, beta] = [
    await serving.client('zoo-one', { name: 'alpha', expires_at: '2090-01-01T00:00:00Z' }),
    await serving.client('zoo-one', { name: 'Beta', expires_at: '2080-01-01T00:00:00Z' }),
  ];
  ids = { alpha: alpha.keyId, beta: beta.keyId };
  await serving.asAdmin('DELETE', `/v1/admin/api-keys/${beta.keyId}`);
});
afterAll(() => serving.stop());

type Row = Record<string, unknown>;

const list = (path: string, query: string): Promise<Reply> =>
  serving.asAdmin('GET', `/v1/admin/${path}?${query}`);

const LISTS = {
  tenants: { items: 'tenants', id: 'tenant_id', schema: 'TenantListResponse' },
  'api-keys': { items: 'keys', id: 'key_id', schema: 'ApiKeyListResponse' },
  budgets: { items: 'ledgers', id: 'scope', schema: 'BudgetListResponse' },
} as const;
type List = keyof typeof LISTS;

async function idsOf(path: List, query: string): Promise<string[]> {
  const reply = await list(path, query);
  if (reply.status !== 200) throw new Error(`no list: ${reply.text}`);
  return (reply.at(LISTS[path].items) as Row[]).map((row) => String(row[LISTS[path].id]));
}

/** All ids over pages of `limit`. */
async function paged(path: List, query: string, limit: number): Promise<string[]> {
  const seen: string[] = [];
  let cursor: unknown = '';
  do {
    const page = await list(path, `${query}&limit=${limit}&cursor=${cursor}`);
    seen.push(...(page.at(LISTS[path].items) as Row[]).map((row) => String(row[LISTS[path].id])));
    cursor = page.at('next_cursor');
  } while (cursor !== undefined);
  return seen;
}

describe('the list of tenants', () => {
  it('finds letters beyond A to Z in small and in capitals', async () => {
    const open = (tenant_id: string, name: string) =>
      serving.asAdmin('POST', '/v1/admin/tenants', { tenant_id, name });
    await open('accents', 'Épicerie Müller');
    await open('capitals', 'ÉPICERIE MÜLLER');
    const both = ['accents', 'capitals'];
    for (const written of ['müller', 'MÜLLER', 'Müller', 'épicerie', 'ÉPICERIE', 'Épi']) {
      const found = await idsOf('tenants', `search=${encodeURIComponent(written)}`);
      expect({ written, found: found.sort() }).toEqual({ written, found: both });
    }
    expect(await idsOf('tenants', `search=${encodeURIComponent('Muller')}`)).toEqual([]);
  });

  it('searches ids and names, whatever the case, and takes a wildcard for itself', async () => {
    expect(await idsOf('tenants', 'search=ZOO-T')).toEqual(['zoo-three', 'zoo-two']);
    expect(await idsOf('tenants', 'search=menager')).toEqual(['zoo-three']);
    expect(await idsOf('tenants', 'search=0%25_s')).toEqual(['zoo-two']);
    expect(await idsOf('tenants', 'search=z_o')).toEqual([]);
    expect(await idsOf('tenants', 'search=zoo&status=SUSPENDED')).toEqual(['zoo-three']);
    expect(await idsOf('tenants', 'search=&search_by=nothing')).toContain('zoo-one');
  });

  it('sorts by what it is asked to, descending unless told otherwise', async () => {
    expect(await idsOf('tenants', 'search=zoo&sort_by=created_at')).toEqual([
      'zoo-three',
      'zoo-two',
      'zoo-one',
    ]);
    expect(await idsOf('tenants', 'search=zoo&sort_by=name&sort_dir=asc')).toEqual([
      'zoo-two',
      'zoo-three',
      'zoo-one',
    ]);
    expect((await idsOf('tenants', 'search=zoo&sort_by=status'))[0]).toBe('zoo-three');
    expect(await idsOf('tenants', 'search=zoo')).toEqual(['zoo-one', 'zoo-three', 'zoo-two']);
    expect(await idsOf('tenants', 'search=zoo&sort_dir=desc')).toEqual(['zoo-two', 'zoo-three', 'zoo-one']);
  });
});

describe('the list of keys', () => {
  it('searches ids and names', async () => {
    expect(await idsOf('api-keys', 'tenant_id=zoo-one&search=ALPH')).toEqual([ids.alpha]);
    expect(await idsOf('api-keys', `search=${ids.beta}`)).toEqual([ids.beta]);
    expect(await idsOf('api-keys', `search=${ids.beta}&status=ACTIVE`)).toEqual([]);
  });

  it('sorts by status, expiry, name and making', async () => {
    const of = 'tenant_id=zoo-one';
    expect((await idsOf('api-keys', `${of}&sort_by=status`))[0]).toBe(ids.beta);
    expect((await idsOf('api-keys', `${of}&sort_by=expires_at`)).slice(0, 2)).toEqual([ids.alpha, ids.beta]);
    expect((await idsOf('api-keys', `${of}&sort_by=name&sort_dir=asc`))[0]).toBe(ids.beta);
    expect((await idsOf('api-keys', `${of}&sort_by=created_at`)).at(-1)).toBe(zoo.keyId);
  });
});

describe('the list of budgets', () => {
  const MAX = '9223372036854775807';
  /** Below the tenant: what is allocated, and what is spent of it. */
  const SPENT: readonly (readonly [string, string, string])[] = [
    ['/app:nothing', '0', '0'],
    ['/app:third', '3', '1'],
    ['/app:half', '10', '5'],
    ['/app:above', MAX, '4611686018427387968'],
    ['/app:nearly', MAX, '9223372036854775806'],
    ['/app:whole', MAX, MAX],
  ];
  const at = (app: string): string => `tenant:zoo-one/app:${app}`;
  const inZoo = (query: string): Promise<string[]> =>
    idsOf('budgets', `tenant_id=zoo-one&unit=CREDITS&${query}`);

  beforeAll(async () => {
    for (const [below, allocated, spent] of SPENT) {
      await zoo.budget(below, allocated, { unit: 'CREDITS' });
      const place = `tenant_id=zoo-one&scope=tenant:zoo-one${below}&unit=CREDITS`;
      const body = `{"operation":"RESET_SPENT","amount":{"unit":"CREDITS","amount":${allocated}},"spent":{"unit":"CREDITS","amount":${spent}}}`;
      const set = await serving.asAdmin('POST', `/v1/admin/budgets/fund?${place}`, body);
      if (set.status !== 200) throw new Error(set.text);
    }
    const unit: Unit = 'TOKENS';
    const overdraft = {
      unit,
      overdraft_limit: { unit, amount: 50 },
      commit_overage_policy: 'ALLOW_WITH_OVERDRAFT',
    };
    for (const app of ['debtor', 'beyond']) {
      await zoo.budget(`/app:${app}`, 10, overdraft);
      const subject = { tenant: 'zoo-one', app };
      const held = await zoo.held(10, { subject, overage_policy: 'ALLOW_WITH_OVERDRAFT' });
      await zoo.commit(held, 30);
    }
    const limit = { overdraft_limit: { unit, amount: 1 } };
    await serving.asAdmin('PATCH', `/v1/admin/budgets?scope=${at('beyond')}&unit=TOKENS`, limit);
  });

  it('keeps to bounds of utilization to the last digit of an int64', async () => {
    expect(await inZoo('utilization_min=1')).toEqual([at('whole')]);
    expect(await inZoo('utilization_min=0.999999999999999999')).toEqual([at('nearly'), at('whole')]);
    expect(await inZoo('utilization_max=0.999999999999999999')).toEqual(
      ['above', 'half', 'nothing', 'third'].map(at),
    );
    expect(await inZoo('utilization_min=0.5&utilization_max=0.50')).toEqual([at('half')]);
    expect(await inZoo('utilization_min=0.333333333333333333&utilization_max=5e-1')).toEqual(
      ['half', 'third'].map(at),
    );
    expect(await inZoo('utilization_min=0.333333333333333334&utilization_max=0.4')).toEqual([]);
    expect(await inZoo('utilization_max=0')).toEqual([at('nothing')]);
    expect(await inZoo('utilization_min=0')).toHaveLength(SPENT.length);
    expect(await inZoo('utilization_min=1e-18&utilization_max=1.0')).not.toContain(at('nothing'));
  });

  it('sorts by utilization to the last digit, page by page', async () => {
    const falling = ['whole', 'nearly', 'above', 'half', 'third', 'nothing'].map(at);
    expect(await inZoo('sort_by=utilization')).toEqual(falling);
    const query = 'tenant_id=zoo-one&unit=CREDITS&sort_by=utilization';
    expect(await paged('budgets', query, 1)).toEqual(falling);
    expect(await paged('budgets', `${query}&sort_dir=asc`, 2)).toEqual([...falling].reverse());
  });

  it('knows who is in debt and who is beyond the limit', async () => {
    const below = (query: string): Promise<string[]> =>
      idsOf('budgets', `tenant_id=zoo-one&unit=TOKENS&${query}`);
    expect(await below('has_debt=true')).toEqual(['beyond', 'debtor'].map(at));
    expect(await below('over_limit=true')).toEqual([at('beyond')]);
    expect(await below('over_limit=false')).toEqual([at('debtor')]);
    expect(await below('has_debt=false')).toEqual([]);
    expect(await below('sort_by=debt&search=BEYO')).toEqual([at('beyond')]);
  });

  it('sorts by everything else in pages that hold each budget once', async () => {
    const all = await idsOf('budgets', 'search=zoo-one');
    expect(all).toHaveLength(SPENT.length + 2);
    for (const sort of ['tenant_id', 'scope', 'unit', 'status', 'commit_overage_policy', 'debt']) {
      const seen = await paged('budgets', `search=zoo-one&sort_by=${sort}`, 2);
      expect({ sort, seen: [...seen].sort() }).toEqual({ sort, seen: [...all].sort() });
    }
    expect(await idsOf('budgets', 'search=zoo-one&sort_by=scope')).toEqual([...all].sort().reverse());
    expect((await idsOf('budgets', 'search=zoo-one&sort_by=unit'))[0]).toBe(at('debtor'));
    expect((await idsOf('budgets', 'search=zoo-one&sort_by=commit_overage_policy'))[0]).toBe(at('debtor'));
  });

  it('searches the tenant’s own budgets only for its key', async () => {
    const own = await zoo.ask('GET', '/v1/admin/budgets?search=half&utilization_min=0.5');
    expect((own.at('ledgers') as Row[]).map(({ scope }) => scope)).toEqual([at('half')]);
    const other = await serving.tenant('zoo-four');
    expect((await other.ask('GET', '/v1/admin/budgets?search=half')).at('ledgers')).toEqual([]);
  });

  it.each([
    ['utilization_min=0.6&utilization_max=0.5', 'utilization_min'],
    ['utilization_min=-0.1', 'utilization_min'],
    ['utilization_min=NaN', 'utilization_min'],
    ['utilization_max=1.000000000000000001', 'utilization_max'],
    ['utilization_max=1e99', 'utilization_max'],
    ['utilization_max=0.1234567890123456789', 'utilization_max'],
    ['over_limit=maybe', 'over_limit'],
    ['sort_by=created_at', 'sort_by'],
  ])('refuses %s, naming the field', async (query, field) => {
    const refused = await list('budgets', query);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe(field);
  });
});

describe.each(Object.keys(LISTS) as List[])('any list, such as that of %s', (path) => {
  it.each([
    [`search=${'x'.repeat(129)}`, 'search'],
    ['sort_by=colour', 'sort_by'],
    ['sort_dir=up', 'sort_dir'],
    ['cursor=nonsense', 'cursor'],
    ['limit=101', 'limit'],
  ])('refuses %s, naming the field', async (query, field) => {
    const refused = await list(path, query);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe(field);
  });

  it('takes a search of 128 characters', async () => {
    expect(await idsOf(path, `search=${'x'.repeat(128)}`)).toEqual([]);
  });

  it('refuses a cursor of another order or search', async () => {
    const first = await list(path, 'sort_by=status&limit=1');
    const cursor = String(first.at('next_cursor'));
    expect((await list(path, `sort_by=status&limit=2&cursor=${cursor}`)).status).toBe(200);
    for (const query of ['sort_by=tenant_id', 'sort_by=status&sort_dir=asc', 'sort_by=status&search=z', '']) {
      const refused = await list(path, `${query}&limit=1&cursor=${cursor}`);
      expect({ query, refused: refused.refused, field: refused.at('details.field') }).toEqual({
        query,
        refused: '400 INVALID_REQUEST',
        field: 'cursor',
      });
    }
  });

  (isProtocolThere ? it : it.skip)('answers in the protocol’s shape', async () => {
    const protocol = new Protocol();
    const page = await list(path, 'sort_by=status&limit=2');
    expect(protocol.problems(page.body, LISTS[path].schema, 'governance')).toEqual([]);
    const refused = await list(path, 'sort_by=colour');
    expect(protocol.problems(refused.body, 'ErrorResponse', 'governance')).toEqual([]);
  });
});
