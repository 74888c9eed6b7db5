/** Tool calls over HTTP: assessed, decided, held, recorded, signed, and settled by their outcome. */

import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import { actionHashOf, type GateCall } from '../../src/integrations/gate-call.js';
import { GateServer, shell, submission } from './gate-server.js';

const VOLUME = '3d2c42fb-9a1e-4c57-8f0b-6e7d1c2b5a94';
const INCIDENT = `curl -X POST https://backboard.railway.app/graphql/v2 \\
  -H "Authorization: Bearer 7f2c9d1e-secret-token" \\
  -d '{"query":"mutation { volumeDelete(volumeId: \\"${VOLUME}\\") }"}'`;

describe('the gate', () => {
  let server: GateServer;
  let key: string;

  beforeAll(async () => {
    server = await GateServer.start();
    await server.sessions('ide', 100);
    key = await server.key();
  });
  afterAll(() => server.remove());

  it('holds what a call costs, and says what remains of the session', async () => {
    const { status, body } = await server.submit(key, { session_id: 's-hold' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tool_call_id: expect.stringMatching(/^dec_/),
      decision: 'ALLOW',
      assessment: { tier: 2, risk_points: 5 },
      reservations: [{ amount: { unit: 'RISK_POINTS', amount: 5 } }],
      session: {
        scope: 'tenant:acme/app:ide/workflow:s-hold',
        unit: 'RISK_POINTS',
        allocated: 100,
        remaining: 95,
      },
      tenant: 'acme',
    });
    expect(body).not.toHaveProperty('reason_code');
    expect(body).not.toHaveProperty('approval');
    expect(body['message']).toBe('Allowed: it holds 5 risk points, and 95 of 100 remain for this session.');
  });

  it('allows what costs nothing without holding anything, and records it', async () => {
    const { body } = await server.submit(key, { session_id: 's-free', tool: shell('git status') });
    expect(body).toMatchObject({ decision: 'ALLOW', reservations: [], assessment: { risk_points: 0 } });
    expect(await server.actions('s-free')).toMatchObject([{ decided: { decision: 'ALLOW' } }]);
  });

  it('refuses the nine-second call with 500 points, and keeps it without its token', async () => {
    const { body } = await server.submit(key, { session_id: 's-incident', tool: shell(INCIDENT) });
    expect(body).toMatchObject({
      decision: 'DENY',
      reason_code: 'RADIUS_REFUSED',
      assessment: { tier: 4, risk_points: 500, radius: 'system' },
      reservations: [],
    });
    expect(body['message']).toMatch(/ask a person to do it\.$/);
    const [record] = await server.actions('s-incident');
    const text = JSON.stringify(record);
    expect(record).toMatchObject({ decided: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' } });
    expect(text).toContain(VOLUME);
    expect(text).toContain('Bearer [redacted]');
    expect(text).not.toContain('secret-token');
    expect(JSON.stringify(body)).not.toContain('secret-token');
  });

  it('denies what the session’s budget cannot hold, whatever is tried', async () => {
    const session = { session_id: 's-spent' };
    const calls = Array.from({ length: 30 }, () => server.submit(key, session));
    const decisions = (await Promise.all(calls)).map(({ body }) => body['decision']);
    expect(decisions.filter((decision) => decision === 'ALLOW')).toHaveLength(20);
    const { body } = await server.submit(key, session);
    expect(body).toMatchObject({
      decision: 'DENY',
      reason_code: 'BUDGET_EXCEEDED',
      session: { remaining: 0 },
    });
  });

  it('denies even what costs nothing where there is no risk budget', async () => {
    await server.admin('POST', '/v1/admin/tenants', { tenant_id: 'bare', name: 'Bare' });
    const bare = await server.key({ tenant_id: 'bare' });
    const { status, body } = await server.submit(bare, { tool: shell('git status') });
    expect(status).toBe(200);
    expect(body).toMatchObject({ decision: 'DENY', reason_code: 'BUDGET_NOT_FOUND' });
    expect(body).not.toHaveProperty('session');
  });

  it('denies a call on the gate’s own data', async () => {
    const { body } = await server.submit(key, { tool: shell(`rm -rf ${server.dataDir}`) });
    expect(body).toMatchObject({ decision: 'DENY', reason_code: 'SELF_PROTECTION' });
  });

  it('asks for an app where the key fixes none, and refuses another than the fixed one', async () => {
    const open = await server.key({ fixed_subject: {} });
    expect(await server.submit(open)).toMatchObject({
      status: 400,
      body: { details: { field: 'subject.app' } },
    });
    expect(await server.submit(open, { subject: { app: 'ide' } })).toMatchObject({ status: 200 });
    expect(await server.submit(key, { subject: { app: 'roomier' } })).toMatchObject({ status: 403 });
  });

  it('holds money beside the points, both or neither', async () => {
    const money = { unit: 'USD_MICROCENTS', amount: 1000 };
    const session_id = 's-money';
    const denied = await server.submit(key, { session_id, estimate: money });
    expect(denied.body).toMatchObject({
      decision: 'DENY',
      reason_code: 'BUDGET_NOT_FOUND',
      reservations: [],
    });
    expect(denied.body['session']).toBeUndefined();
    const scope = { tenant_id: 'acme', scope: 'tenant:acme/app:ide', unit: money.unit };
    const budget = { ...scope, allocated: { ...money, amount: 5000 } };
    expect(await server.admin('POST', '/v1/admin/budgets', budget)).toMatchObject({ status: 201 });
    const { body } = await server.submit(key, { session_id, estimate: money });
    expect(body).toMatchObject({
      decision: 'ALLOW',
      reservations: [{ amount: { unit: 'RISK_POINTS', amount: 5 } }, { amount: money }],
    });
  });

  it('signs its answer for this request’s nonce, over a hash that the client can compute', async () => {
    const call = submission({ nonce: 'n-1', files: [file('a.sql', 'SELECT 1')] });
    const { body } = await server.post(key, '/gate/tool-calls', call);
    const asked = { ...call, tool: { ...(call['tool'] as object), server: null } } as unknown as GateCall;
    expect(body['action_hash']).toBe(actionHashOf('acme', asked));
    const response = await fetch(`${server.url}/v1/.well-known/cycles-jwks.json`);
    const { keys } = (await response.json()) as { keys: { x: string }[] };
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: keys[0]?.x ?? '' },
      format: 'jwk',
    });
    const signed = `n-1\n${body['action_hash']}\n${body['decision']}\n${body['signed_at_ms']}`;
    const signature = Buffer.from(String(body['signature']), 'base64url');
    expect(verify(null, Buffer.from(signed), publicKey, signature)).toBe(true);
  });

  describe('asked again under the same key', () => {
    it('replays an ALLOW, with a signature for the new nonce', async () => {
      const call = submission({ nonce: 'first' });
      const first = await server.post(key, '/gate/tool-calls', call);
      const again = await server.post(key, '/gate/tool-calls', { ...call, nonce: 'second', wait_ms: 10 });
      expect(again.body).toMatchObject({
        tool_call_id: first.body['tool_call_id'],
        reservations: first.body['reservations'],
      });
      expect(again.body['signature']).not.toBe(first.body['signature']);
    });

    it('refuses another call', async () => {
      const call = submission();
      await server.post(key, '/gate/tool-calls', call);
      const other = await server.post(key, '/gate/tool-calls', { ...call, cwd: '/elsewhere' });
      expect(other).toMatchObject({ status: 409, body: { error: 'IDEMPOTENCY_MISMATCH' } });
    });

    it('decides a denial anew', async () => {
      const call = submission({ tool: shell(INCIDENT) });
      const first = await server.post(key, '/gate/tool-calls', call);
      const again = await server.post(key, '/gate/tool-calls', call);
      expect(again.body).toMatchObject({ decision: 'DENY' });
      expect(first.body).toMatchObject({ decision: 'DENY' });
    });

    it('refuses once the outcome is known', async () => {
      const call = submission();
      const { body } = await server.post(key, '/gate/tool-calls', call);
      await server.post(key, `/gate/tool-calls/${body['tool_call_id']}/outcome`, { status: 'succeeded' });
      expect(await server.post(key, '/gate/tool-calls', call)).toMatchObject({ status: 409 });
    });

    it('takes the key from the header too, and refuses two that differ', async () => {
      const call = submission();
      const same = { 'x-idempotency-key': String(call['idempotency_key']) };
      expect(await server.post(key, '/gate/tool-calls', call, same)).toMatchObject({ status: 200 });
      const other = { 'x-idempotency-key': 'other' };
      expect(await server.post(key, '/gate/tool-calls', call, other)).toMatchObject({
        status: 400,
        body: { details: { field: 'idempotency_key' } },
      });
    });
  });

  describe('told the outcome', () => {
    const outcomeOf = async (session: string, outcome: object, by = key) => {
      const { body } = await server.submit(by, { session_id: session });
      return server.post(by, `/gate/tool-calls/${body['tool_call_id']}/outcome`, outcome);
    };

    it('charges the points as assessed and records what happened', async () => {
      const { status, body } = await outcomeOf('s-done', {
        status: 'succeeded',
        http_status: 200,
        exit_code: 0,
        output_sha256: 'a'.repeat(64),
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        status: 'succeeded',
        refunded: false,
        settled: [{ charged: { unit: 'RISK_POINTS', amount: 5 }, released: { amount: 0 } }],
      });
      expect(await server.actions('s-done')).toMatchObject([
        {
          outcome: { status: 'succeeded', http_status: 200, exit_code: 0, output_sha256: 'a'.repeat(64) },
          authorized: { holds: [{ status: 'COMMITTED', charged: 5 }] },
        },
      ]);
    });

    it('gives no points back on the word of the agent', async () => {
      const { body } = await outcomeOf('s-failed', { status: 'failed', error: 'exit 1' });
      expect(body).toMatchObject({ refunded: false, settled: [{ charged: { amount: 5 } }] });
    });

    it('gives them back on the word of a trusted key', async () => {
      const trusted = await server.key({ trusted: true });
      const { body } = await outcomeOf('s-trusted', { status: 'failed' }, trusted);
      expect(body).toMatchObject({
        refunded: true,
        settled: [{ charged: { amount: 0 }, released: { amount: 5 } }],
      });
    });

    it('takes secrets out of the error', async () => {
      await outcomeOf('s-leak', {
        status: 'failed',
        error: 'refused: Authorization: Bearer abcdef0123456789',
      });
      const text = JSON.stringify(await server.actions('s-leak'));
      expect(text).toContain('refused');
      expect(text).not.toContain('abcdef0123456789');
    });

    it('replays the same outcome and refuses another', async () => {
      const { body } = await server.submit(key);
      const path = `/gate/tool-calls/${body['tool_call_id']}/outcome`;
      const first = await server.post(key, path, { status: 'succeeded' });
      expect(await server.post(key, path, { status: 'succeeded' })).toEqual(first);
      expect(await server.post(key, path, { status: 'failed' })).toMatchObject({ status: 409 });
    });

    it('knows no outcome of a call that was denied or never made', async () => {
      const { body } = await server.submit(key, { tool: shell(INCIDENT) });
      const denied = `/gate/tool-calls/${body['tool_call_id']}/outcome`;
      expect(await server.post(key, denied, { status: 'succeeded' })).toMatchObject({ status: 409 });
      const unknown = '/gate/tool-calls/dec_01HZZZZZZZZZZZZZZZZZZZZZZZ/outcome';
      expect(await server.post(key, unknown, { status: 'succeeded' })).toMatchObject({ status: 404 });
    });

    it('leaves the hold to nobody else', async () => {
      const { body } = await server.submit(key);
      const [hold] = body['reservations'] as { reservation_id: string }[];
      const runtime = await server.key({ permissions: ['reservations:commit', 'reservations:release'] });
      const path = `/v1/reservations/${hold?.reservation_id}`;
      const settle = { idempotency_key: randomUUID(), actual: { unit: 'RISK_POINTS', amount: 0 } };
      expect(await server.post(runtime, `${path}/commit`, settle)).toMatchObject({ status: 403 });
      const release = { idempotency_key: randomUUID() };
      expect(await server.post(runtime, `${path}/release`, release)).toMatchObject({ status: 403 });
    });
  });

  describe('asked to assess', () => {
    it('says what it would cost and records nothing', async () => {
      const before = await server.admin('GET', '/audit/actions?tenant_id=acme&limit=1');
      const { status, body } = await server.post(key, '/gate/assessments', { tool: shell(INCIDENT) });
      expect(status).toBe(200);
      expect(body).toMatchObject({ tier: 4, risk_points: 500, radius: 'system' });
      expect(await server.admin('GET', '/audit/actions?tenant_id=acme&limit=1')).toEqual(before);
    });

    it('wants the same permission as a tool call', async () => {
      const reader = await server.key({ permissions: ['balances:read'] });
      const refused = { status: 403, body: { error: 'FORBIDDEN' } };
      expect(await server.post(reader, '/gate/assessments', { tool: shell('ls') })).toMatchObject(refused);
      expect(await server.submit(reader)).toMatchObject(refused);
    });
  });

  it.each<[string, object, string]>([
    ['an unknown field', { score: 1 }, 'score'],
    ['a score of the client’s own', { tool: { ...shell('ls'), tier: 0 } }, 'tool.tier'],
    ['no tool', { tool: undefined }, 'tool'],
    ['a tool without input', { tool: { name: 'Shell' } }, 'tool.input'],
    ['a session with a slash', { session_id: 'a/b' }, 'session_id'],
    ['a toolset of the client’s choice', { subject: { toolset: 'roomy' } }, 'subject.toolset'],
    ['a tenant of the client’s choice', { subject: { tenant: 'other' } }, 'subject.tenant'],
    ['a nonce with a newline', { nonce: 'a\nb' }, 'nonce'],
    ['a wait beyond ten minutes', { wait_ms: 600_001 }, 'wait_ms'],
    ['a negative estimate', { estimate: { unit: 'TOKENS', amount: -1 } }, 'estimate.amount'],
    ['a fractional estimate', { estimate: { unit: 'TOKENS', amount: 0.5 } }, 'estimate.amount'],
    ['an estimate of risk', { estimate: { unit: 'RISK_POINTS', amount: 1 } }, 'estimate.unit'],
    ['a digest of another content', { files: [{ ...file('a', 'x'), content: 'y' }] }, 'files.0.sha256'],
    ['a context that is no text', { context: { environment: 1 } }, 'context.environment'],
  ])('refuses %s, naming the field', async (_what, changes, field) => {
    const { status, body } = await server.submit(key, changes);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'INVALID_REQUEST', details: { field } });
  });

  it('refuses an argument that no reader could keep exact', async () => {
    const call = JSON.stringify(submission({ tool: { name: 'send', input: { id: 0 } } }));
    const response = await fetch(`${server.url}/gate/tool-calls`, {
      method: 'POST',
      headers: { 'x-cycles-api-key': key, 'content-type': 'application/json' },
      body: call.replace('"id":0', '"id":9007199254740993'),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ details: { field: 'tool.input' } });
  });

  it('keeps secrets out of the recorded context', async () => {
    const context = { note: 'postgres://app:hunter2-secret@db.example.com/shop' };
    await server.submit(key, { session_id: 's-context', context });
    const text = JSON.stringify(await server.actions('s-context'));
    expect(text).toContain('db.example.com');
    expect(text).not.toContain('hunter2-secret');
  });

  it('reads the files that come with a call', async () => {
    const tool = shell('psql -f wipe.sql');
    const { body } = await server.submit(key, { tool, files: [file('wipe.sql', 'DROP DATABASE shop')] });
    expect(body).toMatchObject({ decision: 'DENY', assessment: { risk_points: 500 } });
  });

  it('takes bodies of up to 4 MiB and answers those of a long command too', async () => {
    const tool = shell(`echo ${'a '.repeat(100_000)}`);
    expect(await server.submit(key, { tool })).toMatchObject({ status: 200 });
    const huge = await server.submit(key, { tool: shell('x'.repeat(4 * 1024 * 1024)) });
    expect(huge).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } });
  });

  it('wants a key', async () => {
    expect(await server.post('cyc_live_unknown', '/gate/tool-calls', submission())).toMatchObject({
      status: 401,
    });
  });

  it('shows the audit record to operators only', async () => {
    const response = await fetch(`${server.url}/audit/actions`, { headers: { 'x-cycles-api-key': key } });
    expect(response.status).toBe(401);
    const { body } = await server.submit(key);
    const found = await server.admin('GET', `/audit/actions/${body['tool_call_id']}`);
    expect(found.body).toMatchObject({
      action_id: body['tool_call_id'],
      carried_by: { actor_type: 'api_key' },
    });
    expect(await server.admin('GET', '/audit/actions/dec_none')).toMatchObject({ status: 404 });
    expect(await server.admin('GET', '/audit/actions?limit=0')).toMatchObject({ status: 400 });
    expect(await server.admin('GET', '/audit/actions?cursor=zzz')).toMatchObject({ status: 400 });
  });
});

function file(path: string, content: string) {
  return { path, content, sha256: createHash('sha256').update(content).digest('hex') };
}
