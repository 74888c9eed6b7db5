/** The runtime over HTTP: what is held, settled, replayed and refused. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let globex: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
  globex = await serving.tenant('globex');
});
afterAll(() => serving.stop());
/** A tenant of its own for each test, with 100 tokens. */
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`acme-${tenants}`);
  await acme.budget('', 100);
});

describe('two-phase reservations', () => {
  it('hold, then charge the actual amount and give the rest back', async () => {
    const id = await acme.held(40);
    expect(await acme.balance()).toMatchObject({ remaining: 60, reserved: 40, spent: 0 });
    const committed = await acme.commit(id, 25);
    expect(committed.at('charged')).toEqual({ unit: 'TOKENS', amount: 25 });
    expect(committed.at('released')).toEqual({ unit: 'TOKENS', amount: 15 });
    expect(await acme.balance()).toMatchObject({ remaining: 75, reserved: 0, spent: 25 });
  });

  it('give everything back on release', async () => {
    const released = await acme.release(await acme.held(40));
    expect(released.body).toMatchObject({ status: 'RELEASED', released: { amount: 40 } });
    expect(await acme.balance()).toMatchObject({ remaining: 100, reserved: 0 });
  });

  it('show their life in GET', async () => {
    const id = await acme.held(40, { metadata: { run: 7 } });
    const shown = await acme.ask('GET', `/v1/reservations/${id}`);
    expect(shown.body).toMatchObject({ status: 'ACTIVE', reserved: { amount: 40 }, metadata: { run: 7 } });
    expect(shown.at('finalized_at_ms')).toBeUndefined();
    await acme.commit(id, 4, { metadata: { done: true } });
    const over = await acme.ask('GET', `/v1/reservations/${id}`);
    expect(over.body).toMatchObject({ status: 'COMMITTED', committed: { amount: 4 } });
    expect(over.at('committed_metadata')).toEqual({ done: true });
    expect(over.at('finalized_at_ms')).toEqual(expect.any(Number));
  });

  it('expire without a write: GET is 410, the budget is whole again, settlement is 410', async () => {
    const id = await acme.held(40, { ttl_ms: 1_000, grace_period_ms: 0 });
    let shown = await acme.ask('GET', `/v1/reservations/${id}`);
    while (shown.status === 200) shown = await acme.ask('GET', `/v1/reservations/${id}`);
    expect(shown.refused).toBe('410 RESERVATION_EXPIRED');
    const balances = await acme.ask('GET', `/v1/balances?tenant=${acme.tenantId}`);
    expect(balances.at('balances.0.remaining.amount')).toBe(100);
    expect((await acme.commit(id, 1)).refused).toBe('410 RESERVATION_EXPIRED');
    expect((await acme.release(id)).refused).toBe('410 RESERVATION_EXPIRED');
  });

  it('let an operator release a hung hold', async () => {
    const id = await acme.held(40);
    const path = `/v1/reservations/${id}/release`;
    const released = await serving.asAdmin('POST', path, { idempotency_key: 'ops-1', reason: '[INCIDENT]' });
    expect(released.at('status')).toBe('RELEASED');
    expect((await serving.asAdmin('GET', `/v1/reservations/${id}`)).at('status')).toBe('RELEASED');
  });
});

