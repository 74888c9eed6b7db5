/** The protocol's twelve test vectors of policies over HTTP, in the wire shapes of its schemas. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

const EMAIL = 'message.email.send';
const MINUTE_MS = 60_000;

const protocol = isProtocolThere ? new Protocol() : null;
let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`vector-${tenants}`);
  await acme.budget('', 1_000_000, { unit: 'USD_MICROCENTS' });
  await acme.budget('/agent:support-bot', 50_000, { unit: 'USD_MICROCENTS' });
});

const scopeOf = (agent = 'support-bot') => `tenant:${acme.tenantId}/agent:${agent}`;

/** Makes a policy for the tenant's agents. @returns its id */
async function policy(rules: object): Promise<string> {
  const made = await serving.asAdmin('POST', '/v1/admin/policies', {
    tenant_id: acme.tenantId,
    name: 'vector',
    scope_pattern: `tenant:${acme.tenantId}/*`,
    ...rules,
  });
  expect(made.status).toBe(201);
  return String(made.at('policy_id'));
}

interface Asked {
  readonly kind?: string;
  readonly amount?: number;
  readonly agent?: string;
  readonly run?: string;
  readonly keys?: object;
  readonly extra?: object;
}

const reserve = ({
  kind = EMAIL,
  amount = 500,
  agent = 'support-bot',
  run = 'run-abc-123',
  keys,
  extra,
}: Asked = {}): Promise<Reply> =>
  acme.reserve(amount, {
    subject: { tenant: acme.tenantId, agent, dimensions: { run_id: run } },
    action: { kind, name: 'test', ...(keys && { policy_keys: keys }) },
    estimate: { unit: 'USD_MICROCENTS', amount },
    ttl_ms: 30_000,
    ...extra,
  });

async function reserveTimes(count: number, asked: Asked = {}): Promise<void> {
  for (let n = 0; n < count; n++) expect((await reserve(asked)).status).toBe(200);
}

const observing = () =>
  serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { observe_mode: 'OBSERVE' });

/** What may not change while something is only observed. */
const standing = async (): Promise<unknown[]> => {
  const path = `/v1/admin/action-quota-counters?tenant_id=${acme.tenantId}&include_zero=true`;
  const counters = (await serving.asAdmin('GET', path)).at('counters');
  return [counters, await acme.balance('USD_MICROCENTS'), await acme.balance('USD_MICROCENTS', scopeOf())];
};

const conforms = (reply: Reply, schema: string): void => {
  if (protocol === null) return;
  expect(protocol.problems(reply.body, schema)).toEqual([]);
  const detail = reply.at('details.deny_detail') ?? reply.at('deny_detail');
  if (detail !== undefined) expect(protocol.problems(detail, 'DenyDetail')).toEqual([]);
};

/** A refusal of a live reserve: status, code, and why. */
function expectRefused(reply: Reply, code: string, detail: object): void {
  expect(reply.refused).toBe(`409 ${code}`);
  expect(reply.at('details.deny_detail')).toMatchObject({ reason_code: code, ...detail });
  expect(reply.at('details.deny_detail.suggested_fix')).toEqual(expect.any(String));
  conforms(reply, 'ErrorResponse');
}

/** A 200 that holds nothing. */
function expectEvaluated(reply: Reply, decision: string): void {
  expect([reply.status, reply.at('decision')]).toEqual([200, decision]);
  for (const field of ['reservation_id', 'expires_at_ms', 'reserved'])
    expect(reply.at(field)).toBeUndefined();
  expect(reply.at('affected_scopes')).toEqual([`tenant:${acme.tenantId}`, scopeOf()]);
  conforms(reply, 'ReservationCreateResponse');
}

/** Waits until so much of the current UTC minute is left that a test ends in it. */
async function earlyInTheMinute(): Promise<string> {
  while (MINUTE_MS - (Date.now() % MINUTE_MS) < 10_000) await serving.ask('GET', '/health/live');
  return new Date().toISOString().slice(0, 16);
}

