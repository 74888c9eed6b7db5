/** Policies over HTTP: made, shown, listed, changed and deleted; every bound of what they may say. */

import { isProtocolThere, Protocol } from './protocol.js';
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
  acme = await serving.tenant(`ruled-${tenants}`);
});

const PATH = '/v1/admin/policies';
const OWN = '/admin/policies';
const make = (rules: object = {}, path = PATH) =>
  serving.asAdmin('POST', path, {
    tenant_id: acme.tenantId,
    name: 'defaults',
    scope_pattern: `tenant:${acme.tenantId}/*`,
    ...rules,
  });
const idOf = async (rules: object = {}, path = PATH): Promise<string> =>
  String((await make(rules, path)).at('policy_id'));

const EVERYTHING = {
  name: '  everything  ',
  description: 'as much as a policy can say',
  priority: 7,
  caps: {
    max_tokens: 10,
    max_steps_remaining: 3,
    tool_allowlist: ['a'],
    tool_denylist: ['b'],
    cooldown_ms: 5,
  },
  commit_overage_policy: 'REJECT',
  reservation_ttl_override: { default_ttl_ms: 5_000, max_ttl_ms: 10_000, max_extensions: 2 },
  rate_limits: { max_reservations_per_minute: 100, max_commits_per_minute: 50 },
  action_quotas: [
    {
      action_kind: 'message.email.send',
      max_calls: 3,
      window: 'per_run',
      per_run_counter_ttl_ms: 60_000,
      threshold_pct: 0.1234,
      host_allowlist: ['API.sendgrid.com', 'api.sendgrid.com'],
      recipient_domain_allowlist: ['customer.com'],
    },
  ],
  risk_class_quotas: [{ risk_class: 'high_risk', max_calls: 10, window: 'per_hour_tumbling' }],
  denied_action_kinds: ['code.exec.shell', 'code.exec.shell'],
  effective_from: '2026-01-01T00:00:00Z',
  effective_until: '2099-01-01T00:00:00+01:00',
};

