/** Attacks on approvals and their pages: refused or harmless, and nothing runs. */

import { createHash } from 'node:crypto';
import { answer } from './approvers.js';
import { Serving, type TenantClient } from './serving.js';

const PASSWORD = 'correct horse battery staple';
/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;

interface Visitor {
  readonly operatorId: string;
  readonly cookie: string;
  readonly csrf: string;
  readonly bearer: Readonly<Record<string, string>>;
}

let serving: Serving;
let acme: TenantClient;
let ada: Visitor;
let bea: Visitor;
let sessions = 0;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme', { permissions: ['reservations:create', 'balances:read'] });
  await acme.budget('', 100_000, { unit: 'RISK_POINTS' });
  ada = await visitor('ada');
  bea = await visitor('bea', { tenants: ['globex'] });
}, PATIENCE_MS);
afterAll(() => serving.stop());

/** Signs a person in by the form of the page, and for the API. */
async function visitor(name: string, limits: object = {}, roles = ['approver']): Promise<Visitor> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles, ...limits });
  const body = { name, password: String(added.at('one_time_password')), new_password: PASSWORD };
  const token = String((await serving.ask('POST', '/auth/sign-in', { body })).at('token'));
  const entered = await form('/sign-in', { name, password: PASSWORD, return_to: '/passkeys' });
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/passkeys']);
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await get('/passkeys', cookie);
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  return {
    operatorId: String(added.at('operator_id')),
    cookie,
    csrf,
    bearer: { authorization: `Bearer ${token}` },
  };
}

const get = (path: string, cookie: string): Promise<Response> =>
  fetch(`${serving.server.url}${path}`, { headers: { cookie }, redirect: 'manual' });

/** Sends a form as a browser does from a page of the server. */
const form = (
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${serving.server.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: serving.server.url, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });

const submit = (session: string, more: object = {}) =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'test',
    session_id: session,
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
    ...more,
  });

const fileAt = (path: string, content = 'echo') => ({
  path,
  content,
  sha256: createHash('sha256').update(content).digest('hex'),
});

/** A question in a session of its own. */
async function asked(more: object = {}): Promise<{ readonly session: string; readonly id: string }> {
  sessions += 1;
  const session = `attack-${sessions}`;
  const reply = await submit(session, more);
  expect(reply.at('decision')).toBe('PENDING');
  return { session, id: String(reply.at('approval.approval_id')) };
}

const statusOf = async (id: string) =>
  (await serving.ask('GET', `/admin/approvals/${id}`, { headers: ada.bearer })).at('status');

describe('an answer by the form of the page', () => {
  const YES = { answer: 'approve' };

  it('works for who may, and twice is once', async () => {
    const { id, session } = await asked();
    const fields = { ...YES, csrf_token: ada.csrf };
    const clicks = await Promise.all(
      [1, 2, 3].map(() => form(`/approvals/${id}/answer`, fields, { cookie: ada.cookie })),
    );
    expect(clicks.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await submit(session)).at('decision')).toBe('ALLOW');
    expect((await submit(session)).at('decision')).toBe('PENDING');
  });

  it.each<[string, () => [Record<string, string>, Record<string, string>], number]>([
    ['without a token of the form', () => [YES, { cookie: ada.cookie }], 403],
    [
      'with a token that is made up',
      () => [{ ...YES, csrf_token: 'x'.repeat(64) }, { cookie: ada.cookie }],
      403,
    ],
    [
      'with the token of another session',
      () => [{ ...YES, csrf_token: bea.csrf }, { cookie: ada.cookie }],
      403,
    ],
    [
      'from another site',
      () => [
        { ...YES, csrf_token: ada.csrf },
        { cookie: ada.cookie, origin: 'http://evil.example' },
      ],
      403,
    ],
    ['from nobody', () => [{ ...YES, csrf_token: ada.csrf }, {}], 401],
    [
      'of an approver of another tenant',
      () => [{ ...YES, csrf_token: bea.csrf }, { cookie: bea.cookie }],
      403,
    ],
    [
      'with too long a note',
      () => [{ ...YES, csrf_token: ada.csrf, note: 'x'.repeat(1_001) }, { cookie: ada.cookie }],
      400,
    ],
  ])('is refused %s', async (_how, made, status) => {
    const { id } = await asked();
    const [fields, headers] = made();
    const refused = await form(`/approvals/${id}/answer`, fields, headers);
    expect(refused.status).toBe(status);
    expect(await statusOf(id)).toBe('PENDING');
  });

  it('of the asking key is refused, whatever it sends along', async () => {
    const { id } = await asked();
    const refused = await acme.ask('POST', `/admin/approvals/${id}/answer`, { answer: 'approve' });
    expect(refused.status).toBe(401);
    const key = { 'x-cycles-api-key': acme.secret };
    const posted = await form(`/approvals/${id}/answer`, { ...YES, csrf_token: ada.csrf }, key);
    expect(posted.status).toBeGreaterThanOrEqual(400);
    const read = await fetch(`${serving.server.url}/approvals/${id}`, { headers: key, redirect: 'manual' });
    expect(await read.text()).not.toContain('csrf_token');
    const byAdmin = await serving.asAdmin('POST', `/admin/approvals/${id}/answer`, { answer: 'approve' });
    expect(byAdmin.status).toBe(401);
    expect(await statusOf(id)).toBe('PENDING');
  });

  it(
    'of somebody who was disabled after the page was shown is refused',
    async () => {
      const { id } = await asked();
      const cyd = await visitor('cyd');
      expect((await get(`/approvals/${id}`, cyd.cookie)).status).toBe(200);
      const off = await serving.asAdmin('DELETE', `/admin/operators/${cyd.operatorId}`);
      expect(off.status).toBe(200);
      const fields = { ...YES, csrf_token: cyd.csrf };
      expect((await form(`/approvals/${id}/answer`, fields, { cookie: cyd.cookie })).status).toBe(401);
      expect((await answer(serving, id, 'approve', cyd.bearer)).status).toBe(401);
      expect(await statusOf(id)).toBe('PENDING');
    },
    PATIENCE_MS,
  );

  it(
    'of somebody who lost the role after the page was shown is refused',
    async () => {
      const { id } = await asked();
      const dov = await visitor('dov');
      const changed = await serving.asAdmin('PATCH', `/admin/operators/${dov.operatorId}`, {
        roles: ['viewer'],
      });
      expect(changed.status).toBe(200);
      const fields = { ...YES, csrf_token: dov.csrf };
      expect(
        (await form(`/approvals/${id}/answer`, fields, { cookie: dov.cookie })).status,
      ).toBeGreaterThanOrEqual(303);
      expect(await statusOf(id)).toBe('PENDING');
    },
    PATIENCE_MS,
  );
});

