/** The audit API: sessions and the record with its filters, for auditors and nobody else. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`audited-${tenants}`);
  await acme.budget('', 1_000, { unit: 'RISK_POINTS' });
});

const run = (command: string, more: object = {}) =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'cursor',
    session_id: 'Run-1',
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command } },
    cwd: '/repo',
    ...more,
  });
const ask = (path: string) =>
  serving.asAdmin('GET', `${path}${path.includes('?') ? '&' : '?'}tenant_id=${acme.tenantId}`);

describe('the audit record', () => {
  it('answers five questions of one call in one row', async () => {
    const denied = await run('railway volume delete --volume 3d2c42fb');
    const { status, body } = await ask('/audit/actions?decision=DENY&tier=4&text=VOLUME');
    expect(status).toBe(200);
    const { actions } = body as { actions: Record<string, Record<string, unknown>>[] };
    expect(actions).toMatchObject([
      {
        action_id: denied.at('tool_call_id'),
        proposed: { session_id: 'run-1', tool_call: { harness: 'cursor', tool: { name: 'Shell' } } },
        decided: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
        authorized: { at_ms: null, holds: [], approval: null },
        outcome: null,
        carried_by: { actor_type: 'api_key', key_id: acme.keyId },
      },
    ]);
  });

  it.each([
    ['decision=MAYBE', 'decision'],
    ['tier=5', 'tier'],
    ['outcome=fine', 'outcome'],
    ['operation=drop', 'operation'],
    ['dimension=team', 'dimension'],
    ['trace_id=xyz', 'trace_id'],
    ['from=yesterday', 'from'],
    ['from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z', 'from'],
    ['to=2026-02-30T00:00:00Z', 'to'],
    ['text=a', 'text'],
    ['colour=red', 'colour'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['cursor=nonsense', 'cursor'],
  ])('refuses %s, naming %s', async (query, field) => {
    const refused = await ask(`/audit/actions?${query}`);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('refuses the cursor of another question', async () => {
    for (let n = 0; n < 2; n++) await run('ls');
    const first = await ask('/audit/actions?limit=1');
    const cursor = String(first.at('next_cursor'));
    expect((await ask(`/audit/actions?limit=1&cursor=${cursor}`)).status).toBe(200);
    const refused = await ask(`/audit/actions?limit=1&tool=Shell&cursor=${cursor}`);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'cursor']);
  });

  it('shows every action once, page by page, while more arrive', async () => {
    const before = [];
    for (let n = 0; n < 7; n++) before.push((await run('ls')).at('tool_call_id'));
    const seen: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== undefined; ) {
      const page = await ask(`/audit/actions?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(page.at('actions') as { action_id: string }[]).map(({ action_id }) => action_id));
      cursor = page.at('next_cursor');
      await run('ls');
    }
    expect(seen).toEqual(before.reverse());
  });
});

describe('sessions', () => {
  it('are listed with what they used, and found by their tenant and id', async () => {
    await run('git push origin feature');
    await run('railway volume delete --volume 3d2c42fb');
    const session = {
      tenant_id: acme.tenantId,
      session_id: 'run-1',
      harness: 'cursor',
      key_id: acme.keyId,
      proposals: { total: 2, allowed: 1, denied: 1 },
      highest_tier: 4,
      used: [{ unit: 'RISK_POINTS', held: 5, charged: 0 }],
      open_approvals: 0,
    };
    expect((await ask('/audit/sessions')).body).toMatchObject({ sessions: [session], has_more: false });
    expect((await ask('/audit/sessions/RUN-1')).body).toMatchObject(session);
  });

  it('that nobody knows are not found', async () => {
    expect((await ask('/audit/sessions/none')).refused).toBe('404 NOT_FOUND');
  });

  it.each([
    ['/audit/sessions?tier_min=9', 'tier_min'],
    ['/audit/sessions?decision=NO', 'decision'],
    ['/audit/sessions?from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z', 'from'],
    ['/audit/sessions?tool=Shell', 'tool'],
    ['/audit/sessions?cursor=nonsense', 'cursor'],
  ])('refuse %s, naming %s', async (path, field) => {
    const refused = await ask(path);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('are named by their tenant, too', async () => {
    const refused = await serving.asAdmin('GET', '/audit/sessions/run-1');
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'tenant_id']);
  });

  it('are none of an API key’s business', async () => {
    expect((await acme.ask('GET', `/audit/sessions?tenant_id=${acme.tenantId}`)).status).toBe(401);
  });
});

describe('a replay', () => {
  it('tells a session step by step, with the balances before and after', async () => {
    const allowed = await run('git push origin feature');
    const id = String(allowed.at('tool_call_id'));
    await acme.ask('POST', `/gate/tool-calls/${id}/outcome`, { status: 'succeeded', exit_code: 0 });
    await run('railway volume delete --volume 3d2c42fb');
    const { status, body } = await ask('/audit/sessions/run-1/replay');
    expect(status).toBe(200);
    const risk = (spent: number, reserved: number) => ({
      allocated: 1_000,
      spent,
      reserved,
      debt: 0,
      remaining: 1_000 - spent - reserved,
    });
    const scope = `tenant:${acme.tenantId}`;
    const { steps } = body as { steps: { kind: string }[] };
    expect(steps.map(({ kind }) => kind)).toEqual(['proposal', 'hold', 'outcome', 'settlement', 'proposal']);
    expect(body).toMatchObject({
      complete: true,
      session: { session_id: 'run-1', proposals: { total: 2 } },
      steps: [
        { step: 1, decision: 'ALLOW', action_id: id, tool_call: { harness: 'cursor' }, balances: [] },
        { step: 2, amount: 5, balances: [{ scope, before: risk(0, 0), after: risk(0, 5) }] },
        { step: 3, status: 'succeeded', exit_code: 0, by: { key_id: acme.keyId } },
        { step: 4, status: 'COMMITTED', charged: 5, balances: [{ before: risk(0, 5), after: risk(5, 0) }] },
        { step: 5, decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
      ],
    });
  });

  it('ends at the revision or moment that is asked for', async () => {
    for (let n = 0; n < 3; n++) await run('ls');
    const whole = (await ask('/audit/sessions/run-1/replay')).at('steps') as {
      revision: number;
      at: string;
    }[];
    const second = whole[1];
    const until = (at: unknown) =>
      ask(`/audit/sessions/run-1/replay?at=${at}`).then((reply) => reply.at('steps') as unknown[]);
    expect(await until(second?.revision)).toEqual(whole.slice(0, 2));
    expect(await until('2020-01-01T00:00:00Z')).toEqual([]);
    expect((await until(whole.at(-1)?.at)).length).toBe(3);
  });

  it.each(['soon', '-1', '2026-02-30T00:00:00Z', '1e3'])('refuses %s as its place', async (at) => {
    await run('ls');
    for (const path of ['/audit/sessions/run-1/replay', `/audit/tenants/${acme.tenantId}/state`]) {
      const refused = await serving.asAdmin(
        'GET',
        `${path}?at=${at}${path.endsWith('replay') ? `&tenant_id=${acme.tenantId}` : ''}`,
      );
      expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'at']);
    }
  });
});

describe('a tenant’s state', () => {
  const stateAt = (at: unknown = '') =>
    serving.asAdmin('GET', `/audit/tenants/${acme.tenantId}/state${at === '' ? '' : `?at=${at}`}`);

  it('is what it was at a revision, with no secret in it', async () => {
    const reserved = await acme.reserve(5, { estimate: { unit: 'RISK_POINTS', amount: 5 } });
    const before = await stateAt();
    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'SUSPENDED' });
    expect((await stateAt()).at('tenant.status')).toBe('SUSPENDED');
    const revision = Number(before.at('ledger.revision'));
    expect((await stateAt(revision)).body).toEqual(before.body);
    expect((await stateAt(revision - 1)).at('reservations')).toEqual([]);
    expect(before.body).toMatchObject({
      tenant_id: acme.tenantId,
      complete: true,
      tenant: { status: 'ACTIVE' },
      budgets: [{ unit: 'RISK_POINTS', reserved: { amount: 5 }, remaining: { amount: 995 } }],
      reservations: [{ reservation_id: reserved.at('reservation_id') }],
      api_keys: [{ key_id: acme.keyId, status: 'ACTIVE' }],
      policies: [],
    });
    expect(before.text).not.toMatch(/secret|hash":"(?!.{64}"})/i);
    expect(before.text).not.toContain(acme.secret);
  });

  it('lies neither beyond its ledger nor before it', async () => {
    const beyond = await stateAt(99_999);
    expect([beyond.refused, beyond.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'at']);
    expect((await stateAt('2020-01-01T00:00:00Z')).refused).toBe('404 NOT_FOUND');
    for (const nobody of ['nobody-here', 'NO%20BODY']) {
      expect((await serving.asAdmin('GET', `/audit/tenants/${nobody}/state`)).refused).toBe('404 NOT_FOUND');
    }
  });
});
