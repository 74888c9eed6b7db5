/** Tools, operators' rules and environments over HTTP, and what they change at the gate. */

import { GateServer, type Reply, TENANT } from './gate-server.js';

let server: GateServer;
let key: string;
beforeAll(async () => {
  server = await GateServer.start();
  await server.sessions('ide', 1_000);
  key = await server.key();
});
afterAll(() => server.remove());

const put = (path: string, body: object): Promise<Reply> =>
  server.admin('POST', `/admin/${path}`, { tenant_id: TENANT, ...body });
const get = (path: string): Promise<Reply> => server.admin('GET', `/admin/${path}?tenant_id=${TENANT}`);
const drop = (path: string): Promise<Reply> => server.admin('DELETE', `/admin/${path}?tenant_id=${TENANT}`);

const assessed = async (tool: object): Promise<Record<string, unknown>> =>
  (await server.post(key, '/gate/assessments', { tool })).body;
const ran = (command: string) => assessed({ name: 'Shell', input: { command } });

let calls = 0;
const submitted = (tool: object): Promise<Reply> => {
  calls += 1;
  return server.post(key, '/gate/tool-calls', {
    idempotency_key: `registry-${calls}`,
    harness: 'test',
    session_id: 'run',
    tool,
  });
};

describe('a tool', () => {
  const REFUND = {
    name: 'refund_*',
    server: 'billing',
    toolset: 'payments',
    action_kind: 'payment.refund',
    points: 30,
    profile: { regulation: 1.5 },
    argument_hints: [{ argument: 'statement', is: 'sql' }],
    requires_approval: true,
  };

  it('is registered, shown, registered anew and removed', async () => {
    const made = await put('tools', REFUND);
    expect(made).toMatchObject({
      status: 201,
      body: { ...REFUND, profile: { audience: 1, sensitivity: 1, regulation: 1.5, reputation: 1 } },
    });
    const path = `tools/${String(made.body['tool_id'])}`;
    expect((await put('tools', REFUND)).status).toBe(200);
    expect((await put('tools', { ...REFUND, points: 31 })).status).toBe(201);
    expect((await get('tools')).body['tools']).toEqual([expect.objectContaining({ points: 31 })]);
    expect((await get(path)).body).toMatchObject({ name: 'refund_*', points: 31 });
    expect((await drop(path)).body).toMatchObject({ points: 31 });
    expect([(await get(path)).status, (await drop(path)).status]).toEqual([404, 404]);
    expect((await get('tools')).body).toEqual({ tools: [] });
  });

  it('gives its calls their toolset, kind and points from the next one on', async () => {
    const tool = { name: 'refund_order', server: 'billing', input: { order: '7' } };
    expect(await assessed(tool)).toMatchObject({ tier: 4, risk_points: 50 });
    await put('tools', REFUND);
    expect(await assessed(tool)).toMatchObject({
      tier: 3,
      risk_points: 45,
      action_kind: 'payment.refund',
      factors: [{ name: 'regulation', value: 1.5 }],
    });
    // It is registered as one that needs approval, and there is nobody to give it.
    const asked = await submitted(tool);
    expect(asked.body).toMatchObject({ decision: 'DENY', reason_code: 'APPROVAL_UNAVAILABLE' });
    await put('tools', { ...REFUND, requires_approval: false });
    const { body } = await submitted(tool);
    expect(body).toMatchObject({ decision: 'ALLOW', assessment: { risk_points: 45 } });
    const { body: action } = await server.admin(
      'GET',
      `/audit/actions/${String(body['tool_call_id'])}?tenant_id=${TENANT}`,
    );
    expect(JSON.stringify(action)).toContain('toolset:payments');
    expect(await assessed({ ...tool, input: { statement: 'DROP DATABASE shop' } })).toMatchObject({
      tier: 4,
      risk_points: 500,
    });
  });

  it.each([
    ['name', { name: 'two words' }],
    ['tier', { tier: 5 }],
    ['points', { tier: 1, points: 1 }],
    ['profile.audience', { profile: { audience: 2.5 } }],
    ['toolset', { toolset: 'a/b' }],
    ['action_kind', { action_kind: 'no.such' }],
    ['argument_hints.0.is', { argument_hints: [{ argument: 'a', is: 'prose' }] }],
    ['argument_hints.0.argument', { argument_hints: [{ argument: '__proto__', is: 'sql' }] }],
  ])('with a wrong %s is refused, naming it', async (field, wrong) => {
    const { status, body } = await put('tools', { name: 'x', ...wrong });
    expect([status, body['error'], body['details']]).toMatchObject([400, 'INVALID_REQUEST', { field }]);
  });
});

