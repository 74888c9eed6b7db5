/** People who operate the server: sign-in, roles, tenants, tokens that die at once, and what the log says of it. */

import { Serving } from './serving.js';

/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;
const PASSWORD = 'correct horse battery staple';

let serving: Serving;

beforeAll(async () => {
  serving = await Serving.start();
  await serving.tenant('acme');
  await serving.tenant('globex');
}, PATIENCE_MS);
afterAll(() => serving.stop());

interface Hired {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

let hiredCount = 0;

async function add(roles: readonly string[], more: object = {}) {
  hiredCount += 1;
  const name = `person-${hiredCount}`;
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles, ...more });
  expect(added.status).toBe(201);
  return { id: String(added.at('operator_id')), name, oneTime: String(added.at('one_time_password')) };
}

const signIn = (name: string, password: string, newPassword?: string) =>
  serving.ask('POST', '/auth/sign-in', {
    body: { name, password, ...(newPassword !== undefined && { new_password: newPassword }) },
  });

/** A person who has signed in and chosen a password. */
async function hire(roles: readonly string[], more: object = {}): Promise<Hired> {
  const { id, name, oneTime } = await add(roles, more);
  const signedIn = await signIn(name, oneTime, PASSWORD);
  expect(signedIn.status).toBe(200);
  return { id, name, token: String(signedIn.at('token')) };
}

const as = (token: string, method: string, path: string, body?: unknown) =>
  serving.ask(method, path, { body, headers: { authorization: `Bearer ${token}` } });

describe('signing in', () => {
  it(
    'takes a one-time password only together with one that the person chose',
    async () => {
      const { name, oneTime } = await add(['viewer']);
      expect((await signIn(name, oneTime)).refused).toBe('403 FORBIDDEN');
      expect((await signIn(name, oneTime, 'short')).refused).toBe('400 INVALID_REQUEST');
      expect((await signIn(name, oneTime, PASSWORD)).status).toBe(200);
      expect((await signIn(name, oneTime, `${PASSWORD}!`)).refused).toBe('401 UNAUTHORIZED');
      const again = await signIn(name.toUpperCase(), PASSWORD);
      expect(again.body).toMatchObject({ name, roles: ['viewer'], token_type: 'Bearer' });
      expect(again.headers.get('cache-control')).toBe('no-store');
    },
    PATIENCE_MS,
  );

  it(
    'answers an unknown name, a wrong password and a disabled person alike, after the same work',
    async () => {
      const { name } = await hire(['viewer']);
      const gone = await hire(['viewer']);
      await serving.asAdmin('DELETE', `/admin/operators/${gone.id}`);
      const timed = async (who: string) => {
        const beganMs = performance.now();
        const { status, text } = await signIn(who, 'not the password');
        const { request_id: _, trace_id: __, ...said } = JSON.parse(text);
        return { answer: { status, said }, ms: performance.now() - beganMs };
      };
      const known = await timed(name);
      const answers = [await timed('nobody-of-that-name'), await timed(gone.name)];
      for (const { answer, ms } of answers) {
        expect(answer).toEqual(known.answer);
        // Without the hash it would be a hundredth of it.
        expect(ms).toBeGreaterThan(known.ms / 5);
      }
    },
    PATIENCE_MS,
  );

  it(
    'locks a name out for its source after five failures, known or not, even with the right password',
    async () => {
      const { name } = await hire(['viewer']);
      for (const who of [name, 'nobody-at-all']) {
        const failed = await Promise.all(Array.from({ length: 7 }, () => signIn(who, 'not the password')));
        const statuses = failed.map(({ status }) => status).sort();
        expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
      }
      const locked = await signIn(name, PASSWORD);
      expect(locked.refused).toBe('429 LIMIT_EXCEEDED');
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800);
    },
    PATIENCE_MS,
  );
});

