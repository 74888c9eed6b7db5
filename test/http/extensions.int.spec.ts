/** Extending a hold and charging without one, as a client sees it. */

import { send } from './operations.js';
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
  acme = await serving.tenant(`beating-${tenants}`);
  await acme.budget('', 100);
});

const shown = async (id: string) => (await acme.ask('GET', `/v1/reservations/${id}`)).body;
const extend = (id: string, body: object = {}) => send('extendReservation', acme, { id, body });

describe('an extension', () => {
  it('moves the expiry from where it was, and nothing else', async () => {
    const id = await acme.held(10, { ttl_ms: 60_000 });
    const before = (await shown(id)) as { expires_at_ms: number };
    const extended = await extend(id, { extend_by_ms: 5_000 });
    expect(extended.at('expires_at_ms')).toBe(before.expires_at_ms + 5_000);
    expect(Number(extended.at('remaining_ttl_ms'))).toBeGreaterThan(60_000);
    expect(await shown(id)).toEqual({ ...before, expires_at_ms: before.expires_at_ms + 5_000 });
    expect(await acme.balance()).toMatchObject({ reserved: 10, remaining: 90 });
  });

  it('is made once however often it is sent, and tells what is left now', async () => {
    const id = await acme.held(10, { ttl_ms: 60_000 });
    const beat = { idempotency_key: 'beat', extend_by_ms: 5_000 };
    const first = await extend(id, beat);
    const again = await extend(id, beat);
    expect(again.at('expires_at_ms')).toBe(first.at('expires_at_ms'));
    expect(Number(again.at('remaining_ttl_ms'))).toBeLessThanOrEqual(Number(first.at('remaining_ttl_ms')));
    expect(Number(again.at('remaining_ttl_ms'))).toBeGreaterThan(0);
    await acme.release(id);
    const over = await extend(id, beat);
    expect(over.body).toEqual({
      status: 'ACTIVE',
      expires_at_ms: first.at('expires_at_ms'),
      remaining_ttl_ms: 0,
    });
  });
});

describe('a charge without a reservation', () => {
  const charge = (amount: number, extra: object = {}) =>
    send('createEvent', acme, { body: { actual: { unit: 'TOKENS', amount }, ...extra } });

  it('is applied over every scope that has a budget', async () => {
    await acme.budget('/app:ide', 50);
    const charged = await charge(20, {
      subject: { tenant: acme.tenantId, app: 'ide' },
      metrics: { tokens_input: 3 },
      client_time_ms: 1_700_000_000_000,
      metadata: { note: 'late' },
    });
    expect(charged.at('event_id')).toMatch(/^evt_/);
    expect(charged.at('charged')).toBeUndefined();
    const balances = charged.at('balances') as { scope: string; spent: { amount: number } }[];
    expect(balances.map(({ scope, spent }) => [scope, spent.amount])).toEqual([
      [`tenant:${acme.tenantId}`, 20],
      [`tenant:${acme.tenantId}/app:ide`, 20],
    ]);
  });

  it('says what was charged where that is less than what was asked', async () => {
    const capped = await charge(150);
    expect(capped.at('charged')).toEqual({ unit: 'TOKENS', amount: 100 });
    expect(await acme.balance()).toMatchObject({ spent: 100, remaining: 0, debt: 0 });
    expect((await acme.reserve(1)).refused).toBe('409 OVERDRAFT_LIMIT_EXCEEDED');
  });

  it('is made once under a key, and answered with 201 each time', async () => {
    const body = { idempotency_key: 'once' };
    const { subject, action } = acme.proposal(1);
    const first = await charge(5, { ...body, subject, action });
    const again = await charge(5, { ...body, subject, action });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await acme.balance()).toMatchObject({ spent: 5 });
  });
});
