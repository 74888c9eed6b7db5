/** Amounts beyond what a double holds, from the first byte of a request to the last byte of an answer. */

import { Serving, type TenantClient } from './serving.js';

const INT64_MAX = 9_223_372_036_854_775_807n;
/** The first integer that a double cannot hold. */
const PAST_DOUBLE = 9_007_199_254_740_993n;

let serving: Serving;
let rich: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  rich = await serving.tenant(`rich-${tenants}`);
});

/** A body as text, in which a bigint is the integer that it is. */
const exact = (body: object): string =>
  JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? `#${value}#` : value)).replace(
    /"#(\d+)#"/g,
    '$1',
  );
const tokens = (amount: bigint) => ({ unit: 'TOKENS', amount });
const printed = (field: string, amount: bigint): string => `"${field}":{"unit":"TOKENS","amount":${amount}}`;

const reserve = async (amount: bigint, extra: object = {}) => {
  const body = { ...rich.proposal(0), estimate: tokens(amount), ...extra };
  return rich.ask('POST', '/v1/reservations', exact(body));
};
const fund = (operation: string, amount: bigint) => {
  const query = `tenant_id=${rich.tenantId}&scope=tenant:${rich.tenantId}&unit=TOKENS`;
  const body = { operation, amount: tokens(amount) };
  return serving.asAdmin('POST', `/v1/admin/budgets/fund?${query}`, exact(body));
};

describe.each([
  ['2^53 + 1', PAST_DOUBLE],
  ['2^63 − 1', INT64_MAX],
])('%s', (_name, amount) => {
  it('survives funding, reserve, commit, balances and lists to the last digit', async () => {
    expect((await rich.budget('', 0)).status).toBe(201);
    const funded = await fund('CREDIT', amount);
    expect(funded.text).toContain(printed('new_allocated', amount));
    expect(funded.text).toContain(printed('new_remaining', amount));

    const reserved = await reserve(amount, { ttl_ms: 600_000 });
    expect(reserved.text).toContain(printed('reserved', amount));
    expect(reserved.at('balances')).toBeUndefined();
    const id = String(reserved.at('reservation_id'));
    const listed = await rich.ask('GET', '/v1/reservations?sort_by=reserved');
    expect(listed.text).toContain(printed('reserved', amount));
    expect((await rich.ask('GET', `/v1/reservations/${id}`)).text).toContain(printed('reserved', amount));
    const held = await rich.ask('GET', `/v1/balances?tenant=${rich.tenantId}`);
    for (const field of ['reserved', 'allocated']) expect(held.text).toContain(printed(field, amount));
    expect(held.text).toContain(printed('remaining', 0n));

    const body = { idempotency_key: 'settle', actual: tokens(amount - 1n) };
    const committed = await rich.ask('POST', `/v1/reservations/${id}/commit`, exact(body));
    expect(committed.text).toContain(printed('charged', amount - 1n));
    expect(committed.text).toContain(printed('released', 1n));
    const over = await rich.ask('GET', '/v1/reservations?status=COMMITTED');
    expect(over.text).toContain(printed('committed', amount - 1n));
    for (const query of [`tenant=${rich.tenantId}`, 'unit=TOKENS']) {
      const { text } = await rich.ask('GET', `/v1/balances?${query}`);
      expect(text).toContain(printed('spent', amount - 1n));
      expect(text).toContain(printed('remaining', 1n));
    }
  });

  it('survives a charge without a reservation, and its replay', async () => {
    await rich.budget('', String(amount));
    const { estimate: _none, ...proposal } = rich.proposal(0);
    const body = exact({ ...proposal, actual: tokens(amount) });
    const charged = await rich.ask('POST', '/v1/events', body);
    expect(charged.status).toBe(201);
    expect((await rich.ask('POST', '/v1/events', body)).text).toBe(charged.text);
    const { text } = await rich.ask('GET', `/v1/balances?tenant=${rich.tenantId}`);
    expect(text).toContain(printed('spent', amount));
  });

  it('is told from its neighbour by the order of a list, by idempotency and by the budget', async () => {
    await rich.budget('', String(INT64_MAX));
    await reserve(amount - 2n, { idempotency_key: 'one', subject: { tenant: rich.tenantId } });
    const repeated = await reserve(amount - 1n, {
      idempotency_key: 'one',
      subject: { tenant: rich.tenantId },
    });
    expect(repeated.refused).toBe('409 IDEMPOTENCY_MISMATCH');
    const left = INT64_MAX - (amount - 2n);
    expect((await reserve(left + 1n)).refused).toMatch(/409 BUDGET_EXCEEDED|400 INVALID_REQUEST/);
    expect((await reserve(left)).status).toBe(200);
    const ordered = await rich.ask('GET', '/v1/reservations?sort_by=reserved&sort_dir=asc');
    const amounts = [...ordered.text.matchAll(/"reserved":\{"unit":"TOKENS","amount":(\d+)\}/g)];
    const read = amounts.map(([, digits = '']) => BigInt(digits));
    expect(read).toEqual([left, amount - 2n].sort((a, b) => (a < b ? -1 : 1)));
  });
});