describe('a token', () => {
  it(
    'is nobody’s once its person signed out',
    async () => {
      const { token } = await hire(['viewer']);
      expect((await as(token, 'GET', '/auth/me')).status).toBe(200);
      expect((await as(token, 'POST', '/auth/sign-out')).status).toBe(204);
      expect((await as(token, 'GET', '/auth/me')).refused).toBe('401 UNAUTHORIZED');
    },
    PATIENCE_MS,
  );

  it.each(['disable', 'reset'])(
    'dies at once when its person is %sd',
    async (what) => {
      const { id, token } = await hire(['admin']);
      const answered = { isOver: false };
      const late: number[] = [];
      const asking = Array.from({ length: 16 }, async () => {
        for (;;) {
          const isLate = answered.isOver;
          const { status } = await as(token, 'GET', '/v1/admin/tenants');
          if (isLate) late.push(status);
          if (isLate || status !== 200) return;
        }
      });
      const ended =
        what === 'disable'
          ? await serving.asAdmin('DELETE', `/admin/operators/${id}?reason=left`)
          : await serving.asAdmin('POST', `/admin/operators/${id}/reset`);
      answered.isOver = true;
      expect(ended.status).toBe(200);
      await Promise.all(asking);
      expect(late).not.toContain(200);
      expect((await as(token, 'GET', '/auth/me')).refused).toBe('401 UNAUTHORIZED');
    },
    PATIENCE_MS,
  );

  it(
    'keeps to the roles that its person has now',
    async () => {
      const { id, token } = await hire(['admin']);
      expect((await as(token, 'GET', '/admin/operators')).status).toBe(200);
      await serving.asAdmin('PATCH', `/admin/operators/${id}`, { roles: ['finops'] });
      expect((await as(token, 'GET', '/admin/operators')).refused).toBe('403 FORBIDDEN');
    },
    PATIENCE_MS,
  );

  it(
    'outlives a restart of the server, and so does its end',
    async () => {
      const dataDir = `${serving.dataDir}-again`;
      const settings = { COUNTERSIGN_DATA_DIR: dataDir };
      const first = await Serving.start(settings);
      const added = await first.asAdmin('POST', '/admin/operators', { name: 'ada', roles: ['viewer'] });
      const password = String(added.at('one_time_password'));
      const body = { name: 'ada', password, new_password: PASSWORD };
      const token = String((await first.ask('POST', '/auth/sign-in', { body })).at('token'));
      await first.server.close();
      const second = await Serving.start(settings);
      const headers = { authorization: `Bearer ${token}` };
      expect((await second.ask('GET', '/auth/me', { headers })).at('name')).toBe('ada');
      await second.asAdmin('DELETE', `/admin/operators/${String(added.at('operator_id'))}`);
      await second.server.close();
      const third = await Serving.start(settings);
      expect((await third.ask('GET', '/auth/me', { headers })).status).toBe(401);
      await third.stop();
    },
    PATIENCE_MS,
  );
});

describe('roles', () => {
  const PEOPLE = ['admin', 'auditor', 'finops', 'approver', 'viewer'] as const;
  type Role = (typeof PEOPLE)[number];
  const ALL_BUT_APPROVER: readonly Role[] = ['admin', 'auditor', 'finops', 'viewer'];
  const BUDGET = { tenant_id: 'acme', scope: 'tenant:acme', unit: 'RISK_POINTS' };
  const ROUTES: readonly [method: string, path: string, open: readonly Role[], body?: object][] = [
    ['GET', '/v1/admin/tenants', ALL_BUT_APPROVER],
    ['GET', '/v1/admin/tenants/acme', ALL_BUT_APPROVER],
    ['POST', '/v1/admin/tenants', ['admin'], { tenant_id: 'initech', name: 'Initech' }],
    ['PATCH', '/v1/admin/tenants/acme', ['admin'], { status: 'ACTIVE' }],
    ['GET', '/v1/admin/api-keys?tenant_id=acme', ALL_BUT_APPROVER],
    ['POST', '/v1/admin/api-keys', ['admin'], { tenant_id: 'acme', name: 'key' }],
    ['DELETE', '/v1/admin/api-keys/key_none', ['admin']],
    ['POST', '/v1/admin/budgets', ['admin'], { ...BUDGET, allocated: { unit: 'RISK_POINTS', amount: 5 } }],
    ['GET', '/v1/admin/budgets?tenant_id=acme', ALL_BUT_APPROVER],
    ['POST', '/v1/admin/budgets/freeze?tenant_id=acme&scope=tenant:acme&unit=TOKENS', ['admin'], {}],
    ['GET', '/admin/budget-templates?tenant_id=acme', ALL_BUT_APPROVER],
    ['DELETE', '/admin/budget-templates/tpl_none?tenant_id=acme', ['admin']],
    ['GET', '/audit/actions', ['admin', 'auditor']],
    ['GET', '/v1/admin/audit/logs', ['admin', 'auditor']],
    ['GET', '/admin/operators', ['admin', 'auditor']],
    ['POST', '/admin/operators', ['admin'], { name: 'x', roles: ['nobody'] }],
    ['DELETE', '/admin/operators/opr_none', ['admin']],
    ['POST', '/admin/operators/opr_none/reset', ['admin']],
    ['GET', '/admin/projections', ALL_BUT_APPROVER],
    ['GET', '/metrics', ALL_BUT_APPROVER],
    ['GET', '/auth/me', PEOPLE],
    ['POST', '/v1/decide', []],
    ['POST', '/v1/reservations', []],
    ['POST', '/gate/tool-calls', []],
  ];
  const tokens = new Map<Role, string>();
  beforeAll(async () => {
    for (const role of PEOPLE) tokens.set(role, (await hire([role])).token);
  }, PATIENCE_MS);

  it.each(ROUTES)('%s %s is open to %j', async (method, path, open, ...[body]) => {
    for (const role of PEOPLE) {
      const { status } = await as(tokens.get(role) ?? '', method, path, body);
      const isAdmitted = status !== 401 && status !== 403;
      expect({ role, isAdmitted }).toEqual({ role, isAdmitted: open.includes(role) });
    }
  });
});