describe('replays', () => {
  it('answer the same reservation again, with the time that is left now', async () => {
    const body = acme.proposal(10, { ttl_ms: 60_000 });
    const first = await acme.ask('POST', '/v1/reservations', body);
    const again = await acme.ask('POST', '/v1/reservations', body);
    const { remaining_ttl_ms: leftFirst, ...original } = first.body as { remaining_ttl_ms: number };
    const { remaining_ttl_ms: leftAgain, ...replayed } = again.body as { remaining_ttl_ms: number };
    expect(replayed).toEqual(original);
    expect(leftAgain).toBeLessThanOrEqual(leftFirst);
    expect(await acme.balance()).toMatchObject({ reserved: 10 });
  });

  it('show no time left once the reservation has ended', async () => {
    const body = acme.proposal(10);
    const first = await acme.ask('POST', '/v1/reservations', body);
    await acme.release(String(first.at('reservation_id')));
    const again = await acme.ask('POST', '/v1/reservations', body);
    expect(again.body).toEqual({ ...(first.body as object), remaining_ttl_ms: 0 });
  });

  it('charge once however often a commit is repeated', async () => {
    const id = await acme.held(10);
    const key = { idempotency_key: 'settle' };
    const first = await acme.commit(id, 7, key);
    expect((await acme.commit(id, 7, key)).body).toEqual(first.body);
    expect(await acme.balance()).toMatchObject({ spent: 7 });
  });

  it('repeat a preflight’s answer, DENY included', async () => {
    const body = acme.proposal(500);
    expect((await acme.ask('POST', '/v1/decide', body)).body).toMatchObject({
      decision: 'DENY',
      reason_code: 'BUDGET_EXCEEDED',
    });
    await acme.fund('CREDIT', 1_000);
    expect((await acme.ask('POST', '/v1/decide', body)).at('decision')).toBe('DENY');
  });

  it('refuse another request under a used key', async () => {
    const body = acme.proposal(10);
    await acme.ask('POST', '/v1/reservations', body);
    const other = { ...body, estimate: { unit: 'TOKENS', amount: 11 } };
    expect((await acme.ask('POST', '/v1/reservations', other)).refused).toBe('409 IDEMPOTENCY_MISMATCH');
  });

  it('do not burn the key of a refusal: denied, funded, then allowed and stored', async () => {
    const body = acme.proposal(150);
    expect((await acme.ask('POST', '/v1/reservations', body)).refused).toBe('409 BUDGET_EXCEEDED');
    await acme.fund('CREDIT', 100);
    const allowed = await acme.ask('POST', '/v1/reservations', body);
    expect(allowed.status).toBe(200);
    expect((await acme.ask('POST', '/v1/reservations', body)).at('reservation_id')).toBe(
      allowed.at('reservation_id'),
    );
    expect(await acme.balance()).toMatchObject({ reserved: 150, remaining: 50 });
  });

  it('compare by meaning, not by the order of members or by white space', async () => {
    const body = acme.proposal(10);
    const first = await acme.ask('POST', '/v1/reservations', body);
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2);
    const again = await acme.ask('POST', '/v1/reservations', reordered);
    expect(again.at('reservation_id')).toBe(first.at('reservation_id'));
  });

  it('keep a funding operation from counting twice', async () => {
    const key = { idempotency_key: 'top-up' };
    const first = await acme.fund('CREDIT', 50, key);
    expect((await acme.fund('CREDIT', 50, key)).body).toEqual(first.body);
    expect(await acme.balance()).toMatchObject({ allocated: 150 });
    expect((await acme.fund('CREDIT', 51, key)).refused).toBe('409 IDEMPOTENCY_MISMATCH');
  });

  it('take the key from the header when it agrees with the body, and refuse it when it does not', async () => {
    const body = acme.proposal(10, { idempotency_key: 'same' });
    const agreeing = await acme.ask('POST', '/v1/reservations', body, { 'x-idempotency-key': 'same' });
    expect(agreeing.status).toBe(200);
    const differing = await acme.ask('POST', '/v1/reservations', body, { 'x-idempotency-key': 'other' });
    expect(differing.refused).toBe('400 INVALID_REQUEST');
    expect(differing.at('details.field')).toBe('idempotency_key');
  });
});

describe('refusals', () => {
  it.each([
    ['a budget that is short', {}, '409 BUDGET_EXCEEDED'],
    ['a unit that no budget has', { estimate: { unit: 'CREDITS', amount: 1 } }, '400 UNIT_MISMATCH'],
    ['another tenant’s subject', { subject: { tenant: 'globex' } }, '403 FORBIDDEN'],
  ])('answer %s', async (_what, extra, expected) => {
    expect((await acme.reserve(101, extra)).refused).toBe(expected);
    expect(await acme.balance()).toMatchObject({ remaining: 100, reserved: 0 });
  });

  it('answer 404 where no budget is, and DENY to the preflight of the same', async () => {
    expect((await globex.reserve(1)).refused).toBe('404 NOT_FOUND');
    const preflight = await globex.decide(1);
    expect(preflight.body).toMatchObject({ decision: 'DENY', reason_code: 'BUDGET_NOT_FOUND' });
    const dryRun = await globex.reserve(1, { dry_run: true });
    expect(dryRun.body).toMatchObject({ decision: 'DENY', affected_scopes: ['tenant:globex'] });
    expect(dryRun.at('reservation_id')).toBeUndefined();
  });

  it('name the unit that would fit', async () => {
    const refused = await acme.decide(1, { estimate: { unit: 'CREDITS', amount: 1 } });
    expect(refused.refused).toBe('400 UNIT_MISMATCH');
    expect(refused.at('details')).toMatchObject({ requested_unit: 'CREDITS', expected_units: ['TOKENS'] });
  });

  it('tell what never was from what is another tenant’s', async () => {
    const id = await acme.held(10);
    for (const method of ['commit', 'release'] as const) {
      expect((await globex[method](id, 1 as never)).refused).toBe('403 FORBIDDEN');
      expect((await globex[method]('rsv_never', 1 as never)).refused).toBe('404 NOT_FOUND');
    }
    expect((await globex.ask('GET', `/v1/reservations/${id}`)).refused).toBe('403 FORBIDDEN');
    expect((await globex.ask('GET', '/v1/reservations/rsv_never')).refused).toBe('404 NOT_FOUND');
    expect(await acme.balance()).toMatchObject({ reserved: 10 });
  });

  it('settle once: a second commit or a release is 409', async () => {
    const id = await acme.held(10);
    await acme.commit(id, 5);
    expect((await acme.commit(id, 6)).refused).toBe('409 RESERVATION_FINALIZED');
    expect((await acme.release(id)).refused).toBe('409 RESERVATION_FINALIZED');
  });

  it('refuse a commit in another unit, and one beyond what REJECT allows', async () => {
    const id = await acme.held(10, { overage_policy: 'REJECT' });
    const wrongUnit = await acme.commit(id, 5, { actual: { unit: 'CREDITS', amount: 5 } });
    expect(wrongUnit.refused).toBe('400 UNIT_MISMATCH');
    expect((await acme.commit(id, 1_000)).refused).toBe('409 BUDGET_EXCEEDED');
    expect((await acme.commit(id, 10)).status).toBe(200);
  });

  it('stop new holds on a frozen budget, a suspended tenant and a closed one, each in its way', async () => {
    const id = await acme.held(10);
    const scope = `scope=tenant:${acme.tenantId}&unit=TOKENS`;
    await serving.asAdmin('POST', `/v1/admin/budgets/freeze?${scope}`);
    expect((await acme.reserve(1)).refused).toBe('409 BUDGET_FROZEN');
    expect((await acme.decide(1)).at('reason_code')).toBe('BUDGET_FROZEN');
    await serving.asAdmin('POST', `/v1/admin/budgets/unfreeze?${scope}`);

    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'SUSPENDED' });
    expect((await acme.reserve(1)).refused).toBe('403 FORBIDDEN');
    expect((await acme.decide(1)).at('reason_code')).toBe('TENANT_SUSPENDED');
    expect((await acme.commit(id, 1)).status).toBe(200);

    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'CLOSED' });
    expect((await acme.reserve(1)).refused).toBe('409 TENANT_CLOSED');
    expect((await acme.decide(1)).at('reason_code')).toBe('TENANT_CLOSED');
    expect((await acme.ask('GET', `/v1/reservations/${id}`)).status).toBe(200);
  });
});

