/** The audit API and people: whose answers it shows, and who may read it. */

import { Serving, type TenantClient } from './serving.js';

const PASSWORD = 'correct horse battery staple';
/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;

interface Person {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

let serving: Serving;
let acme: TenantClient;
let ada: Person;
let col: Person;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
  await serving.tenant('globex');
  await acme.budget('', 20, { unit: 'RISK_POINTS' });
  [ada, col] = await Promise.all([
    person('ada', { roles: ['approver'] }),
    person('col', { roles: ['auditor'], tenants: ['acme'] }),
  ]);
}, PATIENCE_MS);
afterAll(() => serving.stop());

async function person(name: string, rights: object): Promise<Person> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, ...rights });
  const password = String(added.at('one_time_password'));
  const body = { name, password, new_password: PASSWORD };
  const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
  const headers = { authorization: `Bearer ${String(signedIn.at('token'))}` };
  return { id: String(added.at('operator_id')), headers };
}

/** A deploy: tier 4, so that somebody is asked. */
const submit = () =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'test',
    session_id: 'release',
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
  });
const asCol = (path: string) => serving.ask('GET', path, { headers: col.headers });

describe('an approval', () => {
  it('is in the record, in its session and in the replay, with who answered', async () => {
    const asked = await submit();
    const approval = asked.at('approval.approval_id');
    const before = await asCol('/audit/sessions/release?tenant_id=acme');
    expect(before.body).toMatchObject({ open_approvals: 1, proposals: { pending: 1, total: 1 } });
    const answered = await serving.ask('POST', `/admin/approvals/${String(approval)}/answer`, {
      body: { answer: 'approve', note: 'go on' },
      headers: ada.headers,
    });
    expect(answered.status).toBe(200);
    const ran = await submit();
    expect(ran.at('decision')).toBe('ALLOW');

    const found = await asCol(`/audit/actions?tenant_id=acme&approver=${ada.id}`);
    const answer = { operator_id: ada.id, answer: 'approve', channel: 'api' };
    const authorized = { approval: { approval_id: approval, status: 'CONSUMED', answers: [answer] } };
    expect(found.at('actions')).toMatchObject([
      { action_id: ran.at('tool_call_id'), decided: { decision: 'ALLOW' }, authorized },
      { action_id: asked.at('tool_call_id'), decided: { decision: 'PENDING' }, authorized },
    ]);
    expect((await asCol(`/audit/actions?tenant_id=acme&approver=${col.id}`)).at('actions')).toEqual([]);

    const session = await asCol('/audit/sessions/release?tenant_id=acme');
    expect(session.body).toMatchObject({ open_approvals: 0, proposals: { pending: 1, allowed: 1 } });
    const told = (await asCol('/audit/sessions/release/replay?tenant_id=acme')).at('steps') as {
      kind: string;
    }[];
    expect(told.filter(({ kind }) => kind === 'approval')).toMatchObject([
      { approval: 'requested', approval_id: approval, action_id: asked.at('tool_call_id') },
      { approval: 'granted', operator_id: ada.id, note: 'go on' },
      { approval: 'consumed', allowed: ran.at('tool_call_id') },
    ]);
    expect(told.filter(({ kind }) => kind === 'budget')).toMatchObject([
      { budget: 'funded', amount: 30, operator_id: ada.id, by: { operator_id: ada.id } },
    ]);
    const held = { before: { reserved: 0, remaining: 50 }, after: { reserved: 50, remaining: 0 } };
    expect(told.at(-1)).toMatchObject({ kind: 'hold', amount: 50, balances: [held] });
  });
});

describe('an auditor of some tenants', () => {
  const PATHS = [
    '/audit/actions?tenant_id=TENANT',
    '/audit/sessions?tenant_id=TENANT',
    '/audit/export?tenant_id=TENANT',
    '/audit/tenants/TENANT/state',
    '/audit/shadow-report?tenant_id=TENANT',
  ];

  it.each(PATHS)('reads %s of theirs, and of nobody else', async (path) => {
    expect((await asCol(path.replace('TENANT', 'acme'))).status).toBe(200);
    expect((await asCol(path.replace('TENANT', 'globex'))).status).toBe(403);
  });

  it('names the tenant, always', async () => {
    for (const path of ['/audit/actions', '/audit/sessions', '/audit/export'])
      expect((await asCol(path)).status).toBe(403);
    const other = await asCol('/audit/sessions/release/replay?tenant_id=globex');
    expect(other.status).toBe(403);
  });

  it('changes nothing', async () => {
    const patched = await serving.ask('PATCH', '/v1/admin/tenants/acme', {
      body: { name: 'Changed' },
      headers: col.headers,
    });
    expect(patched.status).toBe(403);
  });

  it.each(PATHS)('has %s to themselves: neither a key nor an approver reads it', async (path) => {
    const asked = path.replace('TENANT', 'acme');
    expect((await acme.ask('GET', asked)).status).toBe(401);
    expect((await serving.ask('GET', asked, { headers: ada.headers })).status).toBe(403);
  });
});