describe('a person limited to a tenant', () => {
  let token: string;
  let globexKey: string;
  beforeAll(async () => {
    token = (await hire(['admin'], { tenants: ['acme'] })).token;
    globexKey = (await serving.client('globex')).keyId;
  }, PATIENCE_MS);

  it('does there what the role allows', async () => {
    const issued = await as(token, 'POST', '/v1/admin/api-keys', { tenant_id: 'acme', name: 'mine' });
    expect(issued.status).toBe(201);
    const path = `/v1/admin/api-keys/${String(issued.at('key_id'))}`;
    expect((await as(token, 'DELETE', path)).status).toBe(200);
    expect((await as(token, 'GET', '/v1/admin/tenants/acme')).status).toBe(200);
    expect((await as(token, 'GET', '/v1/admin/api-keys?tenant_id=acme')).status).toBe(200);
  });

  it.each<[method: string, path: string, body?: object]>([
    ['GET', '/v1/admin/tenants/globex'],
    ['GET', '/v1/admin/tenants'],
    ['GET', '/v1/admin/tenants?tenant_id=acme'],
    ['GET', '/v1/admin/api-keys'],
    ['GET', '/v1/admin/api-keys?tenant_id=globex'],
    ['POST', '/v1/admin/api-keys', { tenant_id: 'globex', name: 'theirs' }],
    ['POST', '/v1/admin/tenants', { tenant_id: 'hooli', name: 'Hooli' }],
    ['POST', '/v1/admin/tenants', { tenant_id: 'acme', name: 'acme', parent_tenant_id: 'globex' }],
    ['PATCH', '/v1/admin/tenants/globex', { status: 'SUSPENDED' }],
    ['POST', '/v1/admin/budgets/freeze?tenant_id=acme&scope=tenant:globex&unit=TOKENS', {}],
    ['GET', '/admin/operators'],
    ['POST', '/admin/operators', { name: 'friend', roles: ['admin'] }],
    ['POST', '/admin/projections/all/rebuild'],
  ])('%s %s stays closed', async (method, path, ...[body]) => {
    expect((await as(token, method, path, body)).refused).toBe('403 FORBIDDEN');
  });

  it('hears what operators did about the tenant, whoever they are, and about no other', async () => {
    for (const tenant of ['acme', 'globex']) {
      await serving.asAdmin('PATCH', `/v1/admin/tenants/${tenant}`, { name: `${tenant} renamed` });
    }
    const heard = await as(token, 'GET', '/v1/admin/audit/logs?tenant_id=acme&operation=updateTenant');
    const about = (heard.at('logs') as { resource_id: string }[]).map((entry) => entry.resource_id);
    expect(new Set(about)).toEqual(new Set(['acme']));
  });

  it('cannot reach another tenant’s key by its id, whatever tenant is named beside it', async () => {
    const path = `/v1/admin/api-keys/${globexKey}`;
    expect((await as(token, 'DELETE', path)).refused).toBe('403 FORBIDDEN');
    expect((await as(token, 'DELETE', `${path}?tenant_id=acme`)).refused).toBe('403 FORBIDDEN');
    expect((await as(token, 'DELETE', '/v1/admin/api-keys/key_none')).refused).toBe('403 FORBIDDEN');
  });
});

