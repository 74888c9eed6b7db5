/** GET /v1/reservations as clients ask it: recovery, filters, windows, projection, pages, and whose they are. */

import { type Reply, Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`lister-${tenants}`);
  await acme.budget('', 1_000);
});

type Row = Record<string, unknown> & { readonly reservation_id: string };

const rowsOf = (reply: Reply): Row[] => {
  if (reply.status !== 200) throw new Error(`no list: ${reply.text}`);
  return reply.at('reservations') as Row[];
};
const idsOf = (reply: Reply): string[] => rowsOf(reply).map(({ reservation_id }) => reservation_id);
const list = (query = '', client = acme): Promise<Reply> => client.ask('GET', `/v1/reservations?${query}`);
const at = (below: Record<string, string>) => ({ subject: { tenant: acme.tenantId, ...below } });

describe('a list of reservations', () => {
  it('gives back the id that a client lost, by the key it reserved under', async () => {
    const lost = await acme.held(1, { idempotency_key: 'before the crash' });
    await acme.held(1);
    expect(idsOf(await list('idempotency_key=before%20the%20crash'))).toEqual([lost]);
    expect(idsOf(await list('idempotency_key=never'))).toEqual([]);
  });

  it('shows a write at once, newest first', async () => {
    const made: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) {
      made.unshift(await acme.held(1));
      expect(idsOf(await list())).toEqual(made);
    }
  });

  it('filters by subject and status', async () => {
    const ide = await acme.held(1, at({ app: 'IDE' }));
    const web = await acme.held(1, at({ app: 'web' }));
    await acme.commit(web, 1);
    expect(idsOf(await list('app=ide'))).toEqual([ide]);
    expect(idsOf(await list('app=web&status=COMMITTED'))).toEqual([web]);
    expect(idsOf(await list('app=web&status=ACTIVE'))).toEqual([]);
    expect(idsOf(await list(`tenant=${acme.tenantId}`))).toHaveLength(2);
  });

  it('shows an expiry that no write has followed, without an end', async () => {
    const id = await acme.held(1, { ttl_ms: 1_000, grace_period_ms: 0 });
    let expired = await list('status=EXPIRED');
    while (rowsOf(expired).length === 0) expired = await list('status=EXPIRED');
    expect(rowsOf(expired)[0]).toMatchObject({ reservation_id: id, status: 'EXPIRED' });
    expect(rowsOf(expired)[0]).not.toHaveProperty('finalized_at_ms');
    expect((await acme.ask('GET', `/v1/reservations/${id}`)).refused).toBe('410 RESERVATION_EXPIRED');
    expect(idsOf(await list('finalized_from=2020-01-01T00:00:00Z'))).toEqual([]);
  });

  it('keeps to windows, of which blank bounds are none', async () => {
    const id = await acme.held(1);
    const [row] = rowsOf(await list());
    const iso = (ms: unknown) => encodeURIComponent(new Date(Number(ms)).toISOString());
    const createdAt = iso(row?.['created_at_ms']);
    expect(idsOf(await list(`from=${createdAt}&to=${createdAt}`))).toEqual([id]);
    expect(idsOf(await list('from=2999-01-01T00:00:00%2B02:00'))).toEqual([]);
    expect(idsOf(await list(`expires_from=${iso(row?.['expires_at_ms'])}`))).toEqual([id]);
    expect(idsOf(await list(`expires_to=${createdAt}`))).toEqual([]);
    expect(idsOf(await list('finalized_to=2999-01-01T00:00:00Z'))).toEqual([]);
    const blank = ['from', 'to', 'expires_from', 'expires_to', 'finalized_from', 'finalized_to'];
    expect(idsOf(await list(blank.map((name) => `${name}=`).join('&')))).toEqual([id]);
  });

  it.each([
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['expires_from=2026-02-01T00:00:00Z&expires_to=2026-01-01T00:00:00Z', 'expires_from'],
    ['finalized_from=2026-02-01T00:00:00Z&finalized_to=2026-01-01T00:00:00Z', 'finalized_from'],
    ['from=yesterday', 'from'],
    ['from=2027-02-30T00:00:00Z', 'from'],
    ['status=DONE', 'status'],
    ['sort_by=colour', 'sort_by'],
    ['sort_dir=up', 'sort_dir'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=2.5', 'limit'],
    ['app=a%20b', 'app'],
    ['cursor=nonsense', 'cursor'],
    [`idempotency_key=${'k'.repeat(257)}`, 'idempotency_key'],
    ['status=ACTIVE&status=EXPIRED', 'status'],
  ])('refuses %s, naming the field', async (query, field) => {
    const refused = await list(query);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe(field);
  });

  it('ignores what it does not know', async () => {
    await acme.held(1);
    expect(idsOf(await list('colour=red&include=everything,,%20&include_children=true'))).toHaveLength(1);
  });

  it('shows free-form fields only when they are asked for, and the charge always', async () => {
    const id = await acme.held(3, { metadata: { run: 7 } });
    await acme.commit(id, 2, { metadata: { done: true } });
    const [bare] = rowsOf(await list());
    expect(bare).not.toHaveProperty('metadata');
    expect(bare).not.toHaveProperty('committed_metadata');
    expect(bare).toMatchObject({ committed: { unit: 'TOKENS', amount: 2 } });
    const [some] = rowsOf(await list('include=metadata,nothing'));
    expect(some).toMatchObject({ metadata: { run: 7 } });
    expect(some).not.toHaveProperty('committed_metadata');
    const [all] = rowsOf(await list('include=%20committed_metadata%20,metadata,'));
    expect(all).toMatchObject({ metadata: { run: 7 }, committed_metadata: { done: true } });
  });

  it('comes in pages whose cursors belong to their query, whatever is shown of it', async () => {
    const held = [await acme.held(3), await acme.held(1), await acme.held(2)];
    const order = 'sort_by=reserved&sort_dir=asc';
    const first = await list(`${order}&limit=2`);
    expect(idsOf(first)).toEqual([held[1], held[2]]);
    expect(first.at('has_more')).toBe(true);
    const cursor = String(first.at('next_cursor'));
    const rest = await list(`${order}&limit=1&include=metadata&cursor=${cursor}`);
    expect(idsOf(rest)).toEqual([held[0]]);
    expect(rest.at('has_more')).toBe(false);
    expect(rest.at('next_cursor')).toBeUndefined();
    for (const other of ['', 'sort_by=reserved', `${order}&status=ACTIVE`, `${order}&app=ide`]) {
      const refused = await list(`${other}&cursor=${cursor}`);
      expect(refused.refused).toBe('400 INVALID_REQUEST');
      expect(refused.at('details.field')).toBe('cursor');
    }
  });
});

