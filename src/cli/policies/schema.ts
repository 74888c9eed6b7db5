/** What a policy file may hold: the words of the API, checked before anything is sent. */

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const list = (items: object, maxItems: number) => ({ type: 'array', items, maxItems });
const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const MAX_MS = 86_400_000;
/** Beyond 2^53 amounts are written in quotes, as YAML readers differ. */
const amount = { oneOf: [whole(0, Number.MAX_SAFE_INTEGER), { type: 'string', pattern: '^\\d{1,19}$' }] };
const unit = { enum: ['USD_MICROCENTS', 'TOKENS', 'CREDITS', 'RISK_POINTS'] };
const overage = { enum: ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] };
const rollover = { enum: ['NONE', 'CARRY_FORWARD', 'CAP_AT_ALLOCATED'] };
const riskClass = {
  enum: ['read_only', 'local_mutation', 'side_effect', 'external_side_effect', 'high_risk'],
};
const window = {
  enum: ['per_run', 'per_minute_tumbling', 'per_hour_tumbling', 'per_day_tumbling', 'per_tenant_per_day'],
};
/** As the server takes it: RFC 3339. */
const moment = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
};
const kind = text(64);
const tools = list(text(256), 1_000);
const caps = object([], {
  max_tokens: whole(0, 2 ** 31 - 1),
  max_steps_remaining: whole(0, 2 ** 31 - 1),
  tool_allowlist: tools,
  tool_denylist: tools,
  cooldown_ms: whole(0, 2 ** 31 - 1),
});
const quota = {
  max_calls: whole(1, 100_000),
  window,
  per_run_counter_ttl_ms: whole(60_000, 604_800_000),
  threshold_pct: { type: 'number', minimum: 0.01, maximum: 0.99 },
};

const time = { oneOf: [whole(1_000, 31 * MAX_MS), { type: 'null' }] };
const group = { type: 'string', pattern: '^[a-zA-Z0-9_.-]{1,128}$' };
const points = whole(0, 1_000_000);
const approvalRule = object(['name'], {
  name: text(128),
  when: object([], {
    min_tier: whole(0, 4),
    min_points: points,
    risk_classes: list(riskClass, 5),
    action_kinds: list(kind, 100),
    tools: list(text(256), 100),
    environments: list(text(64), 20),
    budget_exceeded: { type: 'boolean' },
  }),
  max_missing_points: points,
  group,
  quorum: whole(1, 10),
  answer_within_ms: time,
  use_within_ms: time,
  passkey: { type: 'boolean' },
  links: { type: 'boolean' },
  escalation: object(['after_ms', 'group'], { after_ms: whole(1_000, 31 * MAX_MS), group }),
});

const policy = object(['name', 'scope_pattern'], {
  name: text(256),
  description: text(1024),
  scope_pattern: text(1024),
  priority: whole(0, 2 ** 31 - 1),
  caps,
  commit_overage_policy: overage,
  reservation_ttl_override: object([], {
    default_ttl_ms: whole(1_000, MAX_MS),
    max_ttl_ms: whole(1_000, MAX_MS),
    max_extensions: whole(0, 1_000_000),
  }),
  rate_limits: object([], {
    max_reservations_per_minute: whole(1, 2 ** 31 - 1),
    max_commits_per_minute: whole(1, 2 ** 31 - 1),
  }),
  action_quotas: list(
    object(['action_kind', 'max_calls', 'window'], {
      action_kind: kind,
      ...quota,
      host_allowlist: list(text(253), 100),
      recipient_domain_allowlist: list(text(253), 100),
      resource_type_allowlist: list(text(128), 100),
    }),
    50,
  ),
  risk_class_quotas: list(
    object(['risk_class', 'max_calls', 'window'], { risk_class: riskClass, ...quota }),
    20,
  ),
  allowed_action_kinds: list(kind, 200),
  denied_action_kinds: list(kind, 200),
  required_levels: list({ enum: ['workspace', 'app', 'workflow', 'agent', 'toolset'] }, 5),
  degradation: list(
    object(['used_percent'], {
      used_percent: whole(1, 100),
      caps,
      refused_risk_classes: list(riskClass, 5),
    }),
    10,
  ),
  approval_rules: list(approvalRule, 50),
  status: { enum: ['ACTIVE', 'DISABLED'] },
  effective_from: moment,
  effective_until: moment,
});

const budget = object(['scope', 'unit', 'allocated'], {
  scope: text(1024),
  unit,
  allocated: amount,
  overdraft_limit: amount,
  commit_overage_policy: overage,
  rollover_policy: rollover,
});

const template = object(['scope_pattern', 'unit', 'allocated'], {
  scope_pattern: text(1024),
  unit,
  allocated: amount,
  overdraft_limit: amount,
  rollover_policy: rollover,
  period: { enum: ['daily', 'weekly', 'monthly'] },
});

const actionKind = object(['kind', 'risk_class'], {
  kind,
  risk_class: riskClass,
  description: text(512),
  policy_key_spec: object([], {
    host: { type: 'boolean' },
    recipient_domain: { type: 'boolean' },
    resource_type: text(128),
    path_prefix: { type: 'boolean' },
  }),
  mcp_tool_prefixes: list(text(128), 100),
  deprecated: { type: 'boolean' },
  replacement_kind: kind,
});

/** One YAML document. */
export const DOCUMENT = object(['tenant'], {
  tenant: { type: 'string', pattern: '^[a-z0-9-]{3,64}$' },
  action_kinds: list(actionKind, 1_000),
  budgets: list(budget, 10_000),
  budget_templates: list(template, 1_000),
  policies: list(policy, 1_000),
});