describe('racing answers', () => {
  it('leave one outcome, and a call runs only on a yes', async () => {
    const { id, session } = await asked();
    await Promise.all(
      (['approve', 'reject', 'approve', 'reject'] as const).map((said) =>
        answer(serving, id, said, ada.bearer),
      ),
    );
    const outcome = await statusOf(id);
    expect(['APPROVED', 'REJECTED']).toContain(outcome);
    const decision = (await submit(session)).at('decision');
    expect(decision).toBe(outcome === 'APPROVED' ? 'ALLOW' : 'DENY');
  });

  it('of many requests for one approval let one run', async () => {
    const { id, session } = await asked();
    await answer(serving, id, 'approve', ada.bearer);
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => submit(session)));
    const decisions = replies.map((reply) => reply.at('decision'));
    expect(decisions.filter((decision) => decision === 'ALLOW')).toHaveLength(1);
    expect(decisions.filter((decision) => decision === 'PENDING')).toHaveLength(4);
  });
});

describe('an approval', () => {
  it.each<[string, object]>([
    ['another argument', { tool: { name: 'Shell', input: { command: 'npm publish ' + '--tag x' } } }],
    ['another directory', { cwd: '/elsewhere' }],
    ['another tool', { tool: { name: 'Bash', input: { command: 'npm publish' } } }],
    ['another server', { tool: { name: 'Shell', server: 's', input: { command: 'npm publish' } } }],
    ['a file', { files: [fileAt('a.sh')] }],
    ['another app', { subject: { app: 'other' } }],
    ['another agent', { subject: { app: 'ide', agent: 'x' } }],
  ])('is of no use with %s', async (_what, more) => {
    const { id, session } = await asked();
    await answer(serving, id, 'approve', ada.bearer);
    expect((await submit(session, more)).at('decision')).toBe('PENDING');
    expect(await statusOf(id)).toBe('APPROVED');
  });

  it('is of no use once the script that the call runs was rewritten', async () => {
    const tool = { name: 'Shell', input: { command: 'npm publish && sh build.sh' } };
    const { id, session } = await asked({ tool, files: [fileAt('build.sh', 'make')] });
    await answer(serving, id, 'approve', ada.bearer);
    const rewritten = await submit(session, { tool, files: [fileAt('build.sh', 'make; curl evil.example')] });
    expect(rewritten.at('decision')).toBe('PENDING');
    expect(rewritten.at('approval.approval_id')).not.toBe(id);
    expect(await statusOf(id)).toBe('APPROVED');
    const same = await submit(session, { tool, files: [fileAt('build.sh', 'make')] });
    expect(same.at('decision')).toBe('ALLOW');
  });

  it('is of no use in another session', async () => {
    const { id } = await asked();
    await answer(serving, id, 'approve', ada.bearer);
    expect((await submit(`elsewhere-${id}`)).at('decision')).toBe('PENDING');
    expect(await statusOf(id)).toBe('APPROVED');
  });

  it('is of no use to a tenant that is suspended', async () => {
    const { id, session } = await asked();
    await answer(serving, id, 'approve', ada.bearer);
    const status = (to: string) => serving.asAdmin('PATCH', '/v1/admin/tenants/acme', { status: to });
    expect((await status('SUSPENDED')).status).toBe(200);
    const denied = await submit(session);
    expect((await status('ACTIVE')).status).toBe(200);
    expect(denied.at('decision')).toBe('DENY');
    expect((await submit(session)).at('decision')).toBe('ALLOW');
  });
});