describe('the operator log', () => {
  const logs = async (query: string) => {
    const answer = await serving.asAdmin('GET', `/v1/admin/audit/logs?${query}`);
    expect(answer.status).toBe(200);
    return answer.at('logs') as Record<string, unknown>[];
  };

  it(
    'says who did what to which tenant, for the admin key and for people',
    async () => {
      const { id, token } = await hire(['admin']);
      const trace = 'ab'.repeat(16);
      const headers = { authorization: `Bearer ${token}`, 'x-cycles-trace-id': trace };
      const body = { tenant_id: 'acme', name: 'logged' };
      const issued = await serving.ask('POST', '/v1/admin/api-keys', { body, headers });
      const [entry, ...others] = await logs(`trace_id=${trace}`);
      expect(others).toEqual([]);
      expect(entry).toMatchObject({
        tenant_id: '__admin__',
        operation: 'createApiKey',
        resource_type: 'api_key',
        resource_id: issued.at('key_id'),
        request_id: issued.headers.get('x-request-id'),
        status: 201,
        metadata: { operator_id: id, tenant_id: 'acme' },
      });
      const [added] = await logs(`operation=createOperator&resource_id=${id}`);
      expect(added).toMatchObject({ tenant_id: '__admin__', metadata: { roles: ['admin'] } });
      expect(JSON.stringify(await logs('limit=100'))).not.toContain('argon2id');
    },
    PATIENCE_MS,
  );

  it('counts failed authentications of a source as one entry, and names no password and no key', async () => {
    const secret = `cyc_live_${'z'.repeat(32)}`;
    const tries = Array.from({ length: 20 }, () =>
      serving.ask('GET', '/v1/balances?tenant=acme', { headers: { 'x-cycles-api-key': secret } }),
    );
    await Promise.all(tries);
    let entries: Record<string, unknown>[] = [];
    let ofKeys: Record<string, unknown>[] = [];
    // Nobody waits for it to be recorded but this test.
    while (ofKeys.length === 0) {
      entries = await logs('tenant_id=__unauth__&operation=authenticate');
      ofKeys = entries.filter(({ metadata }) => (metadata as { presented: string }).presented === 'api_key');
    }
    expect(ofKeys).toHaveLength(1);
    expect(ofKeys[0]).toMatchObject({ status: 401, error_code: 'UNAUTHORIZED', source_ip: '127.0.0.1' });
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('filters, sorts and pages as the protocol says', async () => {
    const operations = 'createTenant,createApiKey';
    const all = await logs(`operation=${operations}&sort_by=operation&sort_dir=asc&limit=100`);
    expect(all.length).toBeGreaterThan(3);
    const collected: unknown[] = [];
    let cursor = '';
    do {
      const query = `operation=${operations}&sort_by=operation&sort_dir=asc&limit=2${cursor}`;
      const page = await serving.asAdmin('GET', `/v1/admin/audit/logs?${query}`);
      collected.push(...(page.at('logs') as unknown[]));
      cursor = page.at('has_more') === true ? `&cursor=${String(page.at('next_cursor'))}` : '';
    } while (cursor !== '');
    expect(collected).toEqual(all);
    expect((await logs('status_min=400')).every(({ status }) => Number(status) >= 400)).toBe(true);
    expect((await logs('error_code_exclude=UNAUTHORIZED&limit=100')).length).toBeGreaterThan(3);
    expect(await logs('search=CREATETENANT&limit=100')).toHaveLength(
      (await logs('operation=createTenant&limit=100')).length,
    );
  });

  it.each([
    'status=200&status_min=100',
    'status_min=500&status_max=400',
    'status_min=99',
    'status_max=600',
    `search=${'x'.repeat(129)}`,
    `operation=${Array.from({ length: 26 }, (_, i) => `o${i}`).join(',')}`,
    'sort_by=amount',
    'trace_id=ABC',
    'cursor=bogus',
  ])('refuses %s', async (query) => {
    const answer = await serving.asAdmin('GET', `/v1/admin/audit/logs?${query}`);
    expect(answer.refused).toBe('400 INVALID_REQUEST');
  });
});

describe('operators', () => {
  it(
    'keep their names for good, and are not added with what is not known',
    async () => {
      const { id, name } = await add(['viewer']);
      const twice = await serving.asAdmin('POST', '/admin/operators', { name, roles: ['viewer'] });
      expect(twice.refused).toBe('409 DUPLICATE_RESOURCE');
      await serving.asAdmin('DELETE', `/admin/operators/${id}`);
      expect((await serving.asAdmin('DELETE', `/admin/operators/${id}`)).at('status')).toBe('DISABLED');
      const again = await serving.asAdmin('POST', '/admin/operators', { name, roles: ['viewer'] });
      expect(again.refused).toBe('409 DUPLICATE_RESOURCE');
      expect((await serving.asAdmin('POST', `/admin/operators/${id}/reset`)).status).toBe(409);
      for (const body of [
        { name: 'no spaces', roles: ['viewer'] },
        { name: 'x', roles: [] },
        { name: 'x', roles: ['king'] },
        { name: 'x', roles: ['viewer'], tenants: [] },
        { name: 'x', roles: ['viewer'], groups: ['a b'] },
        { name: 'x', roles: ['viewer'], password: 'mine' },
      ]) {
        expect((await serving.asAdmin('POST', '/admin/operators', body)).refused).toBe('400 INVALID_REQUEST');
      }
    },
    PATIENCE_MS,
  );
});