describe('a policy', () => {
  it('is shown as it was made, in the protocol’s shape', async () => {
    const made = await make(EVERYTHING);
    expect(made.status).toBe(201);
    expect(made.headers.get('x-cycles-tenant')).toBe(acme.tenantId);
    expect(made.at('policy_id')).toMatch(/^pol_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(made.body).toEqual({
      ...EVERYTHING,
      policy_id: made.at('policy_id'),
      name: 'everything',
      scope_pattern: `tenant:${acme.tenantId}/*`,
      action_quotas: [{ ...EVERYTHING.action_quotas[0], host_allowlist: ['api.sendgrid.com'] }],
      risk_class_quotas: [{ ...EVERYTHING.risk_class_quotas[0], threshold_pct: 0.8 }],
      allowed_action_kinds: [],
      denied_action_kinds: ['code.exec.shell'],
      status: 'ACTIVE',
      effective_from: '2026-01-01T00:00:00.000Z',
      effective_until: '2098-12-31T23:00:00.000Z',
      created_at: expect.any(String),
      updated_at: made.at('created_at'),
    });
    if (isProtocolThere) expect(new Protocol().problems(made.body, 'Policy', 'governance')).toEqual([]);
  });

  it('that says nothing shows empty lists, and no part that it does not have', async () => {
    const made = await make();
    expect(made.body).toEqual({
      policy_id: made.at('policy_id'),
      name: 'defaults',
      scope_pattern: `tenant:${acme.tenantId}/*`,
      priority: 0,
      action_quotas: [],
      risk_class_quotas: [],
      allowed_action_kinds: [],
      denied_action_kinds: [],
      status: 'ACTIVE',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('decides from the next request on, until it is disabled', async () => {
    await acme.budget('', 100);
    const id = await idOf({
      scope_pattern: `tenant:${acme.tenantId}`,
      denied_action_kinds: ['llm.completion'],
    });
    expect((await acme.reserve(1)).refused).toBe('409 ACTION_KIND_DENIED');
    await serving.asAdmin('PATCH', `${PATH}/${id}`, { status: 'DISABLED' });
    expect((await acme.reserve(1)).status).toBe(200);
  });

  it('has a name of its own in its tenant', async () => {
    const id = await idOf();
    const again = await make({ priority: 1 });
    expect([again.refused, again.at('details.policy_id')]).toEqual(['409 DUPLICATE_RESOURCE', id]);
  });

  it('is of a tenant that exists', async () => {
    expect((await make({ tenant_id: 'nobody' })).refused).toBe('400 TENANT_NOT_FOUND');
    expect((await make({ tenant_id: undefined })).at('details.field')).toBe('tenant_id');
  });
});

const quota = (extra: object) => ({
  action_quotas: [{ action_kind: 'db.query', max_calls: 1, window: 'per_run', ...extra }],
});
const classQuota = (extra: object) => ({
  risk_class_quotas: [{ risk_class: 'high_risk', max_calls: 1, window: 'per_day_tumbling', ...extra }],
});
const listOf = (length: number, item: (nth: number) => unknown) =>
  Array.from({ length }, (_, nth) => item(nth));

const WRONG: readonly [field: string, rules: object][] = [
  ['name', { name: '' }],
  ['name', { name: '   ' }],
  ['name', { name: 'n'.repeat(257) }],
  ['description', { description: 'd'.repeat(1_025) }],
  ['description', { description: null }],
  ['scope_pattern', { scope_pattern: 'tenant:another/*' }],
  ['scope_pattern', { scope_pattern: 'nolevel' }],
  ['priority', { priority: -1 }],
  ['priority', { priority: 1.5 }],
  ['caps.max_tokens', { caps: { max_tokens: -1 } }],
  ['caps.unheard_of', { caps: { unheard_of: 1 } }],
  ['caps.tool_allowlist.0', { caps: { tool_allowlist: ['t'.repeat(257)] } }],
  ['commit_overage_policy', { commit_overage_policy: 'PERHAPS' }],
  ['reservation_ttl_override.default_ttl_ms', { reservation_ttl_override: { default_ttl_ms: 999 } }],
  ['reservation_ttl_override.max_ttl_ms', { reservation_ttl_override: { max_ttl_ms: 86_400_001 } }],
  ['reservation_ttl_override.max_extensions', { reservation_ttl_override: { max_extensions: -1 } }],
  [
    'reservation_ttl_override.default_ttl_ms',
    { reservation_ttl_override: { default_ttl_ms: 2_000, max_ttl_ms: 1_000 } },
  ],
  ['rate_limits.max_commits_per_minute', { rate_limits: { max_commits_per_minute: 0 } }],
  ['rate_limits.max_reservations_per_minute', { rate_limits: { max_reservations_per_minute: 0 } }],
  ['rate_limits.per_hour', { rate_limits: { per_hour: 1 } }],
  [
    'action_quotas',
    { action_quotas: listOf(51, (nth) => ({ action_kind: `a.${nth}`, max_calls: 1, window: 'per_run' })) },
  ],
  [
    'risk_class_quotas',
    { risk_class_quotas: listOf(21, () => ({ risk_class: 'high_risk', max_calls: 1, window: 'per_run' })) },
  ],
  ['action_quotas.0.max_calls', quota({ max_calls: 0 })],
  ['action_quotas.0.max_calls', quota({ max_calls: 100_001 })],
  ['action_quotas.0.window', quota({ window: 'per_year' })],
  ['action_quotas.0.action_kind', quota({ action_kind: 'k'.repeat(65) })],
  ['action_quotas.0.unheard_of', quota({ unheard_of: 1 })],
  ['action_quotas.0.host_allowlist.0', quota({ host_allowlist: ['h'.repeat(254)] })],
  ['action_quotas.0.recipient_domain_allowlist.0', quota({ recipient_domain_allowlist: ['h'.repeat(254)] })],
  ['action_quotas.0.resource_type_allowlist.0', quota({ resource_type_allowlist: ['r'.repeat(129)] })],
  ['action_quotas.0.per_run_counter_ttl_ms', quota({ per_run_counter_ttl_ms: 59_999 })],
  ['action_quotas.0.per_run_counter_ttl_ms', quota({ per_run_counter_ttl_ms: 604_800_001 })],
  [
    'action_quotas.0.per_run_counter_ttl_ms',
    quota({ window: 'per_day_tumbling', per_run_counter_ttl_ms: 60_000 }),
  ],
  ['action_quotas.0.threshold_pct', quota({ threshold_pct: 0.009 })],
  ['action_quotas.0.threshold_pct', quota({ threshold_pct: 0.991 })],
  ['action_quotas.0.threshold_pct', quota({ threshold_pct: 0.12345 })],
  ['risk_class_quotas.0.risk_class', classQuota({ risk_class: 'harmless' })],
  ['risk_class_quotas.0.per_run_counter_ttl_ms', classQuota({ per_run_counter_ttl_ms: 60_000 })],
  ['risk_class_quotas.0.threshold_pct', classQuota({ threshold_pct: 0.5 + 1e-9 })],
  ['allowed_action_kinds', { allowed_action_kinds: listOf(201, (nth) => `a.${nth}`) }],
  ['denied_action_kinds', { denied_action_kinds: listOf(201, (nth) => `a.${nth}`) }],
  ['denied_action_kinds.0', { denied_action_kinds: ['k'.repeat(65)] }],
  ['denied_action_kinds', { allowed_action_kinds: ['db.query'], denied_action_kinds: ['db.write'] }],
  ['action_kind', { denied_action_kinds: ['custom.acme.undeclared'] }],
  ['effective_from', { effective_from: 'soon' }],
  ['effective_until', { effective_from: '2026-02-01T00:00:00Z', effective_until: '2026-01-01T00:00:00Z' }],
  ['required_levels', { required_levels: ['app'] }],
  ['degradation', { degradation: [] }],
  ['status', { status: 'DISABLED' }],
];

describe('a new policy', () => {
  it.each(WRONG)('with a wrong %s is refused, naming it: %j', async (field, rules) => {
    const refused = await make(rules);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
    const listed = await serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}`);
    expect(listed.at('policies')).toEqual([]);
  });

  it.each([
    ['required_levels.0', { required_levels: ['tenant'] }],
    ['degradation.0.used_percent', { degradation: [{ used_percent: 0 }] }],
    ['degradation.0.used_percent', { degradation: [{ used_percent: 101 }] }],
    [
      'degradation.0.refused_risk_classes.0',
      { degradation: [{ used_percent: 1, refused_risk_classes: ['x'] }] },
    ],
    ['degradation.0.caps.max_tokens', { degradation: [{ used_percent: 1, caps: { max_tokens: -1 } }] }],
    ['degradation', { degradation: listOf(11, (nth) => ({ used_percent: nth + 1 })) }],
    ['degradation', { degradation: [{ used_percent: 5 }, { used_percent: 5 }] }],
  ])('with a wrong %s of ours is refused, naming it', async (field, rules) => {
    const refused = await make(rules, OWN);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });
});

describe('what is ours', () => {
  it('is taken and shown under our own path, and never enters the protocol’s', async () => {
    const ours = {
      required_levels: ['agent', 'app'],
      degradation: [
        { used_percent: 50, caps: { max_tokens: 1 }, refused_risk_classes: [] },
        { used_percent: 80, refused_risk_classes: ['high_risk'] },
      ],
    };
    const made = await make({ ...ours, degradation: [...ours.degradation].reverse() }, OWN);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...ours, tenant_id: acme.tenantId });
    const id = String(made.at('policy_id'));
    const shown = await serving.asAdmin('GET', `${OWN}/${id}`);
    expect(shown.body).toEqual(made.body);
    const listed = await serving.asAdmin('GET', `${PATH}?tenant_id=${acme.tenantId}`);
    expect(Object.keys(listed.at('policies.0') as object)).not.toContain('degradation');
  });
});

describe('a change', () => {
  it('replaces what it names and leaves the rest', async () => {
    const made = await make(EVERYTHING);
    const changed = await serving.asAdmin('PATCH', `${PATH}/${String(made.at('policy_id'))}`, {
      priority: 9,
      denied_action_kinds: [],
      allowed_action_kinds: ['db.query'],
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...(made.body as object),
      priority: 9,
      denied_action_kinds: [],
      allowed_action_kinds: ['db.query'],
      updated_at: changed.at('updated_at'),
    });
  });

  it('of ours takes away by null, which the protocol’s own does not know', async () => {
    const id = await idOf(EVERYTHING);
    const gone = {
      description: null,
      caps: null,
      commit_overage_policy: null,
      reservation_ttl_override: null,
      rate_limits: null,
      effective_from: null,
      effective_until: null,
    };
    for (const [field, value] of Object.entries(gone)) {
      const refused = await serving.asAdmin('PATCH', `${PATH}/${id}`, { [field]: value });
      expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
    }
    const changed = await serving.asAdmin('PATCH', `${OWN}/${id}`, gone);
    expect(changed.status).toBe(200);
    for (const field of Object.keys(gone)) expect(changed.at(field)).toBeUndefined();
  });

  it.each([
    ['caps.max_tokens', { caps: { max_tokens: -1 } }],
    ['effective_from', { effective_from: 'soon' }],
    ['commit_overage_policy', { commit_overage_policy: 'PERHAPS' }],
    ['scope_pattern', { scope_pattern: 'tenant:acme' }],
    ['name', { name: ' ' }],
    ['denied_action_kinds', { allowed_action_kinds: ['db.query'] }],
  ])('with a wrong %s is refused, naming it, on both paths', async (field, body) => {
    const id = await idOf({ denied_action_kinds: ['db.write'] });
    for (const path of [PATH, OWN]) {
      const refused = await serving.asAdmin('PATCH', `${path}/${id}`, body);
      expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
    }
  });

  it('of a policy that nobody made is not found', async () => {
    for (const path of [PATH, OWN]) {
      expect((await serving.asAdmin('PATCH', `${path}/pol_none`, {})).refused).toBe('404 NOT_FOUND');
    }
  });

  it('of a closed tenant’s policy is refused', async () => {
    const id = await idOf();
    await serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status: 'CLOSED' });
    const refused = await serving.asAdmin('PATCH', `${PATH}/${id}`, { priority: 2 });
    expect(refused.refused).toBe('409 TENANT_CLOSED');
  });
});

describe('a deleted policy', () => {
  it('is answered as it was, decides nothing any more, and is not found', async () => {
    await acme.budget('', 100);
    const id = await idOf({
      scope_pattern: `tenant:${acme.tenantId}`,
      denied_action_kinds: ['llm.completion'],
    });
    const removed = await serving.asAdmin('DELETE', `${OWN}/${id}`);
    expect([removed.status, removed.at('policy_id')]).toEqual([200, id]);
    expect((await acme.reserve(1)).status).toBe(200);
    expect((await serving.asAdmin('GET', `${OWN}/${id}`)).refused).toBe('404 NOT_FOUND');
    expect((await serving.asAdmin('DELETE', `${OWN}/${id}`)).refused).toBe('404 NOT_FOUND');
  });
});
