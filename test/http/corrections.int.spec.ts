/** Operators put charges and budgets right over HTTP. */

import { type Reply, Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`corrected-${tenants}`);
  await acme.budget('', 1_000);
});

const TOKENS = (amount: number) => ({ unit: 'TOKENS', amount });

let keys = 0;
function adjust(chargeId: string, amount: number | string, more: object = {}): Promise<Reply> {
  keys += 1;
  const asked = { delta: TOKENS(0), reason: 'a refund', idempotency_key: `key-${keys}`, ...more };
  const body = JSON.stringify(asked).replace('"amount":0', `"amount":${amount}`);
  return serving.asAdmin('POST', `/admin/charges/${chargeId}/adjust`, body);
}

const correct = (more: object = {}): Promise<Reply> =>
  serving.asAdmin('POST', '/admin/budgets/correct', {
    scope: `tenant:${acme.tenantId}`,
    unit: 'TOKENS',
    allocated: TOKENS(900),
    spent: TOKENS(5),
    debt: TOKENS(0),
    reason: 'a wrong import',
    ...more,
  });

async function charged(amount: number, more: object = {}): Promise<string> {
  const { estimate, ...proposal } = acme.proposal(amount);
  const answer = await acme.ask('POST', '/v1/events', { ...proposal, actual: estimate, ...more });
  if (answer.status !== 201) throw new Error(`no charge: ${answer.text}`);
  return String(answer.at('event_id'));
}

describe('the adjustment of a charge', () => {
  it('gives back a part of what a reservation committed, at every scope that bore it', async () => {
    await acme.budget('/app:ide', 100);
    const id = await acme.held(40, { subject: { tenant: acme.tenantId, app: 'ide' } });
    await acme.commit(id, 30);
    const adjusted = await adjust(id, -12);
    expect(adjusted.status).toBe(200);
    expect(adjusted.headers.get('x-cycles-tenant')).toBe(acme.tenantId);
    expect(adjusted.body).toMatchObject({ charge_id: id, delta: TOKENS(-12), charged: TOKENS(18) });
    expect(adjusted.at('balances')).toHaveLength(2);
    expect(await acme.balance()).toMatchObject({ spent: 18, remaining: 982 });
    expect(await acme.balance('TOKENS', `tenant:${acme.tenantId}/app:ide`)).toMatchObject({ spent: 18 });
  });

  it('adds to a charge without a hold', async () => {
    const id = await charged(30);
    expect((await adjust(id, 5)).at('charged.amount')).toBe(35);
    expect((await adjust(id, -35)).at('charged.amount')).toBe(0);
    expect(await acme.balance()).toMatchObject({ spent: 0, remaining: 1_000 });
  });

  it('gives back no more than was charged, also where the charge was capped', async () => {
    const id = await charged(1_500, { overage_policy: 'ALLOW_IF_AVAILABLE' });
    const refused = await adjust(id, -1_001);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details')).toMatchObject({ field: 'delta', charged: 1_000 });
    expect((await adjust(id, -1_000)).status).toBe(200);
  });

  it('is carried out once for a key, and refuses the key for another request', async () => {
    const id = await charged(30);
    const once = { idempotency_key: 'once' };
    const first = await adjust(id, -10, once);
    const again = await adjust(id, -10, once);
    expect(again.text).toBe(first.text);
    expect(await acme.balance()).toMatchObject({ spent: 20 });
    expect((await adjust(id, -11, once)).refused).toBe('409 IDEMPOTENCY_MISMATCH');
  });

  it('leaves a budget alone that was made after the charge', async () => {
    const id = await acme.held(10, { subject: { tenant: acme.tenantId, app: 'late' } });
    await acme.commit(id, 10);
    await acme.budget('/app:late', 100);
    await adjust(id, 5);
    expect(await acme.balance('TOKENS', `tenant:${acme.tenantId}/app:late`)).toMatchObject({ spent: 0 });
  });

  it('refuses what is no charge, another unit, and an amount beyond int64', async () => {
    const open = await acme.held(10);
    expect((await adjust(open, -1)).refused).toBe('404 NOT_FOUND');
    await acme.release(open);
    expect((await adjust(open, -1)).refused).toBe('404 NOT_FOUND');
    const unknown = await adjust('evt_none', -1);
    expect(unknown.refused).toBe('404 NOT_FOUND');
    expect(unknown.at('details.field')).toBe('charge_id');
    const id = await charged(30);
    expect((await adjust(id, 0, { delta: { unit: 'CREDITS', amount: 1 } })).refused).toBe(
      '400 UNIT_MISMATCH',
    );
    expect((await adjust(id, '9223372036854775807')).refused).toBe('400 INVALID_REQUEST');
    expect((await adjust(id, '9223372036854775808')).refused).toBe('400 INVALID_REQUEST');
    expect((await adjust(id, -1, { reason: '' })).at('details.field')).toBe('reason');
    expect((await adjust(id, -1, { idempotency_key: undefined })).at('details.field')).toBe(
      'idempotency_key',
    );
  });

  it('is for operators, whatever a key may', async () => {
    const id = await charged(30);
    const body = { delta: TOKENS(-1), reason: 'mine', idempotency_key: 'k' };
    const refused = await acme.ask('POST', `/admin/charges/${id}/adjust`, body);
    expect(refused.status).toBeGreaterThanOrEqual(401);
    expect(refused.status).toBeLessThanOrEqual(403);
    expect(await acme.balance()).toMatchObject({ spent: 30 });
  });
});

