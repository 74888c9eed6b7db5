/** What operators change in tenants, keys and budgets, and what changes with it at once. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
  await acme.budget('', 1_000_000);
});
afterAll(() => serving.stop());

describe('a tenant', () => {
  it('has from then on the settings that it was given', async () => {
    const tenant = await serving.tenant('short');
    await tenant.budget('', 100);
    const changed = await serving.asAdmin('PATCH', '/v1/admin/tenants/short', {
      name: 'Short',
      max_reservation_ttl_ms: 2000,
      default_commit_overage_policy: 'REJECT',
      metadata: { team: 'core' },
    });
    expect(changed.body).toMatchObject({
      name: 'Short',
      max_reservation_ttl_ms: 2000,
      default_commit_overage_policy: 'REJECT',
      default_reservation_ttl_ms: 60_000,
      metadata: { team: 'core' },
    });
    const reserved = await tenant.reserve(10, { ttl_ms: 60_000 });
    expect(Number(reserved.at('remaining_ttl_ms'))).toBeLessThanOrEqual(2000);
    const over = await tenant.commit(String(reserved.at('reservation_id')), 1000);
    expect(over.refused).toBe('409 BUDGET_EXCEEDED');
  });

  it('stays as it is when nothing is changed', async () => {
    const before = await serving.asAdmin('GET', '/v1/admin/tenants/acme');
    const after = await serving.asAdmin('PATCH', '/v1/admin/tenants/acme', {});
    expect(after.body).toEqual(before.body);
  });

  it.each([
    ['max_reservation_ttl_ms', { max_reservation_ttl_ms: 999 }],
    ['name', { name: '' }],
    ['status', { status: 'OPEN' }],
    ['tenant_id', { tenant_id: 'other' }],
  ])('refuses a wrong %s', async (field, body) => {
    const refused = await serving.asAdmin('PATCH', '/v1/admin/tenants/acme', body);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe(field);
  });

  it('is changed by nobody’s API key', async () => {
    const refused = await acme.ask('PATCH', '/v1/admin/tenants/acme', { name: 'Mine' });
    expect(refused.status).toBe(401);
  });
});

describe('an API key', () => {
  it('may from then on do what it was given', async () => {
    const key = await serving.client('acme');
    expect((await key.reserve(1)).status).toBe(200);
    const changed = await serving.asAdmin('PATCH', `/v1/admin/api-keys/${key.keyId}`, {
      permissions: ['balances:read'],
      scope_filter: ['workspace:eng'],
      description: 'reads',
    });
    expect(changed.body).toMatchObject({
      permissions: ['balances:read'],
      scope_filter: ['workspace:eng'],
      description: 'reads',
    });
    expect((await key.reserve(1)).refused).toBe('403 FORBIDDEN');
  });

  it('shows our own fields on our own path alone', async () => {
    const key = await serving.client('acme');
    const path = `api-keys/${key.keyId}`;
    const own = await serving.asAdmin('PATCH', `/admin/${path}`, {
      fixed_subject: { app: 'ide' },
      trusted: true,
    });
    expect(own.body).toMatchObject({ fixed_subject: { app: 'ide' }, trusted: true });
    const theirs = await serving.asAdmin('PATCH', `/v1/admin/${path}`, { name: 'renamed' });
    expect(theirs.body).not.toHaveProperty('trusted');
    const refused = await serving.asAdmin('PATCH', `/v1/admin/${path}`, { trusted: false });
    expect(refused.at('details.field')).toBe('trusted');
  });

  it('that is revoked, unknown or given an unknown permission is refused', async () => {
    const key = await serving.client('acme');
    const path = `/v1/admin/api-keys/${key.keyId}`;
    expect((await serving.asAdmin('PATCH', path, { permissions: ['everything'] })).status).toBe(400);
    await serving.asAdmin('DELETE', path);
    expect((await serving.asAdmin('PATCH', path, { name: 'late' })).refused).toBe('409 KEY_REVOKED');
    const unknown = await serving.asAdmin('PATCH', '/v1/admin/api-keys/key_none', { name: 'x' });
    expect(unknown.refused).toBe('404 NOT_FOUND');
  });
});

describe('a budget', () => {
  const at = 'scope=tenant:acme/app:changed&unit=TOKENS';

  it('is found by its scope and unit', async () => {
    await acme.budget('/app:changed', 10);
    const found = await acme.ask('GET', `/v1/admin/budgets/lookup?${at}`);
    expect(found.body).toMatchObject({ scope: 'tenant:acme/app:changed', allocated: { amount: 10 } });
    const none = await serving.asAdmin(
      'GET',
      '/v1/admin/budgets/lookup?scope=tenant:acme/app:no&unit=TOKENS',
    );
    expect(none.refused).toBe('404 BUDGET_NOT_FOUND');
    const foreign = await serving.tenant('stranger');
    expect((await foreign.ask('GET', `/v1/admin/budgets/lookup?${at}`)).status).toBe(403);
  });

  it('takes a new overdraft limit and policy, while it is frozen, too', async () => {
    await serving.asAdmin('POST', `/v1/admin/budgets/freeze?${at}`);
    const changed = await serving.asAdmin('PATCH', `/v1/admin/budgets?${at}`, {
      overdraft_limit: { unit: 'TOKENS', amount: 25 },
      commit_overage_policy: 'ALLOW_WITH_OVERDRAFT',
    });
    expect(changed.body).toMatchObject({
      status: 'FROZEN',
      overdraft_limit: { amount: 25 },
      commit_overage_policy: 'ALLOW_WITH_OVERDRAFT',
      allocated: { amount: 10 },
    });
    const unit = await serving.asAdmin('PATCH', `/v1/admin/budgets?${at}`, {
      overdraft_limit: { unit: 'CREDITS', amount: 1 },
    });
    expect(unit.refused).toBe('400 UNIT_MISMATCH');
  });

  it('has the period that it was created with', async () => {
    const period = { period_start: '2026-01-01T00:00:00.000Z', period_end: '2096-01-01T00:00:00.000Z' };
    const made = await acme.budget('/app:periodic', 10, { ...period, rollover_policy: 'CARRY_FORWARD' });
    expect(made.body).toMatchObject({ ...period, rollover_policy: 'CARRY_FORWARD' });
  });
});

describe('/v1/auth', () => {
  const validate = (secret: string) => serving.asAdmin('POST', '/v1/auth/validate', { key_secret: secret });

  it('says whether a key could be used, and why not', async () => {
    const key = await serving.client('acme', { permissions: ['balances:read'], scope_filter: ['app:a'] });
    expect((await validate(key.secret)).body).toMatchObject({
      valid: true,
      tenant_id: 'acme',
      key_id: key.keyId,
      permissions: ['balances:read'],
      scope_filter: ['app:a'],
    });
    await serving.asAdmin('DELETE', `/v1/admin/api-keys/${key.keyId}`);
    expect((await validate(key.secret)).body).toMatchObject({ valid: false, reason: 'REVOKED' });
    expect((await validate('cyc_live_none')).body).toEqual({
      valid: false,
      tenant_id: '',
      reason: 'UNKNOWN',
    });
    expect((await acme.ask('POST', '/v1/auth/validate', { key_secret: key.secret })).status).toBe(401);
  });

  it('says of a suspended and of a closed tenant’s key that it could not', async () => {
    const key = await serving.tenant('resting');
    await serving.asAdmin('PATCH', '/v1/admin/tenants/resting', { status: 'SUSPENDED' });
    expect((await validate(key.secret)).at('reason')).toBe('TENANT_SUSPENDED');
    await serving.asAdmin('PATCH', '/v1/admin/tenants/resting', { status: 'CLOSED' });
    expect((await validate(key.secret)).at('reason')).toBe('TENANT_CLOSED');
  });

  it('shows a key its own capabilities, and never those of operators', async () => {
    const key = await serving.client('acme', { permissions: ['admin:write', 'admin:read'] });
    const shown = await key.ask('GET', '/v1/auth/introspect');
    expect(shown.body).toMatchObject({ authenticated: true, auth_type: 'tenant', tenant_id: 'acme' });
    expect(shown.at('capabilities')).toMatchObject({
      manage_budgets: true,
      view_reservations: true,
      manage_tenants: false,
      view_audit: false,
    });
    expect(shown.body).not.toHaveProperty('scope_filter');
    const operator = await serving.asAdmin('GET', '/v1/auth/introspect');
    expect(operator.body).toMatchObject({ auth_type: 'admin', permissions: ['*'] });
    expect(Object.values(operator.at('capabilities') as object).every(Boolean)).toBe(true);
    expect(operator.body).not.toHaveProperty('tenant_id');
  });
});
