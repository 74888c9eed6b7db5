/** The shadow report over HTTP: what enforcing would have refused of what a tenant only observed. */

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
  acme = await serving.tenant(`watched-${tenants}`);
  await acme.budget('', 10);
  await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { observe_mode: 'OBSERVE' });
});

const report = (query = '') =>
  serving.asAdmin('GET', `/audit/shadow-report?tenant_id=${acme.tenantId}${query}`);
const by = (agent: string, amount: number) =>
  acme.reserve(amount, { subject: { tenant: acme.tenantId, agent } });

describe('the shadow report', () => {
  it('counts what would have been refused, by agent, kind, reason and hour', async () => {
    for (let n = 0; n < 3; n++) await by('Bot', 1);
    await by('bot', 11);
    const { status, body } = await report();
    expect(status).toBe(200);
    const all = { observed: 4, denied: 1, denial_rate: 25 };
    expect(body).toMatchObject({
      tenant_id: acme.tenantId,
      total: all,
      verdict: 'too_tight',
      by_agent: [{ name: 'bot', ...all }],
      by_kind: [{ name: 'llm.completion', ...all }],
      by_policy: [{ name: '', ...all }],
      by_reason: [{ name: 'BUDGET_EXCEEDED', observed: 1, denied: 1, denial_rate: 100 }],
    });
    const hours = (body as { by_hour: { name: string; observed: number }[] }).by_hour;
    expect(hours.every(({ name }) => /^\d{4}-\d\d-\d\dT\d\d$/.test(name))).toBe(true);
    expect(hours.reduce((sum, { observed }) => sum + observed, 0)).toBe(4);
  });

  it('names the policy that would have refused', async () => {
    const policy = await serving.asAdmin('POST', '/v1/admin/policies', {
      tenant_id: acme.tenantId,
      name: 'no completions',
      scope_pattern: `tenant:${acme.tenantId}`,
      denied_action_kinds: ['llm.completion'],
    });
    await by('bot', 1);
    const { body } = await report();
    expect(body).toMatchObject({
      by_policy: [{ name: policy.at('policy_id'), observed: 1, denied: 1 }],
      by_reason: [{ name: 'ACTION_KIND_DENIED' }],
    });
  });

  it.each([
    [0, 'nothing_observed'],
    [20, 'too_loose'],
  ])('says of %i observed requests that none of would be refused: %s', async (count, verdict) => {
    for (let n = 0; n < count; n++) await by('bot', 1);
    expect((await report()).at('verdict')).toBe(verdict);
  });

  it('counts neither what was enforced nor other tenants', async () => {
    await acme.reserve(1, { observe_mode: 'ENFORCE' });
    await acme.decide(99);
    expect((await report()).at('total')).toMatchObject({ observed: 0, denied: 0 });
  });

  it('counts within a period only', async () => {
    await by('bot', 1);
    const past = await report('&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z');
    expect(past.body).toMatchObject({
      from: '2020-01-01T00:00:00.000Z',
      to: '2020-02-01T00:00:00.000Z',
      total: { observed: 0 },
    });
  });

  it.each([
    ['&from=yesterday', 'from'],
    ['&from=2020-02-01T00:00:00Z&to=2020-01-01T00:00:00Z', 'from'],
    ['&from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z', 'from'],
  ])('refuses %s, naming %s', async (query, field) => {
    const refused = await report(query);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('is refused to an API key', async () => {
    const refused = await acme.ask('GET', `/audit/shadow-report?tenant_id=${acme.tenantId}`);
    expect(refused.status).toBe(401);
  });
});
