/** Approvals over HTTP: a call waits, a person answers, it runs once; and everybody who may not answer. */

import { Serving, type TenantClient } from './serving.js';

const PASSWORD = 'correct horse battery staple';
/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;

let serving: Serving;
let acme: TenantClient;
let ada: Headers;
let bea: Headers;
let sessions = 0;

type Headers = Readonly<Record<string, string>>;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme', { permissions: ['reservations:create', 'balances:read'] });
  await acme.budget('', 1_000, { unit: 'RISK_POINTS' });
  [ada, bea] = await Promise.all([
    person('ada', ['approver']),
    person('bea', ['approver'], { tenants: ['globex'] }),
  ]);
}, PATIENCE_MS);
afterAll(() => serving.stop());

async function person(name: string, roles: readonly string[], limits: object = {}): Promise<Headers> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles, ...limits });
  const password = String(added.at('one_time_password'));
  const body = { name, password, new_password: PASSWORD };
  const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
  return { authorization: `Bearer ${String(signedIn.at('token'))}` };
}

const newSession = (): string => {
  sessions += 1;
  return `session-${sessions}`;
};

/** A deploy: tier 4, so that somebody is asked. */
const submit = (session: string, more: object = {}, command = 'npm publish') =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'test',
    session_id: session,
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command } },
    cwd: '/repo',
    ...more,
  });

const answer = (id: unknown, said: 'approve' | 'reject', who: Headers, note?: string) =>
  serving.ask('POST', `/admin/approvals/${String(id)}/answer`, {
    body: { answer: said, ...(note !== undefined && { note }) },
    headers: who,
  });

describe('a call that needs a person', () => {
  it('waits, is shown to who may answer, runs once on the answer, and is a new question after that', async () => {
    const session = newSession();
    const asked = await submit(session);
    expect(asked.body).toMatchObject({
      decision: 'PENDING',
      reason_code: 'APPROVAL_REQUIRED',
      reservations: [],
    });
    const id = asked.at('approval.approval_id');
    expect(asked.at('approval')).toEqual({
      approval_id: id,
      status: 'PENDING',
      expires_at_ms: expect.any(Number),
      url: expect.stringMatching(new RegExp(`^http://localhost:\\d+/approvals/${String(id)}$`)),
    });
    const shown = await serving.ask('GET', `/admin/approvals/${String(id)}`, { headers: ada });
    expect(shown.body).toMatchObject({
      status: 'PENDING',
      tier: 4,
      rule: { quorum: 1 },
      votes: 0,
      answers: [],
    });
    expect((await answer(id, 'approve', ada, 'go on')).body).toMatchObject({
      status: 'APPROVED',
      answers: [{ answer: 'approve', channel: 'api', note: 'go on', passkey: false }],
    });
    const ran = await submit(session);
    expect(ran.body).toMatchObject({ decision: 'ALLOW', approval: { approval_id: id, status: 'CONSUMED' } });
    const again = await submit(session);
    expect(again.body).toMatchObject({ decision: 'PENDING' });
    expect(again.at('approval.approval_id')).not.toBe(id);
  });

  it('is told once people have answered, while it waits', async () => {
    const session = newSession();
    const held = submit(session, { wait_ms: 60_000 });
    const id = await pendingOf(session);
    await answer(id, 'approve', ada);
    expect((await held).body).toMatchObject({ decision: 'ALLOW', approval: { approval_id: id } });
  });

  it('stays rejected for its session, and the agent is told why', async () => {
    const session = newSession();
    const id = (await submit(session)).at('approval.approval_id');
    await answer(id, 'reject', ada, 'not on a Friday');
    expect((await submit(session)).body).toMatchObject({
      decision: 'DENY',
      reason_code: 'APPROVAL_REJECTED',
    });
    const told = await acme.ask('GET', `/gate/approvals/${String(id)}`);
    expect(told.body).toMatchObject({ status: 'REJECTED', reason: 'not on a Friday' });
    expect(told.text).not.toContain('opr_');
  });

  it('keeps its answer for the next time when its asker has gone', async () => {
    const session = newSession();
    const left = new AbortController();
    const held = serving
      .ask('POST', '/gate/tool-calls', {
        body: {
          idempotency_key: acme.nextKey(),
          harness: 'test',
          session_id: session,
          subject: { app: 'ide' },
          tool: { name: 'Shell', input: { command: 'npm publish' } },
          cwd: '/repo',
          wait_ms: 60_000,
        },
        headers: { 'x-cycles-api-key': acme.secret },
        signal: left.signal,
      })
      .catch(() => null);
    const id = await pendingOf(session);
    left.abort();
    expect(await held).toBeNull();
    await answer(id, 'approve', ada);
    const shown = await serving.ask('GET', `/admin/approvals/${String(id)}`, { headers: ada });
    expect(shown.at('status')).toBe('APPROVED');
    expect((await submit(session)).body).toMatchObject({ decision: 'ALLOW' });
  });

  it('is withdrawn by who asked', async () => {
    const session = newSession();
    const id = (await submit(session)).at('approval.approval_id');
    const { body } = await acme.ask('POST', `/gate/approvals/${String(id)}/cancel`, {
      reason: 'changed my mind',
    });
    expect(body).toMatchObject({ status: 'CANCELLED', reason: 'changed my mind' });
    expect((await answer(id, 'approve', ada)).status).toBe(409);
  });
});

