/** What is no policy, field by field: refused by name, and nothing is made of it. */

import { placesIn, WRONG, withAt } from './nonsense.js';
import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
});
afterAll(() => serving.stop());

const WHOLE: Readonly<Record<string, unknown>> = {
  name: 'whole',
  description: 'everything that can be said',
  scope_pattern: 'tenant:acme/*',
  priority: 3,
  caps: { max_tokens: 5, tool_allowlist: ['a'], cooldown_ms: 5 },
  commit_overage_policy: 'REJECT',
  reservation_ttl_override: { default_ttl_ms: 5_000, max_ttl_ms: 9_000, max_extensions: 2 },
  rate_limits: { max_reservations_per_minute: 5, max_commits_per_minute: 5 },
  action_quotas: [{ action_kind: 'db.query', max_calls: 5, window: 'per_run', threshold_pct: 0.5 }],
  risk_class_quotas: [{ risk_class: 'read_only', max_calls: 5, window: 'per_hour_tumbling' }],
  denied_action_kinds: ['payment.charge'],
  required_levels: ['agent'],
  degradation: [{ used_percent: 50, refused_risk_classes: ['high_risk'] }],
  approval_rules: [
    {
      name: 'ask',
      when: { min_tier: 3, min_points: 5, risk_classes: ['high_risk'], tools: ['a*'], environments: ['b'] },
      max_missing_points: 5,
      group: 'ops',
      quorum: 2,
      answer_within_ms: 60_000,
      use_within_ms: 60_000,
      escalation: { after_ms: 60_000, group: 'lead' },
    },
  ],
  effective_from: '2026-01-01T00:00:00Z',
  effective_until: '2027-01-01T00:00:00Z',
};

/** Texts that may be empty, as the protocol has it. */
const EMPTY: readonly string[] = ['description', 'caps.tool_allowlist.0'];

/** Nothing is said by an empty list or object: that is right where one is wanted. */
const isRight = (place: string, wrong: unknown): boolean =>
  ['[]', '{}'].includes(JSON.stringify(wrong)) || (EMPTY.includes(place) && wrong === '');

describe('A policy', () => {
  const post = (body: unknown) =>
    serving.asAdmin('POST', '/admin/policies', { tenant_id: acme.tenantId, ...(body as object) });

  it.each(placesIn(WHOLE).map((path) => [path.join('.'), path] as const))(
    'with nonsense for %s is refused by that name',
    async (place, path) => {
      for (const wrong of WRONG) {
        if (isRight(place, wrong)) continue;
        const told = await post(withAt(WHOLE, path, wrong));
        const field = String(told.at('details.field'));
        expect([wrong, told.refused]).toEqual([wrong, '400 INVALID_REQUEST']);
        expect([wrong, field]).toEqual([wrong, expect.stringContaining(path[0] ?? '')]);
      }
      const listed = await serving.asAdmin('GET', `/admin/policies?tenant_id=${acme.tenantId}`);
      expect(listed.at('policies')).toEqual([]);
    },
  );

  it('as it should be is made', async () => {
    expect((await post(WHOLE)).status).toBe(201);
  });
});
