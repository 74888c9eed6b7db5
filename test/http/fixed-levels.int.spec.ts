/** Keys that fix levels of the subject: they hold for what the key does, and for what others did. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
});
afterAll(() => serving.stop());

describe('a key that fixes the app', () => {
  it('cannot name another value of it', async () => {
    const fixed = await serving.client('acme', { fixed_subject: { app: 'cli' } });
    await acme.budget('/app:cli', 100);
    expect((await fixed.reserve(1, { subject: { app: 'ide' } })).refused).toBe('403 FORBIDDEN');
    const held = await fixed.reserve(1);
    expect(held.at('scope_path')).toBe('tenant:acme/app:cli');
    expect((await fixed.ask('GET', '/v1/balances?app=ide')).refused).toBe('403 FORBIDDEN');
    expect((await fixed.ask('GET', '/v1/balances?tenant=acme')).status).toBe(200);
    const own = await fixed.ask('GET', '/v1/balances?scope_prefix=tenant:acme/app:cli');
    expect([own.status, own.at('balances.0.scope')]).toEqual([200, 'tenant:acme/app:cli']);
  });

  it('does not reach what others did elsewhere', async () => {
    const fixed = await serving.client('acme', { fixed_subject: { app: 'cli' } });
    await acme.budget('/app:web', 100);
    const foreign = await acme.held(1, { subject: { tenant: 'acme', app: 'web' } });
    const at = `/v1/reservations/${foreign}`;
    const scope = 'scope=tenant:acme/app:web&unit=TOKENS';
    const reads = [at, '/v1/balances?unit=TOKENS', '/v1/admin/budgets', `/v1/admin/budgets/lookup?${scope}`];
    for (const path of reads) expect([path, (await fixed.ask('GET', path)).status]).toEqual([path, 403]);
    const writes: [string, object][] = [
      [`${at}/release`, { idempotency_key: 'r' }],
      [`${at}/extend`, { idempotency_key: 'e', extend_by_ms: 1000 }],
      [`/v1/admin/budgets/fund?${scope}`, { operation: 'CREDIT', amount: { unit: 'TOKENS', amount: 1 } }],
    ];
    for (const [path, body] of writes) {
      expect([path, (await fixed.ask('POST', path, body)).status]).toEqual([path, 403]);
    }
    expect((await fixed.commit(foreign, 1)).refused).toBe('403 FORBIDDEN');
  });
});
