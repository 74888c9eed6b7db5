/** Lists of policies over HTTP, who reads and writes them, and the observe mode of tenants. */

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
  acme = await serving.tenant(`ruled-${tenants}`);
});

const PATH = '/v1/admin/policies';
const OWN = '/admin/policies';
const make = (rules: object = {}, path = PATH) =>
  serving.asAdmin('POST', path, {
    tenant_id: acme.tenantId,
    name: 'defaults',
    scope_pattern: `tenant:${acme.tenantId}/*`,
    ...rules,
  });
const idOf = async (rules: object = {}, path = PATH): Promise<string> =>
  String((await make(rules, path)).at('policy_id'));

const quota = {
  action_quotas: [{ action_kind: 'db.query', max_calls: 1, window: 'per_run' }],
};
const classQuota = {
  risk_class_quotas: [{ risk_class: 'high_risk', max_calls: 1, window: 'per_day_tumbling' }],
};

describe('the list of policies', () => {
  const names = async (query: string, path = PATH): Promise<unknown[]> => {
    const listed = await serving.asAdmin('GET', `${path}?tenant_id=${acme.tenantId}&${query}`);
    expect(listed.status).toBe(200);
    return (listed.at('policies') as { name: string }[]).map(({ name }) => name);
  };

  beforeEach(async () => {
    await make({ name: 'plain' });
    await make({ name: 'quota', ...quota });
    await make({ name: 'class', ...classQuota, scope_pattern: 'agent:*' });
    const id = await idOf({ name: 'list', denied_action_kinds: ['payment.charge'] });
    await serving.asAdmin('PATCH', `${PATH}/${id}`, { status: 'DISABLED' });
  });

  it.each([
    ['', ['plain', 'quota', 'class', 'list']],
    ['status=ACTIVE', ['plain', 'quota', 'class']],
    ['status=DISABLED', ['list']],
    ['has_action_quotas=true', ['quota', 'class']],
    ['has_action_quotas=false', ['plain', 'list']],
    ['references_action_kind=payment.charge', ['list']],
    ['references_action_kind=db.query', ['quota']],
    ['scope_pattern=agent:*', ['class']],
  ])('keeps to %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
    expect(await names(query, OWN)).toEqual(expected);
  });

  it('goes on where a page ended, with a cursor that is good for that question only', async () => {
    const first = await serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}&limit=3`);
    expect(first.at('has_more')).toBe(true);
    const cursor = String(first.at('next_cursor'));
    expect(await names(`limit=3&cursor=${cursor}`)).toEqual(['list']);
    for (const query of [`cursor=${cursor}&status=ACTIVE`, 'cursor=nonsense']) {
      const refused = await serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}&${query}`);
      expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'cursor']);
    }
  });

  it.each([
    ['limit=101', 'limit'],
    ['status=GONE', 'status'],
    ['has_action_quotas=perhaps', 'has_action_quotas'],
  ])('refuses %s', async (query, field) => {
    const refused = await serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}&${query}`);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('wants operators to name the tenant', async () => {
    expect((await serving.asAdmin('GET', PATH)).at('details.field')).toBe('tenant_id');
    expect((await serving.asAdmin('GET', `${PATH}?tenant_id=nobody`)).refused).toBe('404 TENANT_NOT_FOUND');
  });
});

describe('a tenant’s key', () => {
  it('reads its own policies, whatever tenant it names, and writes none, whatever it may', async () => {
    const id = await idOf();
    const key = await serving.client(acme.tenantId, { permissions: ['policies:read', 'policies:write'] });
    const listed = await key.ask('GET', `${PATH}?tenant_id=another`);
    expect([listed.status, listed.at('policies.0.policy_id')]).toEqual([200, id]);
    const body = { name: 'mine', scope_pattern: 'agent:*' };
    const wanted = '403 INSUFFICIENT_PERMISSIONS';
    for (const path of [PATH, OWN]) {
      expect((await key.ask('POST', path, body)).refused).toBe(wanted);
      expect((await key.ask('PATCH', `${path}/${id}`, {})).refused).toBe(wanted);
    }
    expect((await key.ask('DELETE', `${OWN}/${id}`)).refused).toBe(wanted);
  });

  it('does not see another tenant’s policy', async () => {
    const id = await idOf();
    const stranger = await serving.tenant(`stranger-${tenants}`);
    expect((await stranger.ask('GET', `${OWN}/${id}`)).refused).toBe('404 NOT_FOUND');
    expect((await stranger.ask('GET', PATH)).at('policies')).toEqual([]);
  });

  it('that is limited to a part of its tenant sees none', async () => {
    const narrow = await serving.client(acme.tenantId, { scope_filter: ['agent:bot'] });
    expect((await narrow.ask('GET', PATH)).refused).toBe('403 FORBIDDEN');
  });
});

describe('a tenant’s observe mode', () => {
  it('is set when it is opened or changed, shown, and searched by', async () => {
    expect((await serving.asAdmin('GET', `/v1/admin/tenants/${acme.tenantId}`)).at('observe_mode')).toBe(
      'ENFORCE',
    );
    const changed = await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, {
      observe_mode: 'OBSERVE',
    });
    expect(changed.at('observe_mode')).toBe('OBSERVE');
    const name = `watching-${tenants}`;
    const opened = await serving.asAdmin('POST', '/v1/admin/tenants', {
      tenant_id: name,
      name,
      observe_mode: 'OBSERVE',
    });
    expect([opened.status, opened.at('observe_mode')]).toEqual([201, 'OBSERVE']);
    const found = await serving.asAdmin('GET', '/v1/admin/tenants?observe_mode=OBSERVE');
    const ids = (found.at('tenants') as { tenant_id: string }[]).map(({ tenant_id: id }) => id);
    expect(ids).toEqual(expect.arrayContaining([acme.tenantId, name]));
    const enforced = await serving.asAdmin('GET', '/v1/admin/tenants?observe_mode=ENFORCE&limit=100');
    expect(enforced.text).not.toContain(`"${name}"`);
    for (const body of [{ observe_mode: 'PERHAPS' }, { observe_mode: null }]) {
      const refused = await serving.asAdmin('PATCH', `/v1/admin/tenants/${name}`, body);
      expect(refused.at('details.field')).toBe('observe_mode');
    }
  });
});
