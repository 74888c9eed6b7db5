/** What requests say about policies as the domain has it, and policies as answers show them. */

import type { Caps } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import type { DegradationStep, PolicyChanges, PolicyRules } from '../../domain/policy.events.js';
import type { Policy } from '../../domain/policy-book.js';
import { HttpFailure } from '../failure.js';
import { isoOf } from '../ledger.dto.js';
import { type CapsDto, capsOf } from '../runtime/common.dto.js';
import { approvalRuleFrom, approvalRuleOf } from './approval-rule.dto.js';
import { defined } from './given.js';
import type {
  DegradationStepDto,
  OwnPolicyChangesDto,
  OwnPolicyDto,
  OwnPolicyRequestDto,
  PolicyDto,
  RateLimitsDto,
  TtlOverrideDto,
} from './policy.dto.js';
import { actionQuotaFrom, actionQuotaOf, riskClassQuotaFrom, riskClassQuotaOf } from './quota.dto.js';

/** What a policy says when a request says nothing. */
const NOTHING_SAID = {
  description: null,
  priority: 0,
  caps: null,
  overagePolicy: null,
  ttl: null,
  rateLimits: null,
  actionQuotas: [],
  riskClassQuotas: [],
  allowedKinds: [],
  deniedKinds: [],
  requiredLevels: [],
  degradation: [],
  status: 'ACTIVE',
  effectiveFromMs: null,
  effectiveUntilMs: null,
} as const satisfies Partial<PolicyRules>;

/** @throws HttpFailure 400 naming the first field that is wrong */
export const rulesFrom = (body: OwnPolicyRequestDto): PolicyRules => ({
  ...NOTHING_SAID,
  ...changesFrom(body),
  name: trimmed(body.name),
  scopePattern: body.scope_pattern,
});

/** Of the fields that are given what the policy is to say; null for what it is to say no more. */
export function changesFrom(body: OwnPolicyChangesDto): PolicyChanges {
  return defined({
    name: body.name === undefined ? undefined : trimmed(body.name),
    description: body.description,
    priority: body.priority,
    status: body.status,
    caps: mapped(body.caps, capsFrom),
    overagePolicy: body.commit_overage_policy,
    ttl: mapped(body.reservation_ttl_override, ttlFrom),
    rateLimits: mapped(body.rate_limits, rateLimitsFrom),
    actionQuotas: body.action_quotas?.map(actionQuotaFrom),
    riskClassQuotas: body.risk_class_quotas?.map(riskClassQuotaFrom),
    allowedKinds: eachOnce(body.allowed_action_kinds),
    deniedKinds: eachOnce(body.denied_action_kinds),
    requiredLevels: eachOnce(body.required_levels),
    approvalRules: body.approval_rules?.map(approvalRuleFrom),
    degradation: body.degradation?.map(stepFrom).sort((a, b) => a.usedPercent - b.usedPercent),
    effectiveFromMs: mapped(body.effective_from, Date.parse),
    effectiveUntilMs: mapped(body.effective_until, Date.parse),
  });
}

/** What is null or was not given stays so. */
const mapped = <T, U>(value: T | null | undefined, map: (value: T) => U): U | null | undefined =>
  value === null || value === undefined ? (value as null | undefined) : map(value);

const eachOnce = <T>(list: readonly T[] | undefined): T[] | undefined => list && [...new Set(list)];

function trimmed(name: string): string {
  const text = name.trim();
  if (text !== '') return text;
  throw new HttpFailure(400, 'INVALID_REQUEST', 'name must not be blank.', { field: 'name' });
}

const capsFrom = (caps: CapsDto): Caps => ({
  ...(caps.max_tokens !== undefined && { maxTokens: caps.max_tokens }),
  ...(caps.max_steps_remaining !== undefined && { maxStepsRemaining: caps.max_steps_remaining }),
  ...(caps.tool_allowlist && { toolAllowlist: caps.tool_allowlist }),
  ...(caps.tool_denylist && { toolDenylist: caps.tool_denylist }),
  ...(caps.cooldown_ms !== undefined && { cooldownMs: caps.cooldown_ms }),
});

const ttlFrom = (ttl: TtlOverrideDto) => ({
  defaultTtlMs: ttl.default_ttl_ms ?? null,
  maxTtlMs: ttl.max_ttl_ms ?? null,
  maxExtensions: ttl.max_extensions ?? null,
});

const rateLimitsFrom = (limits: RateLimitsDto) => ({
  reservationsPerMinute: limits.max_reservations_per_minute ?? null,
  commitsPerMinute: limits.max_commits_per_minute ?? null,
});

const stepFrom = (step: DegradationStepDto): DegradationStep => ({
  usedPercent: step.used_percent,
  caps: step.caps === undefined ? null : capsFrom(step.caps),
  refusedRiskClasses: eachOnce(step.refused_risk_classes) ?? [],
});

/** As the protocol shows a policy. Lists are always there, if only empty. */
export const policyOf = (policy: Policy): PolicyDto => ({
  policy_id: policy.policyId,
  name: policy.name,
  ...(policy.description !== null && { description: policy.description }),
  scope_pattern: policy.scopePattern,
  priority: policy.priority,
  ...(policy.caps !== null && { caps: capsOf(policy.caps) }),
  ...(policy.overagePolicy !== null && { commit_overage_policy: policy.overagePolicy }),
  ...(policy.ttl !== null && { reservation_ttl_override: ttlOf(policy.ttl) }),
  ...(policy.rateLimits !== null && { rate_limits: rateLimitsOf(policy.rateLimits) }),
  action_quotas: policy.actionQuotas.map(actionQuotaOf),
  risk_class_quotas: policy.riskClassQuotas.map(riskClassQuotaOf),
  allowed_action_kinds: policy.allowedKinds,
  denied_action_kinds: policy.deniedKinds,
  status: policy.status,
  ...(policy.effectiveFromMs !== null && { effective_from: isoOf(policy.effectiveFromMs) }),
  ...(policy.effectiveUntilMs !== null && { effective_until: isoOf(policy.effectiveUntilMs) }),
  created_at: isoOf(policy.createdAtMs),
  updated_at: isoOf(policy.updatedAtMs),
});

/** The same with what is ours. */
export const ownPolicyOf = (policy: Policy, tenantId: TenantId): OwnPolicyDto => ({
  ...policyOf(policy),
  tenant_id: tenantId,
  required_levels: policy.requiredLevels,
  degradation: policy.degradation.map(({ usedPercent, caps, refusedRiskClasses }) => ({
    used_percent: usedPercent,
    ...(caps !== null && { caps: capsOf(caps) }),
    refused_risk_classes: refusedRiskClasses,
  })),
  approval_rules: (policy.approvalRules ?? []).map(approvalRuleOf),
});

const ttlOf = ({ defaultTtlMs, maxTtlMs, maxExtensions }: NonNullable<Policy['ttl']>): TtlOverrideDto => ({
  ...(defaultTtlMs !== null && { default_ttl_ms: defaultTtlMs }),
  ...(maxTtlMs !== null && { max_ttl_ms: maxTtlMs }),
  ...(maxExtensions !== null && { max_extensions: maxExtensions }),
});

const rateLimitsOf = (limits: NonNullable<Policy['rateLimits']>): RateLimitsDto => ({
  ...(limits.reservationsPerMinute !== null && {
    max_reservations_per_minute: limits.reservationsPerMinute,
  }),
  ...(limits.commitsPerMinute !== null && { max_commits_per_minute: limits.commitsPerMinute }),
});
