/** Quota counters over HTTP: listed as they stand, and set back to nothing. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let policyId: string;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());

const PATH = '/v1/admin/action-quota-counters';
const email = (agent: string, run: string) => ({
  subject: { tenant: acme.tenantId, agent, dimensions: { run_id: run } },
  action: { kind: 'message.email.send', name: 'send' },
});
const scopeOf = (agent: string) => `tenant:${acme.tenantId}/agent:${agent}`;

beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`counted-${tenants}`);
  await acme.budget('', 1_000);
  const made = await serving.asAdmin('POST', '/v1/admin/policies', {
    tenant_id: acme.tenantId,
    name: 'mail',
    scope_pattern: `tenant:${acme.tenantId}/agent:*`,
    action_quotas: [{ action_kind: 'message.email.send', max_calls: 3, window: 'per_run' }],
    risk_class_quotas: [{ risk_class: 'external_side_effect', max_calls: 50, window: 'per_tenant_per_day' }],
    rate_limits: { max_reservations_per_minute: 1_000 },
  });
  policyId = String(made.at('policy_id'));
  for (const run of ['one', 'one', 'two']) await acme.held(1, email('bot', run));
  await acme.held(1, email('bot-2', 'three'));
});

const list = (query = ''): Promise<Reply> =>
  serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}${query}`);
const shown = (reply: Reply): string[] =>
  (reply.at('counters') as { action_kind: string; window_key: string; used: number }[])
    .map(
      ({ action_kind: kind, window_key: key, used }) => `${kind} ${kind === '__risk__' ? '' : key} ${used}`,
    )
    .sort();

describe('the counters', () => {
  it('are shown as they stand, in the protocol’s shape, without those of rate limits', async () => {
    const listed = await list();
    expect(shown(listed)).toEqual([
      '__risk__  4',
      'message.email.send one 2',
      'message.email.send three 1',
      'message.email.send two 1',
    ]);
    const counters = listed.at('counters') as Record<string, unknown>[];
    expect(counters.find((counter) => counter['window_key'] === 'one')).toEqual({
      action_kind: 'message.email.send',
      scope: scopeOf('bot'),
      scope_path: scopeOf('bot'),
      window: 'per_run',
      window_key: 'one',
      used: 2,
      limit: 3,
      remaining: 1,
      policy_id: policyId,
      expires_at: expect.any(String),
      last_incremented_at: expect.any(String),
    });
    expect(counters.find((counter) => counter['action_kind'] === '__risk__')).toMatchObject({
      risk_class: 'external_side_effect',
      scope: `tenant:${acme.tenantId}`,
      window: 'per_tenant_per_day',
      limit: 50,
      policy_id: policyId,
    });
    if (!isProtocolThere) return;
    expect(new Protocol().problems(listed.body, 'ActionQuotaCounterListResponse', 'kinds')).toEqual([]);
  });

  it.each([
    ['action_kind=__risk__', ['__risk__  4']],
    ['window=per_tenant_per_day', ['__risk__  4']],
    ['run_id=one', ['message.email.send one 2']],
    ['action_kind=message.email.send&run_id=two', ['message.email.send two 1']],
    ['action_kind=db.query', []],
  ])('keep to %s', async (query, expected) => {
    expect(shown(await list(`&${query}`))).toEqual(expected);
  });

  it('keep to a scope and what is below it, by whole levels', async () => {
    expect(shown(await list(`&scope=${scopeOf('bot')}`))).toEqual([
      'message.email.send one 2',
      'message.email.send two 1',
    ]);
    expect(shown(await list(`&scope=tenant:${acme.tenantId}`))).toHaveLength(4);
  });

  it('come in pages', async () => {
    const first = await list('&limit=3');
    const rest = await list(`&limit=3&cursor=${String(first.at('next_cursor'))}`);
    expect([first.at('has_more'), rest.at('has_more')]).toEqual([true, false]);
    expect([...shown(first), ...shown(rest)].sort()).toEqual(shown(await list()));
  });

  it('give back at a release what a run had used', async () => {
    const id = await acme.held(1, email('bot', 'one'));
    expect((await acme.reserve(1, email('bot', 'one'))).refused).toBe('409 ACTION_QUOTA_EXCEEDED');
    await acme.release(id);
    expect(shown(await list('&run_id=one'))).toEqual(['message.email.send one 2']);
  });

  it.each([
    ['limit=201', 'limit'],
    ['window=per_year', 'window'],
    ['include_zero=perhaps', 'include_zero'],
    ['cursor=nonsense', 'cursor'],
  ])('refuse %s', async (query, field) => {
    const refused = await list(`&${query}`);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('want operators to name the tenant', async () => {
    expect((await serving.asAdmin('GET', PATH)).at('details.field')).toBe('tenant_id');
  });
});

describe('a key', () => {
  it.each([
    ['action_quotas:read', null],
    ['balances:read', 'balances:read'],
  ])('with %s reads its own tenant’s counters; the header says %s', async (permission, deprecated) => {
    const key = await serving.client(acme.tenantId, { permissions: [permission] });
    const listed = await key.ask('GET', `${PATH}?tenant_id=another`);
    expect(listed.status).toBe(200);
    expect(shown(listed)).toHaveLength(4);
    expect(listed.headers.get('x-cycles-permission-deprecated')).toBe(deprecated);
  });

  it('that lacks both hears of the one that it should have', async () => {
    const key = await serving.client(acme.tenantId, { permissions: ['policies:read'] });
    const refused = await key.ask('GET', PATH);
    expect([refused.refused, refused.at('details.permission')]).toEqual([
      '403 INSUFFICIENT_PERMISSIONS',
      'action_quotas:read',
    ]);
  });

  it('sees what is within its scopes only', async () => {
    const key = await serving.client(acme.tenantId, { scope_filter: ['agent:bot'] });
    expect((await key.ask('GET', PATH)).status).toBe(403);
    expect(shown(await key.ask('GET', `${PATH}?scope=${scopeOf('bot')}`))).toHaveLength(2);
    expect((await key.ask('GET', `${PATH}?scope=${scopeOf('bot-2')}`)).status).toBe(403);
  });
});

describe('a reset', () => {
  const reset = (extra: object = {}): Promise<Reply> =>
    serving.asAdmin('POST', `${PATH}/reset`, {
      tenant_id: acme.tenantId,
      scope: scopeOf('bot'),
      action_kind: 'message.email.send',
      window: 'per_run',
      window_key: 'one',
      reason: 'counted twice',
      ...extra,
    });

  it('sets a counter back to nothing and says what it was', async () => {
    const done = await reset();
    expect(done.body).toMatchObject({ previous_used: 2, counter: { used: 0, limit: 3, remaining: 3 } });
    if (isProtocolThere)
      expect(new Protocol().problems(done.body, 'ActionQuotaCounterResetResponse', 'kinds')).toEqual([]);
    expect(shown(await list('&run_id=one'))).toEqual([]);
    expect(shown(await list('&run_id=one&include_zero=true'))).toEqual(['message.email.send one 0']);
    for (let n = 0; n < 3; n++) await acme.held(1, email('bot', 'one'));
    expect((await acme.reserve(1, email('bot', 'one'))).refused).toBe('409 ACTION_QUOTA_EXCEEDED');
  });

  it('of a risk class names it', async () => {
    const day = new Date().toISOString().slice(0, 10);
    const asked = { scope: `tenant:${acme.tenantId}`, window: 'per_tenant_per_day', window_key: day };
    const risk = { ...asked, action_kind: '__risk__' };
    expect((await reset(risk)).at('details.field')).toBe('risk_class');
    const done = await reset({ ...risk, risk_class: 'external_side_effect' });
    expect([done.status, done.at('previous_used')]).toEqual([200, 4]);
  });

  it('of no counter is not found', async () => {
    expect((await reset({ window_key: 'none' })).refused).toBe('404 NOT_FOUND');
    expect((await reset({ scope: scopeOf('nobody') })).refused).toBe('404 NOT_FOUND');
    expect((await reset({ tenant_id: 'nobody' })).refused).toBe('404 TENANT_NOT_FOUND');
  });

  it.each([
    ['tenant_id', { tenant_id: undefined }],
    ['window_key', { window_key: undefined }],
    ['window', { window: 'per_year' }],
    ['risk_class', { risk_class: 'high_risk' }],
    ['reason', { reason: 'r'.repeat(513) }],
  ])('with a wrong %s is refused, naming it', async (field, extra) => {
    const refused = await reset(extra);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('is no key’s to ask for', async () => {
    expect((await acme.ask('POST', `${PATH}/reset`, {})).status).toBe(401);
  });
});