describe('whose reservations are listed', () => {
  it('is the key’s tenant, and no other', async () => {
    const other = await serving.tenant(`other-${tenants}`);
    await acme.held(1);
    expect(idsOf(await list('', other))).toEqual([]);
    const refused = await list(`tenant=${acme.tenantId}`, other);
    expect(refused.refused).toBe('403 FORBIDDEN');
  });

  it('narrows to the scopes and levels of the key', async () => {
    const ide = await acme.held(1, at({ app: 'ide' }));
    await acme.held(1, at({ app: 'web' }));
    await acme.held(1);
    const filtered = await serving.client(acme.tenantId, { scope_filter: ['app:ide'] });
    const fixed = await serving.client(acme.tenantId, { fixed_subject: { app: 'ide' } });
    expect(idsOf(await list('', filtered))).toEqual([ide]);
    expect(idsOf(await list('', fixed))).toEqual([ide]);
    expect(idsOf(await list('app=web', filtered))).toEqual([]);
    expect((await list('app=web', fixed)).refused).toBe('403 FORBIDDEN');
  });

  it('needs the permission', async () => {
    const mayNot = await serving.client(acme.tenantId, { permissions: ['balances:read'] });
    expect((await list('', mayNot)).refused).toBe('403 FORBIDDEN');
  });

  it('is the tenant that an operator names, which has to be named', async () => {
    const id = await acme.held(1);
    const listed = await serving.asAdmin('GET', `/v1/reservations?tenant=${acme.tenantId}`);
    expect(idsOf(listed)).toEqual([id]);
    expect(listed.headers.get('x-cycles-tenant')).toBe(acme.tenantId);
    const unnamed = await serving.asAdmin('GET', '/v1/reservations');
    expect(unnamed.refused).toBe('400 INVALID_REQUEST');
    expect(unnamed.at('message')).toBe(
      'tenant query parameter is required when using admin key authentication',
    );
    expect(idsOf(await serving.asAdmin('GET', '/v1/reservations?tenant=nobody'))).toEqual([]);
  });

  it('is named in what an operator gets of one of them', async () => {
    const path = `/v1/reservations/${await acme.held(1)}`;
    const shown = await serving.asAdmin('GET', path);
    const released = await serving.asAdmin('POST', `${path}/release`, { idempotency_key: 'ops' });
    for (const { headers } of [shown, released]) expect(headers.get('x-cycles-tenant')).toBe(acme.tenantId);
    const unknown = await serving.asAdmin('GET', '/v1/reservations/rsv_never');
    expect(unknown.headers.get('x-cycles-tenant')).toBeNull();
  });

  it('shows an operator what has expired, too', async () => {
    await acme.held(1, { ttl_ms: 1_000, grace_period_ms: 0 });
    const expired = () => serving.asAdmin('GET', `/v1/reservations?tenant=${acme.tenantId}&status=EXPIRED`);
    let listed = await expired();
    while (rowsOf(listed).length === 0) listed = await expired();
    expect(rowsOf(listed)).toHaveLength(1);
  });

  it('stays open after its tenant has closed', async () => {
    const id = await acme.held(1);
    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'CLOSED' });
    const [row] = rowsOf(await list());
    expect(row).toMatchObject({ reservation_id: id, status: 'RELEASED' });
  });
});