describe('an answer', () => {
  let id: unknown;
  beforeAll(async () => {
    id = (await submit(newSession())).at('approval.approval_id');
  });

  it.each<[string, () => Headers, number]>([
    ['the admin key', () => ({ 'x-admin-api-key': serving.server.adminKey }), 401],
    ['the agent’s own key', () => ({ 'x-cycles-api-key': acme.secret }), 401],
    ['nobody', () => ({}), 401],
    ['an approver of another tenant', () => bea, 403],
  ])('of %s counts for nothing', async (_who, headers, status) => {
    for (const said of ['approve', 'reject'] as const) {
      expect((await answer(id, said, headers())).status).toBe(status);
    }
    const shown = await serving.ask('GET', `/admin/approvals/${String(id)}`, { headers: ada });
    expect(shown.body).toMatchObject({ status: 'PENDING', answers: [] });
  });

  it('given twice, or by two at the same time, is one answer', async () => {
    const both = await Promise.all([answer(id, 'approve', ada), answer(id, 'approve', ada)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const shown = await serving.ask('GET', `/admin/approvals/${String(id)}`, { headers: ada });
    expect(shown.at('votes')).toBe(1);
    expect((await answer(id, 'reject', ada)).status).toBe(404);
  });

  it.each([
    ['answer', {}],
    ['answer', { answer: 'maybe' }],
    ['note', { answer: 'approve', note: 'x'.repeat(1_001) }],
    ['why', { answer: 'approve', why: 'x' }],
  ])('with a wrong %s is refused, naming it', async (field, body) => {
    const wrong = await serving.ask('POST', `/admin/approvals/${String(id)}/answer`, { body, headers: ada });
    expect([wrong.status, wrong.at('details.field')]).toEqual([400, field]);
  });
});

describe('another tenant’s agent', () => {
  it('sees nothing of an approval, waits for none and withdraws none', async () => {
    const id = String((await submit(newSession())).at('approval.approval_id'));
    const globex = await serving.tenant('globex', { permissions: ['reservations:create'] });
    expect((await globex.ask('GET', `/gate/approvals/${id}?wait_ms=60000`)).status).toBe(404);
    expect((await globex.ask('POST', `/gate/approvals/${id}/cancel`, {})).status).toBe(404);
  });
});

/** The approval that a session waits for, once it does. */
async function pendingOf(session: string): Promise<string> {
  for (;;) {
    const { body } = await serving.ask(
      'GET',
      `/admin/approvals?status=PENDING&session_scope=tenant:acme/app:ide/workflow:${session}`,
      { headers: ada },
    );
    const [found] = (body as { approvals: { approval_id: string }[] }).approvals;
    if (found !== undefined) return found.approval_id;
  }
}
