/** Policies, custom kinds and counters in the language of the decider tables. */

import type { RiskClass } from '../../src/domain/assessment.js';
import type { Command } from '../../src/domain/commands.js';
import type {
  Action,
  ActionQuota,
  Caps,
  Counted,
  DegradationStep,
  OveragePolicy,
  PolicyRules,
  QuotaWindow,
  RiskClassQuota,
} from '../../src/domain/events.js';
import type { PolicyId, ScopePath } from '../../src/domain/ids.js';
import type { Level } from '../../src/domain/subject.js';
import { rulesFrom } from './approvals.js';
import { list, scopeOf, type Words } from './words.js';

const policyId = (name: string) => `pol_${name}` as PolicyId;

const WINDOWS: Readonly<Record<string, QuotaWindow>> = {
  run: 'per_run',
  minute: 'per_minute_tumbling',
  hour: 'per_hour_tumbling',
  day: 'per_day_tumbling',
  tenantday: 'per_tenant_per_day',
};

function windowOf(word: string | undefined): QuotaWindow {
  const window = WINDOWS[word ?? ''];
  if (window === undefined) throw new Error(`no such window: ${word}`);
  return window;
}

const DAY_MS = 86_400_000;

/** `email:3/run`, `email:3/run/50%`, `email:3/hour/@api.example.com`. */
function quotaOf(text: string): { what: string; quota: Omit<RiskClassQuota, 'riskClass'>; hosts: string[] } {
  const [what = '', rest = ''] = text.split(':');
  const [max, window, ...more] = rest.split('/');
  const percent = more.find((word) => word.endsWith('%'));
  return {
    what,
    quota: {
      maxCalls: Number(max),
      window: windowOf(window),
      runTtlMs: DAY_MS,
      thresholdBp: percent === undefined ? 8_000 : Number(percent.slice(0, -1)) * 100,
    },
    hosts: more.filter((word) => word.startsWith('@')).map((word) => word.slice(1)),
  };
}

const actionQuotas = (text: string | undefined): ActionQuota[] =>
  list(text).map((each) => {
    const { what: actionKind, quota, hosts } = quotaOf(each);
    return { ...quota, actionKind, hosts, recipientDomains: [], resourceTypes: [] };
  });

const riskQuotas = (text: string | undefined): RiskClassQuota[] =>
  list(text).map((each) => {
    const { what, quota } = quotaOf(each);
    return { ...quota, riskClass: what as RiskClass };
  });

/** `tokens:100`, `steps:3`, both divided by a comma. */
function capsOf(text: string | undefined): Caps | null {
  if (text === undefined) return null;
  const said = Object.fromEntries(list(text).map((each) => each.split(':')));
  return {
    ...(said['tokens'] !== undefined && { maxTokens: Number(said['tokens']) }),
    ...(said['steps'] !== undefined && { maxStepsRemaining: Number(said['steps']) }),
  };
}

/** `50:tokens:9` narrows from 50 % on, `80:high_risk` refuses a risk class from 80 % on. */
const degradationOf = (text: string | undefined): DegradationStep[] =>
  list(text).map((each) => {
    const [percent, ...rest] = each.split(':');
    const isCaps = rest.length > 1;
    return {
      usedPercent: Number(percent),
      caps: isCaps ? capsOf(rest.join(':')) : null,
      refusedRiskClasses: isCaps ? [] : (rest as RiskClass[]),
    };
  });

function rulesOf(words: Words): PolicyRules {
  const [rate, commits] = [words.option('rate'), words.option('commits')];
  const [ttl, maxTtl, extensions] = [
    words.duration('ttl'),
    words.duration('maxttl'),
    words.option('extensions'),
  ];
  const hasTtl = ttl !== null || maxTtl !== null || extensions !== undefined;
  const moment = (name: string): number | null =>
    words.option(name) === undefined ? null : Date.parse(`2026-03-01T${words.option(name)}:00Z`);
  return {
    name: words.option('name') ?? words.at(1),
    description: null,
    scopePattern: words.positional[2] === undefined ? 'tenant:acme' : patternOf(words.at(2)),
    priority: Number(words.option('priority') ?? 0),
    caps: capsOf(words.option('caps')),
    overagePolicy: (words.option('overage') ?? null) as OveragePolicy | null,
    ttl: hasTtl
      ? {
          defaultTtlMs: ttl,
          maxTtlMs: maxTtl,
          maxExtensions: extensions === undefined ? null : Number(extensions),
        }
      : null,
    rateLimits:
      rate === undefined && commits === undefined
        ? null
        : {
            reservationsPerMinute: rate === undefined ? null : Number(rate),
            commitsPerMinute: commits === undefined ? null : Number(commits),
          },
    actionQuotas: actionQuotas(words.option('quota')),
    riskClassQuotas: riskQuotas(words.option('risk')),
    allowedKinds: list(words.option('allow')),
    deniedKinds: list(words.option('deny')),
    requiredLevels: list(words.option('needs')) as Level[],
    degradation: degradationOf(words.option('steps')),
    approvalRules: rulesFrom(words.option('asks')),
    status: words.has('off') ? 'DISABLED' : 'ACTIVE',
    effectiveFromMs: moment('from'),
    effectiveUntilMs: moment('until'),
  };
}

const patternOf = (text: string): string =>
  /^(\*|agent:|app:|toolset:|workflow:)/.test(text) ? text : scopeOf(text);

/** What a step says of the action: its kind, its host. */
export const actionOf = (words: Words, host = words.option('host')): Action => ({
  kind: words.option('kind') ?? 'llm.completion',
  name: 'test',
  ...(host !== undefined && { policy_keys: { host } }),
});

export const POLICY_VERBS: Readonly<Record<string, (words: Words) => Command>> = {
  policy: (words) => ({ type: 'CreatePolicy', policyId: policyId(words.at(1)), rules: rulesOf(words) }),
  repolicy: (words) => {
    const { scopePattern: _pattern, ...rules } = rulesOf(words);
    return { type: 'UpdatePolicy', policyId: policyId(words.at(1)), changes: rules };
  },
  unpolicy: (words) => ({ type: 'DeletePolicy', policyId: policyId(words.at(1)) }),
  kind: (words) => ({
    type: 'DeclareActionKind',
    declared: {
      kind: words.at(1),
      riskClass: words.at(2) as RiskClass,
      description: null,
      policyKeySpec: null,
      mcpToolPrefixes: [],
      deprecated: words.option('instead') !== undefined,
      replacementKind: words.option('instead') ?? null,
    },
  }),
  resetcounter: (words) => ({
    type: 'ResetQuotaCounter',
    scope: scopeOf(words.at(1)) as ScopePath,
    counted: words.at(2) as Counted,
    window: windowOf(words.at(3)),
    windowKey: words.at(4),
    reason: null,
  }),
};
