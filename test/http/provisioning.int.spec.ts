/** Provisioning over HTTP: tenants, keys, budgets, templates, health and metrics. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
});
afterAll(() => serving.stop());

describe('tenants', () => {
  it('are created once: 201, the same again 200, another under the id 409', async () => {
    const open = (name: string) =>
      serving.asAdmin('POST', '/v1/admin/tenants', { tenant_id: 'initech', name });
    expect((await open('Initech')).status).toBe(201);
    expect((await open('Initech')).status).toBe(200);
    expect((await open('Initrode')).refused).toBe('409 DUPLICATE_RESOURCE');
  });

  it('have the protocol’s defaults', async () => {
    expect((await serving.asAdmin('GET', '/v1/admin/tenants/acme')).body).toMatchObject({
      status: 'ACTIVE',
      default_commit_overage_policy: 'ALLOW_IF_AVAILABLE',
      default_reservation_ttl_ms: 60_000,
      max_reservation_ttl_ms: 3_600_000,
      max_reservation_extensions: 10,
      reservation_expiry_policy: 'AUTO_RELEASE',
    });
  });

  it('take the expiry policies under which every hold ends by itself, and refuse the other', async () => {
    const path = '/v1/admin/tenants/acme';
    const policy = (reservation_expiry_policy: string) =>
      serving.asAdmin('PATCH', path, { reservation_expiry_policy });
    expect((await policy('GRACE_ONLY')).at('reservation_expiry_policy')).toBe('GRACE_ONLY');
    const refused = await policy('MANUAL_CLEANUP');
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe('reservation_expiry_policy');
    expect(refused.at('message')).toContain('AUTO_RELEASE and GRACE_ONLY are');
    const opened = await serving.asAdmin('POST', '/v1/admin/tenants', {
      tenant_id: 'by-hand',
      name: 'By hand',
      reservation_expiry_policy: 'MANUAL_CLEANUP',
    });
    expect(opened.at('details.field')).toBe('reservation_expiry_policy');
    expect((await serving.asAdmin('GET', '/v1/admin/tenants/by-hand')).status).toBe(404);
    expect((await policy('AUTO_RELEASE')).at('reservation_expiry_policy')).toBe('AUTO_RELEASE');
  });

  it('are listed, by status', async () => {
    await serving.tenant('hooli');
    await serving.asAdmin('PATCH', '/v1/admin/tenants/hooli', { status: 'SUSPENDED' });
    const listed = await serving.asAdmin('GET', '/v1/admin/tenants?status=SUSPENDED');
    expect((listed.at('tenants') as { tenant_id: string }[]).map((tenant) => tenant.tenant_id)).toEqual([
      'hooli',
    ]);
  });

  it('close for good, with everything they own', async () => {
    const doomed = await serving.tenant('doomed');
    await doomed.budget('', 10);
    await doomed.held(4);
    const closed = await serving.asAdmin('PATCH', '/v1/admin/tenants/doomed', { status: 'CLOSED' });
    expect(closed.body).toMatchObject({ status: 'CLOSED', closed_at: expect.any(String) });
    const reopened = await serving.asAdmin('PATCH', '/v1/admin/tenants/doomed', { status: 'ACTIVE' });
    expect(reopened.refused).toBe('409 TENANT_CLOSED');
    const ledgers = await serving.asAdmin('GET', '/v1/admin/budgets?tenant_id=doomed');
    expect(ledgers.at('ledgers.0')).toMatchObject({ status: 'CLOSED', reserved: { amount: 0 } });
    const key = await serving.asAdmin('POST', '/v1/admin/api-keys', { tenant_id: 'doomed', name: 'late' });
    expect(key.refused).toBe('409 TENANT_CLOSED');
  });

  it('that do not exist are 404, or a wrong field where they are named in a body', async () => {
    expect((await serving.asAdmin('GET', '/v1/admin/tenants/nobody')).refused).toBe('404 TENANT_NOT_FOUND');
    const key = await serving.asAdmin('POST', '/v1/admin/api-keys', { tenant_id: 'nobody', name: 'k' });
    expect(key.refused).toBe('400 TENANT_NOT_FOUND');
    expect(key.at('details.field')).toBe('tenant_id');
  });
});

describe('API keys', () => {
  it('show their secret once, and carry the default permissions and 90 days', async () => {
    const issued = await serving.asAdmin('POST', '/v1/admin/api-keys', { tenant_id: 'acme', name: 'plain' });
    const secret = String(issued.at('key_secret'));
    expect(secret).toMatch(/^cyc_live_[A-Za-z0-9]{32}$/);
    expect(secret.startsWith(String(issued.at('key_prefix')))).toBe(true);
    expect(issued.at('permissions')).toHaveLength(10);
    const days =
      (Date.parse(String(issued.at('expires_at'))) - Date.parse(String(issued.at('created_at')))) /
      86_400_000;
    expect(Math.round(days)).toBe(90);
    for (const path of ['/v1/admin/api-keys', '/admin/api-keys']) {
      const listed = await serving.asAdmin('GET', `${path}?tenant_id=acme`);
      expect(listed.text).not.toContain(secret);
      expect(listed.text).not.toContain('secret');
    }
  });

  it('refuse a permission that is none, and an expiry that is past', async () => {
    const issue = (extra: object) =>
      serving.asAdmin('POST', '/v1/admin/api-keys', { tenant_id: 'acme', name: 'k', ...extra });
    const unknown = await issue({ permissions: ['reservations:create', 'everything'] });
    expect(unknown.refused).toBe('400 INVALID_REQUEST');
    expect(unknown.at('details.field')).toBe('permissions.1');
    expect((await issue({ expires_at: '2001-01-01T00:00:00Z' })).refused).toBe('400 INVALID_REQUEST');
    expect((await issue({ expires_at: 'tomorrow' })).at('details.field')).toBe('expires_at');
  });

  it('keep our own fields out of the protocol’s bodies', async () => {
    const own = { tenant_id: 'acme', name: 'h', fixed_subject: { app: 'ide' }, trusted: true };
    const refused = await serving.asAdmin('POST', '/v1/admin/api-keys', own);
    expect(refused.at('details.field')).toBe('fixed_subject');
    const issued = await serving.asAdmin('POST', '/admin/api-keys', own);
    const find = async (path: string) => {
      const listed = await serving.asAdmin('GET', `${path}?tenant_id=acme`);
      const keys = listed.at('keys') as Record<string, unknown>[];
      return keys.find((key) => key['key_id'] === issued.at('key_id'));
    };
    expect(await find('/v1/admin/api-keys')).not.toHaveProperty('trusted');
    expect(await find('/admin/api-keys')).toMatchObject({ trusted: true, fixed_subject: { app: 'ide' } });
  });

  it('are revoked for good, with a reason', async () => {
    const { keyId } = await serving.client('acme');
    const revoked = await serving.asAdmin('DELETE', `/v1/admin/api-keys/${keyId}?reason=lost`);
    expect(revoked.body).toMatchObject({ status: 'REVOKED', revoked_reason: 'lost' });
    const unknown = await serving.asAdmin('DELETE', '/v1/admin/api-keys/key_none');
    expect(unknown.refused).toBe('404 NOT_FOUND');
  });
});

describe('budgets', () => {
  it('are created once in a unit at a scope', async () => {
    await acme.budget('/app:one', 5);
    const again = await serving.asAdmin('POST', '/v1/admin/budgets', {
      tenant_id: 'acme',
      scope: 'tenant:acme/app:ONE',
      unit: 'TOKENS',
      allocated: { unit: 'TOKENS', amount: 1 },
    });
    expect(again.refused).toBe('409 DUPLICATE_RESOURCE');
  });

  it.each([
    ['rollover_policy', { rollover_policy: 'KEEP' }],
    ['period_end', { period_start: '2026-01-01T00:00:00Z' }],
    ['period_start', { period_end: '2046-01-01T00:00:00Z' }],
    ['period_end', { period_start: '2026-01-01T00:00:00Z', period_end: '2025-01-01T00:00:00Z' }],
    ['allocated.unit', { allocated: { unit: 'CREDITS', amount: 1 } }],
    ['scope', { scope: 'tenant:acme/app:a/workspace:w' }],
    ['scope', { scope: 'tenant:other/app:a' }],
    ['tenant_id', { tenant_id: undefined }],
  ])('refuse a wrong %s', async (field, extra) => {
    const asked = {
      tenant_id: 'acme',
      scope: 'tenant:acme/app:wrong',
      unit: 'TOKENS',
      allocated: { unit: 'TOKENS', amount: 1 },
      ...extra,
    };
    const refused = await serving.asAdmin('POST', '/v1/admin/budgets', asked);
    expect(refused.status).toBe(400);
    expect(refused.at('details.field')).toBe(field);
  });

  it('belong to the tenant of a key, which must not name one', async () => {
    const own = { scope: 'tenant:acme/app:own', unit: 'TOKENS', allocated: { unit: 'TOKENS', amount: 7 } };
    expect((await acme.ask('POST', '/v1/admin/budgets', own)).status).toBe(201);
    const named = await acme.ask('POST', '/v1/admin/budgets', { ...own, tenant_id: 'acme' });
    expect(named.at('details.field')).toBe('tenant_id');
    const listed = await acme.ask('GET', '/v1/admin/budgets?scope_prefix=tenant:acme/app:own');
    expect(listed.at('ledgers.0.allocated.amount')).toBe(7);
  });

  it('answer every funding operation with what was and what is', async () => {
    const rich = await serving.tenant('rich');
    await rich.budget('', 100);
    const steps: [string, number, number, number][] = [
      ['CREDIT', 50, 150, 150],
      ['DEBIT', 30, 120, 120],
      ['RESET', 80, 80, 80],
      ['REPAY_DEBT', 10, 90, 90],
    ];
    for (const [operation, amount, allocated, remaining] of steps) {
      const funded = await rich.fund(operation, amount);
      expect(funded.at('new_allocated.amount')).toBe(allocated);
      expect(funded.at('new_remaining.amount')).toBe(remaining);
    }
    const restarted = await rich.fund('RESET_SPENT', 60, { spent: { unit: 'TOKENS', amount: 20 } });
    expect(restarted.body).toMatchObject({ new_spent: { amount: 20 }, new_remaining: { amount: 40 } });
    expect((await rich.fund('DEBIT', 41)).refused).toBe('409 BUDGET_EXCEEDED');
  });

  it('freeze and thaw, and answer 409 when there is nothing to change', async () => {
    await acme.budget('/app:cold', 5);
    const change = (what: string) =>
      serving.asAdmin('POST', `/v1/admin/budgets/${what}?scope=tenant:acme/app:cold&unit=TOKENS`);
    expect((await change('unfreeze')).status).toBe(409);
    expect((await change('freeze')).at('status')).toBe('FROZEN');
    expect((await change('freeze')).refused).toBe('409 BUDGET_FROZEN');
    expect((await change('unfreeze')).at('status')).toBe('ACTIVE');
    const unknown = await serving.asAdmin(
      'POST',
      '/v1/admin/budgets/freeze?scope=tenant:acme/app:x&unit=TOKENS',
    );
    expect(unknown.refused).toBe('404 BUDGET_NOT_FOUND');
  });
});

describe('budget templates', () => {
  const PATTERN = 'tenant:sessions/**/workflow:*';

  it('open a budget on first use, bring the standing daily one, and retire', async () => {
    const sessions = await serving.tenant('sessions');
    const define = (amount: number) =>
      serving.asAdmin('POST', '/admin/budget-templates', {
        tenant_id: 'sessions',
        scope_pattern: PATTERN,
        unit: 'RISK_POINTS',
        allocated: { unit: 'RISK_POINTS', amount },
      });
    const defined = await define(100);
    expect(defined.status).toBe(201);
    expect((await define(100)).status).toBe(200);
    expect((await define(200)).refused).toBe('409 DUPLICATE_RESOURCE');
    const listed = await serving.asAdmin('GET', '/admin/budget-templates?tenant_id=sessions');
    expect(listed.at('templates')).toMatchObject([{ shipped: false }, { shipped: true, period: 'daily' }]);

    const subject = { app: 'ide', workflow: 'run-1' };
    const estimate = { unit: 'RISK_POINTS', amount: 5 };
    expect((await sessions.reserve(0, { subject, estimate })).status).toBe(200);
    expect(await sessions.balance('RISK_POINTS', 'tenant:sessions/app:ide/workflow:run-1')).toMatchObject({
      allocated: 100,
      reserved: 5,
    });

    const path = `/admin/budget-templates/${String(defined.at('template_id'))}?tenant_id=sessions`;
    expect((await serving.asAdmin('DELETE', path)).at('scope_pattern')).toBe(PATTERN);
    expect((await serving.asAdmin('DELETE', path)).refused).toBe('404 NOT_FOUND');
  });

  it('refuse a pattern that is malformed', async () => {
    const refused = await serving.asAdmin('POST', '/admin/budget-templates', {
      tenant_id: 'acme',
      scope_pattern: 'tenant:acme/workflow:*/app:*',
      unit: 'RISK_POINTS',
      allocated: { unit: 'RISK_POINTS', amount: 1 },
    });
    expect(refused.at('details.field')).toBe('scope_pattern');
  });
});

describe('health and metrics', () => {
  it('say that the server is up', async () => {
    for (const path of ['/health/live', '/health/ready', '/actuator/health', '/actuator/health/readiness']) {
      expect((await serving.ask('GET', path)).body).toMatchObject({ status: 'UP' });
    }
  });

  it('count requests by route, and never by path', async () => {
    const secretPath = '/v1/reservations/rsv_in_no_label';
    await acme.ask('GET', secretPath);
    const { text } = await serving.asAdmin('GET', '/metrics');
    expect(text).toContain('route="/v1/reservations/:reservation_id"');
    expect(text).not.toContain('rsv_in_no_label');
    expect(text).toMatch(/countersign_writers\{name="accepted"\} \d+/);
    expect(text).toMatch(/countersign_event_store\{name="eventsTotal"\} \d+/);
    expect(text).toMatch(/countersign_projection_lag\{name="balances"\} \d+/);
  });
});
