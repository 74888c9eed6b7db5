/** Every answer against the protocol's own schemas. */

import { isProtocolRequired, isProtocolThere, type Plane, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

if (!isProtocolThere && isProtocolRequired) {
  it('finds the protocol’s schemas, which are required', () => {
    expect(isProtocolThere).toBe(true);
  });
}

(isProtocolThere ? describe : describe.skip)('the shapes of answers', () => {
  let serving: Serving;
  let acme: TenantClient;
  let protocol: Protocol;

  beforeAll(async () => {
    protocol = new Protocol();
    serving = await Serving.start();
    acme = await serving.tenant('acme');
    await acme.budget('', 1_000);
    await acme.budget('/app:ide', 500, {
      overdraft_limit: { unit: 'TOKENS', amount: 50 },
      commit_overage_policy: 'ALLOW_WITH_OVERDRAFT',
    });
  });
  afterAll(() => serving.stop());

  const expectShape = (reply: Reply, status: number, schema: string, plane: Plane = 'runtime'): void => {
    expect({ status: reply.status, problems: protocol.problems(reply.body, schema, plane) }).toEqual({
      status,
      problems: [],
    });
  };

  it('conform for a preflight that allows and one that denies', async () => {
    expectShape(await acme.decide(1), 200, 'DecisionResponse');
    expectShape(await acme.decide(1_000_000), 200, 'DecisionResponse');
  });

  it('conform for a reservation from its hold to its end', async () => {
    const reserved = await acme.reserve(20, {
      subject: { tenant: 'acme', app: 'ide', dimensions: { cost_center: 'r-and-d' } },
      action: { kind: 'tool.search', name: 'web', tags: ['prod'], policy_keys: { host: 'example.com' } },
      metadata: { nested: { deeply: [1, 2.5, null, true] } },
      ttl_ms: 1_000,
      grace_period_ms: 0,
      overage_policy: 'REJECT',
    });
    expectShape(reserved, 200, 'ReservationCreateResponse');
    const id = String(reserved.at('reservation_id'));
    const metrics = {
      tokens_input: 3,
      tokens_output: 4,
      latency_ms: 5,
      model_version: 'm',
      custom: { a: 1 },
    };
    expectShape(await acme.commit(id, 10, { metrics, metadata: { b: 2 } }), 200, 'CommitResponse');
    const detail = await acme.ask('GET', `/v1/reservations/${id}`);
    const { action, ...rest } = detail.body as { action: { policy_keys?: unknown } };
    expect(action.policy_keys).toEqual({ host: 'example.com' });
    const { policy_keys: _extension, ...base } = action;
    expect(protocol.problems({ ...rest, action: base }, 'ReservationDetail')).toEqual([]);
  });

  it('conform for a release and a dry run', async () => {
    expectShape(await acme.release(await acme.held(5), { reason: 'not needed' }), 200, 'ReleaseResponse');
    expectShape(await acme.reserve(5, { dry_run: true }), 200, 'ReservationCreateResponse');
    expectShape(await acme.reserve(5_000_000, { dry_run: true }), 200, 'ReservationCreateResponse');
  });

  it('conform for balances in both forms', async () => {
    expectShape(await acme.ask('GET', '/v1/balances?app=ide'), 200, 'BalanceResponse');
    const ledgers = await acme.ask('GET', '/v1/balances?unit=TOKENS');
    expectShape(ledgers, 200, 'BalanceListResponse', 'governance');
  });

  it('conform for the signer’s keys', async () => {
    const keys = await serving.ask('GET', '/v1/.well-known/cycles-jwks.json');
    expectShape(keys, 200, 'CyclesEvidenceJwks');
  });

  it('conform for tenants', async () => {
    const asked = { tenant_id: 'shapes', name: 'Shapes', metadata: { plan: 'free' } };
    expectShape(await serving.asAdmin('POST', '/v1/admin/tenants', asked), 201, 'Tenant', 'governance');
    expectShape(await serving.asAdmin('POST', '/v1/admin/tenants', asked), 200, 'Tenant', 'governance');
    expectShape(await serving.asAdmin('GET', '/v1/admin/tenants/shapes'), 200, 'Tenant', 'governance');
    expectShape(await serving.asAdmin('GET', '/v1/admin/tenants'), 200, 'TenantListResponse', 'governance');
    for (const status of ['SUSPENDED', 'ACTIVE', 'CLOSED']) {
      const changed = await serving.asAdmin('PATCH', '/v1/admin/tenants/shapes', { status });
      expectShape(changed, 200, 'Tenant', 'governance');
    }
  });

  it('conform for API keys', async () => {
    const issued = await serving.asAdmin('POST', '/v1/admin/api-keys', {
      tenant_id: 'acme',
      name: 'shaped',
      description: 'for a test',
      permissions: ['balances:read'],
      scope_filter: ['app:ide'],
      expires_at: '2099-01-01T00:00:00Z',
      metadata: { team: 'a' },
    });
    expectShape(issued, 201, 'ApiKeyCreateResponse', 'governance');
    const listed = await serving.asAdmin('GET', '/v1/admin/api-keys?tenant_id=acme');
    expectShape(listed, 200, 'ApiKeyListResponse', 'governance');
    const revoked = await serving.asAdmin(
      'DELETE',
      `/v1/admin/api-keys/${String(issued.at('key_id'))}?reason=over`,
    );
    expectShape(revoked, 200, 'ApiKey', 'governance');
  });

  it('conform for budgets', async () => {
    expectShape(await acme.budget('/app:other', 5), 201, 'BudgetLedger', 'governance');
    const query = 'scope=tenant:acme/app:other&unit=TOKENS';
    for (const change of ['freeze', 'unfreeze']) {
      const changed = await serving.asAdmin('POST', `/v1/admin/budgets/${change}?${query}`, {
        reason: 'test',
      });
      expectShape(changed, 200, 'BudgetLedger', 'governance');
    }
    expectShape(await acme.fund('CREDIT', 5), 200, 'BudgetFundingResponse', 'governance');
    const listed = await serving.asAdmin('GET', '/v1/admin/budgets?tenant_id=acme');
    expectShape(listed, 200, 'BudgetListResponse', 'governance');
  });

  it('conform for errors of both planes', async () => {
    expectShape(await acme.decide(-1), 400, 'ErrorResponse');
    expectShape(await acme.reserve(1_000_000), 409, 'ErrorResponse');
    expectShape(await serving.ask('POST', '/v1/decide'), 401, 'ErrorResponse');
    expectShape(await acme.ask('GET', '/v1/reservations/rsv_none'), 404, 'ErrorResponse');
    expectShape(await serving.asAdmin('GET', '/v1/admin/tenants/none'), 404, 'ErrorResponse', 'governance');
    const twice = { tenant_id: 'acme', name: 'another name' };
    expectShape(
      await serving.asAdmin('POST', '/v1/admin/tenants', twice),
      409,
      'ErrorResponse',
      'governance',
    );
  });
});