describe('a page', () => {
  const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e';

  it('shows hostile words as words', async () => {
    sessions += 1;
    const session = `hostile-${sessions}`;
    const reply = await submit(session, {
      harness: '<b>x</b>',
      tool: {
        name: `Shell${HOSTILE}`,
        server: `s${HOSTILE}`,
        input: { command: 'npm publish', [HOSTILE]: HOSTILE },
      },
      cwd: `/repo/${HOSTILE}`,
      context: { environment: 'production' },
      files: [fileAt(`a${HOSTILE}`)],
    });
    const id = reply.at('approval.approval_id');
    expect(reply.at('decision')).toBe('PENDING');
    for (const path of [`/approvals/${id}`, '/approvals']) {
      const page = await get(path, ada.cookie);
      const text = await page.text();
      expect(page.status).toBe(200);
      expect(text).not.toMatch(/<script>alert|<img|<b>x<\/b>/);
      expect(text).not.toContain('\u202e');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it.each([
    ['a list', ['npm publish']],
    ['a text', 'npm publish'],
    ['nothing', null],
    ['deep', { a: { b: [{ c: 'npm publish' }] } }],
    ['longer than a record usually keeps', { command: `# ${'x'.repeat(40_000)}\nnpm publish` }],
  ])('shows all of arguments that are %s', async (what, input) => {
    sessions += 1;
    const reply = await submit(`odd-${sessions}`, { tool: { name: 'deploy_to_production', input } });
    expect(reply.at('decision')).toBe('PENDING');
    const id = reply.at('approval.approval_id');
    const page = await get(`/approvals/${id}`, ada.cookie);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).not.toContain('This is not all of the call.');
    if (what !== 'nothing') expect(text).toContain('npm publish');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'http://evil.example',
    '/\t/evil.example',
    '/approvals\r\nX-Evil: 1',
    'javascript:alert(1)',
  ])(
    'goes nowhere else after signing in: %j',
    async (return_to) => {
      const entered = await form('/sign-in', { name: 'ada', password: PASSWORD, return_to });
      expect([entered.status, entered.headers.get('location')]).toEqual([303, '/approvals']);
      expect(entered.headers.get('x-evil')).toBeNull();
    },
    PATIENCE_MS,
  );

  it.each([
    '/approvals/apr_none',
    '/approvals/%00',
    '/approvals/%ff',
    '/approvals/..%2f..%2fadmin',
    `/approvals/${'x'.repeat(2_000)}`,
    '/sign-in?return_to=a&return_to=b',
  ])('of nothing is no failure of the server: %s', async (path) => {
    const page = await get(path, ada.cookie);
    expect(page.status).toBeLessThan(500);
    expect(page.headers.get('location')).toBeNull();
  });

  it('of another tenant is shown to nobody else', async () => {
    const { id } = await asked();
    for (const path of [`/approvals/${id}`, `/admin/approvals/${id}`]) {
      const headers = path.startsWith('/admin') ? bea.bearer : { cookie: bea.cookie };
      const seen = await fetch(`${serving.server.url}${path}`, { headers, redirect: 'manual' });
      expect(seen.status).toBe(403);
      expect(await seen.text()).not.toContain('npm publish');
    }
    const inbox = await (await get('/approvals', bea.cookie)).text();
    expect(inbox).not.toContain(id);
    for (const query of ['', '?tenant_id=acme', '?session_scope=tenant:acme/app:ide']) {
      const list = await serving.ask('GET', `/admin/approvals${query}`, { headers: bea.bearer });
      expect(list.status).toBe(403);
    }
    const own = await serving.ask('GET', '/admin/approvals?tenant_id=globex', { headers: bea.bearer });
    expect(own.at('approvals')).toEqual([]);
    const cancelled = await serving.ask('POST', `/admin/approvals/${id}/cancel`, {
      headers: bea.bearer,
      body: {},
    });
    expect(cancelled.status).toBe(403);
    expect(await statusOf(id)).toBe('PENDING');
  });
});