describe('the correction of a budget', () => {
  it('sets its amounts, answers the ledger, and keeps what is held', async () => {
    await acme.held(40);
    const corrected = await correct();
    expect(corrected.status).toBe(200);
    expect(corrected.body).toMatchObject({
      tenant_id: acme.tenantId,
      allocated: TOKENS(900),
      spent: TOKENS(5),
      reserved: TOKENS(40),
      remaining: TOKENS(855),
      is_over_limit: false,
    });
    expect(await acme.balance()).toMatchObject({ allocated: 900, spent: 5, reserved: 40, remaining: 855 });
  });

  it('is made once for a key, and refuses the key for another request, also after a restart', async () => {
    const once = { idempotency_key: 'once' };
    const first = await correct(once);
    await acme.fund('CREDIT', 100);
    const again = await correct(once);
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(await acme.balance()).toMatchObject({ allocated: 1_000, spent: 5 });
    expect((await correct({ ...once, spent: TOKENS(6) })).refused).toBe('409 IDEMPOTENCY_MISMATCH');
    const { dataDir } = serving;
    await serving.server.close();
    serving = await Serving.start({ COUNTERSIGN_DATA_DIR: dataDir });
    acme = acme.at(serving);
    expect((await correct(once)).text).toBe(first.text);
    expect((await correct({ ...once, spent: TOKENS(6) })).refused).toBe('409 IDEMPOTENCY_MISMATCH');
    expect(await acme.balance()).toMatchObject({ allocated: 1_000, spent: 5 });
  });

  it('has keys of its own for each scope and unit', async () => {
    await acme.budget('/app:ide', 10);
    const once = { idempotency_key: 'once' };
    expect((await correct(once)).status).toBe(200);
    const other = await correct({ ...once, scope: `tenant:${acme.tenantId}/app:ide` });
    expect(other.at('scope')).toBe(`tenant:${acme.tenantId}/app:ide`);
  });

  it('is over its limit while something stays uncovered', async () => {
    expect((await correct({ uncovered: TOKENS(1) })).at('is_over_limit')).toBe(true);
    expect((await correct()).at('is_over_limit')).toBe(false);
  });

  it('is in the log of what operators did', async () => {
    await correct();
    const logged = await serving.asAdmin('GET', '/v1/admin/audit/logs?operation=correctBudget&limit=1');
    expect(logged.at('logs.0.metadata')).toMatchObject({
      reason: 'a wrong import',
      tenant_id: acme.tenantId,
    });
  });

  it('refuses another unit, a negative amount, an unknown budget and a closed tenant', async () => {
    const mismatched = await correct({ spent: { unit: 'CREDITS', amount: 1 } });
    expect(mismatched.refused).toBe('400 UNIT_MISMATCH');
    expect(mismatched.at('details.field')).toBe('spent.unit');
    expect((await correct({ debt: TOKENS(-1) })).refused).toBe('400 INVALID_REQUEST');
    expect((await correct({ scope: 'app:ide' })).at('details.field')).toBe('tenant_id');
    const unknown = await correct({ scope: `tenant:${acme.tenantId}/app:none` });
    expect(unknown.refused).toBe('404 BUDGET_NOT_FOUND');
    expect((await correct({ scope: 'tenant:nobody' })).refused).toBe('404 TENANT_NOT_FOUND');
    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'CLOSED' });
    expect((await correct()).refused).toBe('409 TENANT_CLOSED');
  });
});