/** The quotas that the tenant's holds used, in the order of the log. */
async function quotasUsed(): Promise<unknown[]> {
  const reader = await serving.openLedger();
  const used: unknown[] = [];
  for (let position = 0; ; ) {
    const page = await reader.readAll({ position, limit: 1_000 });
    for (const { type, stream, data } of page) {
      if (type === 'Reserved' && stream === `tenant-${acme.tenantId}`) used.push(...JSON.parse(data).quotas);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    position = last.position;
  }
  await reader.close();
  return used;
}

describe('the vectors', () => {
  it('1: what passes every check is held', async () => {
    const held = await reserve({ kind: 'llm.completion', amount: 5_000 });
    expect(held.status).toBe(200);
    expect(held.body).toMatchObject({
      decision: 'ALLOW',
      reservation_id: expect.stringMatching(/^rsv_/),
      reserved: { unit: 'USD_MICROCENTS', amount: 5_000 },
      expires_at_ms: expect.any(Number),
      scope_path: scopeOf(),
      affected_scopes: [`tenant:${acme.tenantId}`, scopeOf()],
      balances: [
        { scope: `tenant:${acme.tenantId}`, remaining: { unit: 'USD_MICROCENTS', amount: 995_000 } },
        { scope: scopeOf(), remaining: { unit: 'USD_MICROCENTS', amount: 45_000 } },
      ],
    });
    conforms(held, 'ReservationCreateResponse');
  });

  it('2: a kind that is denied', async () => {
    const policyId = await policy({
      denied_action_kinds: ['payment.charge', 'payment.refund', 'code.deploy'],
    });
    const asked = { kind: 'payment.charge', amount: 100_000, keys: { host: 'api.stripe.com' } };
    const evaluated = await reserve({ ...asked, extra: { dry_run: true } });
    expectEvaluated(evaluated, 'DENY');
    const detail = {
      reason_code: 'ACTION_KIND_DENIED',
      blocked_by_policy: policyId,
      blocked_by_scope: scopeOf(),
      suggested_fix: `Remove 'payment.charge' from denied_action_kinds in policy '${policyId}'.`,
    };
    expect(evaluated.at('deny_detail')).toEqual(detail);
    expectRefused(await reserve(asked), 'ACTION_KIND_DENIED', detail);
  });

  it('3: a kind that is not among those allowed', async () => {
    const policyId = await policy({ allowed_action_kinds: ['db.query', 'llm.completion', 'llm.embedding'] });
    const keys = { host: 'api.sendgrid.com', recipient_domain: 'customer.com' };
    const evaluated = await reserve({ keys, amount: 1_000, extra: { dry_run: true } });
    expectEvaluated(evaluated, 'DENY');
    const detail = {
      reason_code: 'ACTION_KIND_NOT_ALLOWED',
      blocked_by_policy: policyId,
      suggested_fix: `Add '${EMAIL}' to allowed_action_kinds in policy '${policyId}'.`,
    };
    expect(evaluated.at('deny_detail')).toMatchObject(detail);
    expectRefused(await reserve({ keys }), 'ACTION_KIND_NOT_ALLOWED', detail);
  });

  it('4: the quota of a risk class, whichever kinds used it up', async () => {
    const policyId = await policy({
      risk_class_quotas: [{ risk_class: 'external_side_effect', max_calls: 50, window: 'per_hour_tumbling' }],
    });
    const minute = await earlyInTheMinute();
    await reserveTimes(25, { amount: 1 });
    await reserveTimes(25, { amount: 1, kind: 'message.slack.post' });
    expectRefused(await reserve(), 'ACTION_QUOTA_EXCEEDED', {
      quota_violation: {
        action_kind: EMAIL,
        risk_class: 'external_side_effect',
        window: 'per_hour_tumbling',
        window_key: minute.slice(0, 13),
        used: 50,
        limit: 50,
        scope: scopeOf(),
        policy_id: policyId,
      },
      blocked_by_policy: policyId,
    });
  });

  const threePerRun = { action_quotas: [{ action_kind: EMAIL, max_calls: 3, window: 'per_run' }] };
  const violationOf = (policyId: string) => ({
    action_kind: EMAIL,
    window: 'per_run',
    window_key: 'run-abc-123',
    used: 3,
    limit: 3,
    scope: scopeOf(),
    policy_id: policyId,
  });

  it('5: the quota of a kind in a run', async () => {
    const policyId = await policy(threePerRun);
    await reserveTimes(3);
    expectRefused(await reserve(), 'ACTION_QUOTA_EXCEEDED', {
      quota_violation: violationOf(policyId),
      blocked_by_policy: policyId,
    });
    expect((await reserve({ run: 'another' })).status).toBe(200);
  });

  it('6: a budget that is too small', async () => {
    await reserveTimes(1, { amount: 5_000 });
    const refused = await reserve({ kind: 'llm.completion', amount: 500_000 });
    expectRefused(refused, 'BUDGET_EXCEEDED', {
      blocked_by_scope: scopeOf(),
      budget_remaining: 45_000,
      suggested_fix: `Fund the budget of ${scopeOf()} by at least 455000 USD_MICROCENTS.`,
    });
  });

  it('7: what a tenant only observes and would refuse is a 200 that changes nothing', async () => {
    const policyId = await policy(threePerRun);
    await reserveTimes(3);
    await observing();
    const before = await standing();
    const observed = await reserve();
    expectEvaluated(observed, 'DENY');
    expect(observed.at('deny_detail')).toMatchObject({
      reason_code: 'ACTION_QUOTA_EXCEEDED',
      quota_violation: violationOf(policyId),
      blocked_by_policy: policyId,
    });
    expect(await standing()).toEqual(before);
  });

  it('8: what a tenant only observes and would allow holds nothing and counts nothing', async () => {
    await policy(threePerRun);
    await observing();
    const before = await standing();
    for (let n = 0; n < 5; n++) expectEvaluated(await reserve(), 'ALLOW');
    expect(await standing()).toEqual(before);
  });

  it('9: a threshold is reported by the call that reaches it, once', async () => {
    await policy({
      action_quotas: [{ action_kind: EMAIL, max_calls: 10, window: 'per_run', threshold_pct: 0.8 }],
    });
    await reserveTimes(10);
    const crossed = (await quotasUsed()).map((use) => {
      const { used, crossedBp = null } = use as { used: number; crossedBp?: number };
      return [used, crossedBp];
    });
    expect(crossed).toEqual(Array.from({ length: 10 }, (_, nth) => [nth + 1, nth + 1 === 8 ? 8_000 : null]));
  });

  it('10: a request may ask to be observed only', async () => {
    await policy(threePerRun);
    const before = await standing();
    const asked = { kind: 'llm.completion', amount: 2_000, extra: { observe_mode: 'OBSERVE' } };
    expectEvaluated(await reserve(asked), 'ALLOW');
    expect(await standing()).toEqual(before);
    expect(
      (await reserve({ ...asked, extra: { observe_mode: 'ENFORCE' } })).at('reservation_id'),
    ).toBeDefined();
    await observing();
    expect(
      (await reserve({ ...asked, extra: { observe_mode: 'DISABLED' } })).at('reservation_id'),
    ).toBeDefined();
  });

  it('11: a burst within a minute, while the hour has room', async () => {
    const policyId = await policy({
      action_quotas: [
        { action_kind: EMAIL, max_calls: 5, window: 'per_minute_tumbling' },
        { action_kind: EMAIL, max_calls: 100, window: 'per_hour_tumbling' },
      ],
    });
    const minute = await earlyInTheMinute();
    await reserveTimes(5);
    expectRefused(await reserve(), 'ACTION_QUOTA_EXCEEDED', {
      quota_violation: {
        action_kind: EMAIL,
        window: 'per_minute_tumbling',
        window_key: minute,
        used: 5,
        limit: 5,
        scope: scopeOf(),
        policy_id: policyId,
      },
      blocked_by_policy: policyId,
    });
  }, 30_000);

  it('12: agents that make agents', async () => {
    const policyId = await policy({
      action_quotas: [{ action_kind: 'agent.spawn', max_calls: 5, window: 'per_run' }],
    });
    const spawn = { kind: 'agent.spawn', amount: 100, agent: 'orchestrator', run: 'run-orch-001' };
    await reserveTimes(5, spawn);
    expectRefused(await reserve(spawn), 'ACTION_QUOTA_EXCEEDED', {
      quota_violation: {
        action_kind: 'agent.spawn',
        window: 'per_run',
        window_key: 'run-orch-001',
        used: 5,
        limit: 5,
        scope: scopeOf('orchestrator'),
        policy_id: policyId,
      },
      blocked_by_policy: policyId,
    });
  });
});

it('grants exactly 50 of 500 reserves at once against a quota of 50', async () => {
  await policy({ action_quotas: [{ action_kind: EMAIL, max_calls: 50, window: 'per_run' }] });
  const replies = await Promise.all(Array.from({ length: 500 }, () => reserve({ amount: 1 })));
  const outcomes = replies.map((reply) => (reply.status === 200 ? '200' : reply.refused));
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(50);
  expect(outcomes.filter((outcome) => outcome === '409 ACTION_QUOTA_EXCEEDED')).toHaveLength(450);
  expect(await acme.balance('USD_MICROCENTS')).toMatchObject({ reserved: 50 });
}, 60_000);
