/** POST /gate/evaluate: a request taken apart over HTTP, with nothing recorded. */

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
  acme = await serving.tenant(`evaluated-${tenants}`);
  await acme.budget('', 100);
});

const evaluate = (body: object): Promise<Reply> =>
  serving.asAdmin('POST', '/gate/evaluate', { tenant_id: acme.tenantId, ...body });
const anAction = (amount: number, more: object = {}) => ({
  subject: { agent: 'bot' },
  action: { kind: 'db.query', name: 'q' },
  estimate: { unit: 'TOKENS', amount },
  ...more,
});
const aCall = (command: string) => ({
  subject: { app: 'ide' },
  session_id: 's1',
  tool: { name: 'Shell', input: { command } },
  cwd: '/repo',
});

const verdictsOf = (reply: Reply): string[] =>
  (reply.at('checks') as { check: string; verdict: string; decides: boolean }[]).map(
    ({ check, verdict, decides }) => `${check} ${verdict}${decides ? '!' : ''}`,
  );

describe('an evaluation', () => {
  it('shows every check of an action that would be allowed', async () => {
    const shown = await evaluate(anAction(40));
    expect(shown.status).toBe(200);
    expect(shown.at('decision')).toBe('ALLOW');
    expect(verdictsOf(shown)).toEqual([
      'scope passed',
      'tenant passed',
      'request passed',
      'rate_limit passed',
      'action_kinds passed',
      'risk_class_quotas passed',
      'kind_quotas passed',
      'budgets passed',
    ]);
    const budgets = {
      unit: 'TOKENS',
      requested: 40,
      budgets: [{ scope: `tenant:${acme.tenantId}`, remaining: 100 }],
    };
    expect(shown.at('checks.7.facts')).toMatchObject(budgets);
  });

  it('marks the check that decides, and says what would help', async () => {
    const shown = await evaluate(anAction(140));
    expect(shown.body).toMatchObject({ decision: 'DENY', reason_code: 'BUDGET_EXCEEDED' });
    expect(shown.at('suggested_fix')).toBe(
      `Fund the budget of tenant:${acme.tenantId} by at least 40 TOKENS.`,
    );
    expect(verdictsOf(shown).at(-1)).toBe('budgets refused!');
  });

  it('shows the assessment of a tool call, and that the gate’s own rules come before budgets', async () => {
    const shown = await evaluate(aCall('railway volume delete --yes'));
    expect(shown.at('decision')).toBe('DENY');
    expect(Number(shown.at('assessment.tier'))).toBe(4);
    const order = verdictsOf(shown);
    expect(order.findIndex((line) => line.startsWith('gate_rules'))).toBeLessThan(
      order.findIndex((line) => line.startsWith('budgets')),
    );
    expect(order.filter((line) => line.endsWith('!'))).toHaveLength(1);
  });

  it('records nothing', async () => {
    await evaluate(anAction(40));
    await evaluate(aCall('ls'));
    const record = await serving.asAdmin('GET', `/audit/actions?tenant_id=${acme.tenantId}`);
    expect(record.at('actions')).toEqual([]);
    expect(await acme.balance()).toMatchObject({ reserved: 0 });
  });

  it('answers a key about its own tenant, within its scopes', async () => {
    const own = await acme.ask('POST', '/gate/evaluate', anAction(1));
    expect(own.at('tenant_id')).toBe(acme.tenantId);
    const other = await acme.ask('POST', '/gate/evaluate', anAction(1, { tenant_id: 'another' }));
    expect([other.refused, other.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'tenant_id']);
    const narrow = await serving.client(acme.tenantId, { scope_filter: ['agent:other'] });
    const refused = await narrow.ask('POST', '/gate/evaluate', anAction(1));
    expect(refused.body).toMatchObject({ decision: 'DENY', reason_code: 'FORBIDDEN' });
  });

  it.each([
    ['nothing', {}, 'action'],
    ['both', { ...aCall('ls'), ...anAction(1) }, 'action'],
    ['an action without an estimate', { action: { kind: 'db.query', name: 'q' } }, 'estimate'],
    ['a call without a session', { tool: { name: 'Shell', input: {} } }, 'session_id'],
    ['a call that names its toolset', { ...aCall('ls'), subject: { toolset: 'x' } }, 'subject.toolset'],
    ['a stranger', { ...anAction(1), tenant_id: 'UPPER' }, 'tenant_id'],
  ])('refuses %s, naming the field', async (_what, body, field) => {
    const refused = await evaluate(body);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('does not find a tenant that is not there', async () => {
    expect((await evaluate(anAction(1, { tenant_id: 'nobody' }))).status).toBe(404);
  });
});