describe('amounts', () => {
  const INT64_MAX = '9223372036854775807';

  it('are exact to the last of 64 bits, and balances that a client cannot hold are left out', async () => {
    const rich = await serving.tenant(`rich-${tenants}`);
    expect((await rich.budget('', INT64_MAX)).text).toContain(
      `"allocated":{"unit":"TOKENS","amount":${INT64_MAX}}`,
    );
    const body = JSON.stringify(rich.proposal(0)).replace('"amount":0', '"amount":9007199254740993');
    const reserved = await rich.ask('POST', '/v1/reservations', body);
    expect(reserved.text).toContain('"amount":9007199254740993');
    expect(reserved.at('balances')).toBeUndefined();
    const ledgers = await rich.ask('GET', '/v1/balances?unit=TOKENS');
    expect(ledgers.text).toContain('"remaining":{"unit":"TOKENS","amount":9214364837600034814}');
  });

  it('beyond 64 bits are a bad request', async () => {
    const body = JSON.stringify(acme.proposal(0)).replace('"amount":0', '"amount":9223372036854775808');
    const refused = await acme.ask('POST', '/v1/reservations', body);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe('estimate.amount');
  });
});

describe('balances', () => {
  it('are those whose path contains what was asked, wherever it stands', async () => {
    await acme.budget('/workspace:prod/app:ide', 50);
    await acme.budget('/app:ide/agent:bot', 30);
    const shown = await acme.ask('GET', '/v1/balances?app=IDE');
    expect((shown.at('balances') as { scope: string }[]).map(({ scope }) => scope)).toEqual([
      `tenant:${acme.tenantId}/app:ide/agent:bot`,
      `tenant:${acme.tenantId}/workspace:prod/app:ide`,
    ]);
  });

  it('need a filter, and are never another tenant’s', async () => {
    expect((await acme.ask('GET', '/v1/balances')).refused).toBe('400 INVALID_REQUEST');
    expect((await acme.ask('GET', '/v1/balances?tenant=')).refused).toBe('400 INVALID_REQUEST');
    expect((await acme.ask('GET', '/v1/balances?tenant=globex')).refused).toBe('403 FORBIDDEN');
    expect((await acme.ask('GET', '/v1/balances?tenant_id=globex')).refused).toBe('403 FORBIDDEN');
  });

  it('come in pages, with a cursor that goes on where the last one ended', async () => {
    for (const app of ['a', 'b', 'c']) await acme.budget(`/app:${app}`, 1);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await acme.ask('GET', `/v1/balances?tenant=${acme.tenantId}&limit=2&cursor=${cursor}`);
      seen.push(...(page.at('balances') as { scope: string }[]).map(({ scope }) => scope));
      cursor = String(page.at('next_cursor') ?? '');
    } while (cursor !== '');
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
    const bad = await acme.ask('GET', `/v1/balances?tenant=${acme.tenantId}&cursor=nonsense`);
    expect(bad.refused).toBe('400 INVALID_REQUEST');
  });
});
