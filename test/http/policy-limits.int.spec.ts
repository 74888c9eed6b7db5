/** What policies say at reserve, decide and commit over HTTP beside kinds and quotas: limits, caps, lifetimes, levels. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

const MINUTE_MS = 60_000;
/** A limit of a minute is tried within one, which may have to be waited for, in ms. */
const PATIENCE_MS = 30_000;

let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`limited-${tenants}`);
  await acme.budget('', 1_000);
});

const policy = async (rules: object, path = '/v1/admin/policies'): Promise<string> => {
  const made = await serving.asAdmin('POST', path, {
    tenant_id: acme.tenantId,
    name: 'limits',
    scope_pattern: `tenant:${acme.tenantId}`,
    ...rules,
  });
  return String(made.at('policy_id'));
};

async function earlyInTheMinute(): Promise<void> {
  while (MINUTE_MS - (Date.now() % MINUTE_MS) < 10_000) await serving.ask('GET', '/health/live');
}

function expectLimited(reply: Reply, what: string, policyId: string): void {
  expect(reply.refused).toBe('429 LIMIT_EXCEEDED');
  const retryAfter = Number(reply.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(60);
  const reset = Number(reply.headers.get('x-ratelimit-reset'));
  expect(Math.abs(reset * 1_000 - Date.now() - retryAfter * 1_000)).toBeLessThan(2_000);
  expect(reply.at('details.deny_detail')).toMatchObject({
    reason_code: 'LIMIT_EXCEEDED',
    blocked_by_policy: policyId,
    suggested_fix: expect.stringContaining(`max_${what}_per_minute`),
  });
}

describe('limits of a minute', () => {
  it(
    'refuse a reserve with 429 and say when again, and leave decides alone',
    async () => {
      const id = await policy({ rate_limits: { max_reservations_per_minute: 2 } });
      await earlyInTheMinute();
      for (let n = 0; n < 2; n++) expect((await acme.reserve(1)).status).toBe(200);
      expectLimited(await acme.reserve(1), 'reservations', id);
      expect(await acme.balance()).toMatchObject({ reserved: 2 });
    },
    PATIENCE_MS,
  );

  it(
    'refuse a commit with 429, after which the hold is there still',
    async () => {
      const id = await policy({ rate_limits: { max_commits_per_minute: 1 } });
      const [first, second] = [await acme.held(1), await acme.held(1)];
      await earlyInTheMinute();
      expect((await acme.commit(first, 1)).status).toBe(200);
      expectLimited(await acme.commit(second, 1), 'commits', id);
      expect((await acme.release(second)).status).toBe(200);
    },
    PATIENCE_MS,
  );
});

describe('caps', () => {
  const caps = { max_tokens: 10, tool_denylist: ['shell'], cooldown_ms: 5 };

  it('come with an allowed reserve, a dry run and a decide, and with their replays', async () => {
    await policy({ caps });
    const body = acme.proposal(1);
    const held = await acme.ask('POST', '/v1/reservations', body);
    const again = await acme.ask('POST', '/v1/reservations', body);
    expect(again.at('reservation_id')).toBe(held.at('reservation_id'));
    const evaluated = [await acme.reserve(1, { dry_run: true }), await acme.decide(1)];
    for (const answer of [held, again, ...evaluated]) {
      expect([answer.status, answer.at('decision')]).toEqual([200, 'ALLOW_WITH_CAPS']);
      expect(answer.at('caps')).toEqual(caps);
    }
    if (!isProtocolThere) return;
    const protocol = new Protocol();
    expect(protocol.problems(held.body, 'ReservationCreateResponse')).toEqual([]);
    expect(protocol.problems(evaluated[1]?.body, 'DecisionResponse')).toEqual([]);
  });

  it('do not come with a denial', async () => {
    await policy({ caps });
    const denied = await acme.decide(1_001);
    expect(denied.body).toMatchObject({ decision: 'DENY', reason_code: 'BUDGET_EXCEEDED' });
    expect(denied.at('caps')).toBeUndefined();
    expect(denied.at('deny_detail')).toMatchObject({
      reason_code: 'BUDGET_EXCEEDED',
      budget_remaining: 1_000,
    });
  });
});

describe('what is left of a budget', () => {
  it('is told exactly, however much it is', async () => {
    const huge = '9007199254740993';
    const other = await serving.tenant(`huge-${tenants}`);
    await other.budget('', huge);
    const body = JSON.stringify(other.proposal(0)).replace('"amount":0', '"amount":9007199254740995');
    const refused = await other.ask('POST', '/v1/reservations', body);
    expect(refused.refused).toBe('409 BUDGET_EXCEEDED');
    expect(refused.text).toContain(`"budget_remaining":${huge}`);
  });
});

describe('a policy’s overrides', () => {
  it('say how long a reservation lives', async () => {
    await policy({ reservation_ttl_override: { default_ttl_ms: 5_000, max_ttl_ms: 10_000 } });
    const livesMs = async (ttl: Record<string, unknown>): Promise<number> => {
      const held = await acme.reserve(1, ttl);
      const shown = await acme.ask('GET', `/v1/reservations/${String(held.at('reservation_id'))}`);
      return Number(shown.at('expires_at_ms')) - Number(shown.at('created_at_ms'));
    };
    expect(await livesMs({})).toBe(5_000);
    expect(await livesMs({ ttl_ms: 8_000 })).toBe(8_000);
    expect(await livesMs({ ttl_ms: 60_000 })).toBe(10_000);
  });

  it('say what becomes of an overage', async () => {
    await policy({ commit_overage_policy: 'REJECT' });
    expect((await acme.commit(await acme.held(1), 2_000)).refused).toBe('409 BUDGET_EXCEEDED');
    const own = { overage_policy: 'ALLOW_IF_AVAILABLE' };
    expect((await acme.commit(await acme.held(1, own), 2_000)).status).toBe(200);
  });
});

describe('required levels', () => {
  it('refuse a subject without them, naming the level', async () => {
    const id = await policy({ required_levels: ['agent'] }, '/admin/policies');
    const refused = await acme.reserve(1);
    expect([refused.refused, refused.at('details')]).toEqual([
      '400 INVALID_REQUEST',
      { field: 'subject.agent', policy_id: id },
    ]);
    const subject = { tenant: acme.tenantId, agent: 'bot' };
    expect((await acme.reserve(1, { subject })).status).toBe(200);
  });
});

describe('policy keys', () => {
  const keys = (policyKeys: object) => ({
    action: { kind: 'message.email.send', name: 'send', policy_keys: policyKeys },
  });

  it.each([
    ['action.policy_keys.team', { team: 'a' }],
    ['action.policy_keys.host', { host: 'h'.repeat(254) }],
    ['action.policy_keys.host', { host: 5 }],
    ['action.policy_keys.recipient_domain', { recipient_domain: 'd'.repeat(254) }],
    ['action.policy_keys.resource_type', { resource_type: 'r'.repeat(129) }],
    ['action.policy_keys.path_prefix', { path_prefix: 'p'.repeat(513) }],
    ['action.policy_keys.custom.a', { custom: { a: 'v'.repeat(257) } }],
    [
      'action.policy_keys.custom',
      { custom: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, 'v'])) },
    ],
  ])('with a wrong %s are refused, naming it', async (field, policyKeys) => {
    const refused = await acme.reserve(1, keys(policyKeys));
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('decide whether a narrowed quota counts a call', async () => {
    const quota = { action_kind: 'message.email.send', max_calls: 1, window: 'per_day_tumbling' };
    await policy({ action_quotas: [{ ...quota, recipient_domain_allowlist: ['Customer.com'] }] });
    const to = (domain: string) => acme.reserve(1, keys({ host: 'h', recipient_domain: domain }));
    expect((await to('customer.COM')).status).toBe(200);
    expect((await to('customer.com')).refused).toBe('409 ACTION_QUOTA_EXCEEDED');
    expect((await to('partner.com')).status).toBe(200);
    expect((await acme.reserve(1, keys({}))).status).toBe(200);
  });

  it('a run that is missing is named where a quota counts by runs', async () => {
    await policy({ action_quotas: [{ action_kind: 'db.query', max_calls: 1, window: 'per_run' }] });
    const refused = await acme.reserve(1, { action: { kind: 'db.query', name: 'q' } });
    expect([refused.refused, refused.at('details.field')]).toEqual([
      '400 INVALID_REQUEST',
      'subject.dimensions.run_id',
    ]);
  });
});