describe('a rule', () => {
  it('raises from the next call on, is seen in long calls too, and ends when it is removed', async () => {
    const made = await put('risk-rules', {
      name: 'shops',
      program: { name: 'acmectl', words: ['reset'] },
      tier: 4,
      radius: 'system',
      reason: 'It resets every shop.',
    });
    expect(made.status).toBe(201);
    const short = await ran('acmectl reset --all');
    expect(short).toMatchObject({ tier: 4, risk_points: 500, radius: 'system' });
    const padding = Array.from({ length: 400 }, (_, at) => `echo ${at}`).join('\n');
    const long = await ran(`${padding}\nacmectl reset --all`);
    expect(long).toMatchObject({ tier: 4, risk_points: 500 });
    expect((await submitted({ name: 'Shell', input: { command: 'acmectl reset' } })).body).toMatchObject({
      decision: 'DENY',
      reason_code: 'RADIUS_REFUSED',
    });
    await drop(`risk-rules/${String(made.body['rule_id'])}`);
    expect(await ran('acmectl reset --all')).toMatchObject({ tier: 1 });
    expect(await ran(`${padding}\nacmectl reset --all`)).toMatchObject({ tier: 1 });
  });

  it('lowers only when it says so, and is named in what it lowered', async () => {
    const rule = {
      name: 'preview',
      program: { name: 'dropdb', words: ['preview'] },
      tier: 1,
      radius: 'object',
    };
    await put('risk-rules', { ...rule, reason: 'The preview is made anew each night.' });
    expect(await ran('dropdb preview')).toMatchObject({ risk_points: 500 });
    await put('risk-rules', { ...rule, lowers: true, reason: 'The preview is made anew each night.' });
    const lowered = await ran('dropdb preview');
    expect(lowered).toMatchObject({ tier: 1, risk_points: 1 });
    expect(lowered['factors']).toEqual([
      {
        name: 'rule',
        value: 1,
        reason: expect.stringContaining('“preview” lowered this from tier 4 to 1: The preview is made anew'),
      },
    ]);
    expect(await ran('dropdb shop')).toMatchObject({ risk_points: 500 });
  });

  it.each([
    ['program', { tier: 4 }],
    ['program', { tier: 4, program: { name: 'a' }, request: { host: 'a.example' } }],
    ['words', { tier: 1, lowers: true, program: { name: 'a' } }],
    ['request.method', { tier: 4, request: { host: 'a.example', method: 'post' } }],
    ['tier', { program: { name: 'a' } }],
  ])('with a wrong %s is refused, naming it', async (field, wrong) => {
    const { status, body } = await put('risk-rules', { name: 'x', reason: 'It is so.', ...wrong });
    expect([status, body['details']]).toMatchObject([400, { field }]);
  });
});

describe('an environment', () => {
  const UPDATE = `psql -d prod-copy -c "UPDATE users SET name = 'x' WHERE id = 7"`;

  it('lowers and raises the factor from the next call on', async () => {
    expect(await ran(UPDATE)).toMatchObject({ risk_points: 60 });
    const name = { kind: 'name', value: 'prod-copy' };
    const made = await put('environments', { ...name, environment: 'staging' });
    expect(made).toMatchObject({ status: 201, body: { ...name, environment: 'staging' } });
    expect(await ran(UPDATE)).toMatchObject({ risk_points: 20 });
    await drop(`environments/${String(made.body['environment_id'])}`);
    expect(await ran(UPDATE)).toMatchObject({ risk_points: 60 });
  });

  it('of everything is refused', async () => {
    for (const value of ['*', '*.example', 'a b']) {
      const refused = await put('environments', { kind: 'host', value, environment: 'staging' });
      expect([refused.status, refused.body['details']]).toMatchObject([400, { field: 'value' }]);
    }
  });
});

describe('the registry', () => {
  it('is one tenant’s own', async () => {
    await server.admin('POST', '/v1/admin/tenants', { tenant_id: 'other', name: 'Other' });
    await put('risk-rules', { name: 'ls', program: { name: 'ls' }, tier: 3, reason: 'It is so.' });
    const tool = { name: 'Shell', input: { command: 'ls' } };
    const asOperator = (tenant: string) =>
      server.admin('POST', '/gate/assessments', { tenant_id: tenant, tool });
    expect((await asOperator(TENANT)).body).toMatchObject({ tier: 3 });
    expect((await asOperator('other')).body).toMatchObject({ tier: 0 });
    expect((await asOperator('nobody')).status).toBe(404);
    expect((await server.post(key, '/gate/assessments', { tenant_id: 'other', tool })).status).toBe(400);
  });

  it('is written in the operator log', async () => {
    const wanted = ['registerTool', 'removeTool', 'setRiskRule', 'removeRiskRule', 'registerEnvironment'];
    const { body } = await server.admin('GET', '/v1/admin/audit/logs?limit=100');
    const operations = (body['logs'] as { operation: string }[]).map(({ operation }) => operation);
    expect(operations).toEqual(expect.arrayContaining(wanted));
  });
});
