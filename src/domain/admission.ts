/**
 * What policies say of a request before any budget is asked (cycles-protocol-extensions, RESERVATION EVALUATION
 * ORDER): is it complete, is it too soon, is its kind let in, are its quotas used up, which caps does it get.
 */

import { actionKind, type PolicyKeySpec } from './action-kinds.js';
import type { RiskClass } from './assessment.js';
import { narrowed } from './caps.js';
import type { Action, Caps } from './events.js';
import type { PolicyId, ScopePath } from './ids.js';
import type { DegradationStep, QuotaUse } from './policy.events.js';
import type { Applied } from './policy-book.js';
import {
  type Call,
  type Charge,
  exhausted,
  kindCharges,
  lacksRun,
  rateCharge,
  riskCharges,
  useOf,
} from './quota.js';
import { type Refusal, refusal } from './refusals.js';
import type { TenantState } from './state.js';
import { budgetKey, type Subject } from './subject.js';

export interface AdmissionRequest {
  readonly subject: Subject;
  readonly action: Action;
  readonly scopes: readonly ScopePath[];
  /** Names the run that quotas for runs count by: dimensions.run_id, or the session of a tool call. */
  readonly runId: string | null;
  readonly nowMs: number;
}

/** A request that is complete, and the one policy that applies to it. */
export type Examined = Ruled | { readonly applied: null };
export interface Ruled {
  readonly applied: Applied;
  readonly call: Call;
  readonly rate: Charge | null;
  readonly charges: { readonly risk: readonly Charge[]; readonly kind: readonly Charge[] };
  readonly steps: readonly DegradationStep[];
}

/** What the policy says of a request that nothing stands against: it goes into the event. */
export interface Terms {
  readonly caps: Caps | null;
  readonly policyId: PolicyId | null;
  readonly quotas: readonly QuotaUse[];
}

/** The class and the keys of a kind: as the tenant declared it, as the registry has it, or those of the unknown. */
export function describeKind(
  kind: string,
  state: TenantState,
): { readonly riskClass: RiskClass; readonly keySpec: PolicyKeySpec | null } {
  const known = state.kinds.get(kind) ?? actionKind(kind);
  return { riskClass: known?.riskClass ?? 'side_effect', keySpec: known?.policyKeySpec ?? null };
}

/** Whether a subject and an action may be asked about at all: every level that is required, and a declared kind. */
export function completeGuard(
  { subject, action }: Pick<AdmissionRequest, 'subject' | 'action'>,
  applied: Applied | null,
  state: TenantState,
): Refusal | null {
  if (action.kind.startsWith('custom.') && !state.kinds.has(action.kind)) {
    return refusal('request_invalid', `action.kind ${action.kind} is not declared in this tenant.`, {
      field: 'action.kind',
    });
  }
  const missing = applied?.policy.requiredLevels.find(
    (level) => level !== 'tenant' && subject[level] === undefined,
  );
  if (missing === undefined || applied === null) return null;
  return refusal(
    'request_invalid',
    `subject.${missing} is missing: the policy ${applied.policy.policyId} requires it.`,
    { field: `subject.${missing}`, policy_id: applied.policy.policyId },
  );
}

/** Finds the policy and what the request would count as. Refuses what is incomplete. */
export function examine(request: AdmissionRequest, state: TenantState): Examined | Refusal {
  const { action, scopes, runId, nowMs } = request;
  const applied = state.policies.applying(scopes, nowMs);
  const incomplete = completeGuard(request, applied, state);
  if (incomplete) return incomplete;
  if (applied === null) return UNRULED;
  const [tenantScope] = scopes;
  const call: Call = {
    kind: action.kind,
    ...describeKind(action.kind, state),
    policyKeys: action.policy_keys ?? null,
    runId,
    tenantScope: tenantScope as ScopePath,
    nowMs,
  };
  if (lacksRun(applied, call)) {
    return refusal(
      'request_invalid',
      `subject.dimensions.run_id is missing: the policy ${applied.policy.policyId} counts calls by run.`,
      { field: 'subject.dimensions.run_id', policy_id: applied.policy.policyId },
    );
  }
  const limit = applied.policy.rateLimits?.reservationsPerMinute ?? null;
  return {
    call,
    applied,
    rate: limit === null ? null : rateCharge('reservations', limit, applied, state, nowMs),
    charges: { risk: riskCharges(applied, call, state), kind: kindCharges(applied, call, state) },
    steps: reachedSteps(applied, scopes, state),
  };
}

const UNRULED: Examined = { applied: null };

/** Reservations of a minute: too many are refused until the next. */
export const requestRateGuard = (examined: Examined, nowMs: number): Refusal | null =>
  examined.applied === null ? null : rateGuard(examined.rate, examined.applied, nowMs);

/** Reservations of a minute, or commits: too many are refused until the next. */
export function rateGuard(charge: Charge | null, applied: Applied, nowMs: number): Refusal | null {
  if (charge === null || charge.used < charge.limit) return null;
  const { policyId } = applied.policy;
  const what = charge.name.counted;
  const until = instant(charge.expiresAtMs);
  return refusal(
    'rate_limited',
    `The policy ${policyId} allows ${charge.limit} ${what} a minute at ${charge.name.scope}.`,
    {
      policy_id: policyId,
      scope: charge.name.scope,
      limit: charge.limit,
      retry_after_ms: charge.expiresAtMs - nowMs,
    },
    {
      blockedByPolicy: policyId,
      blockedByScope: charge.name.scope,
      suggestedFix: `Wait until ${until}, or raise max_${what}_per_minute above ${charge.used} in policy '${policyId}'.`,
    },
  );
}

/** The lists of kinds, then risk-class quotas, then the kind's own (cycles-protocol-extensions, steps 1 to 3). */
export function rulesGuard(examined: Examined): Refusal | null {
  if (examined.applied === null) return null;
  const { applied, call, charges } = examined;
  return (
    kindGuard(applied, call, examined.steps) ??
    quotaGuard(charges.risk, applied, call) ??
    quotaGuard(charges.kind, applied, call)
  );
}

export function kindGuard(
  { policy, scope }: Applied,
  call: Call,
  steps: readonly DegradationStep[],
): Refusal | null {
  const { policyId, allowedKinds, deniedKinds } = policy;
  const { kind, riskClass } = call;
  const details = { policy_id: policyId, action_kind: kind };
  const by = { blockedByPolicy: policyId, blockedByScope: scope };
  if (deniedKinds.includes(kind)) {
    return refusal('kind_denied', `The policy ${policyId} denies ${kind}.`, details, {
      ...by,
      suggestedFix: `Remove '${kind}' from denied_action_kinds in policy '${policyId}'.`,
    });
  }
  if (allowedKinds.length > 0 && !allowedKinds.includes(kind)) {
    return refusal('kind_not_allowed', `The policy ${policyId} does not allow ${kind}.`, details, {
      ...by,
      suggestedFix: `Add '${kind}' to allowed_action_kinds in policy '${policyId}'.`,
    });
  }
  const step = steps.find(({ refusedRiskClasses }) => refusedRiskClasses.includes(riskClass));
  if (step === undefined) return null;
  return refusal(
    'kind_denied',
    `The policy ${policyId} refuses ${riskClass} actions once ${step.usedPercent} % of the risk points are used.`,
    { ...details, risk_class: riskClass, used_percent: step.usedPercent },
    {
      ...by,
      suggestedFix: `Remove '${riskClass}' from refused_risk_classes of every degradation step in policy '${policyId}'.`,
    },
  );
}

const CALLS_MAX = 100_000;

export function quotaGuard(charges: readonly Charge[], { policy }: Applied, call: Call): Refusal | null {
  const worst = exhausted(charges);
  if (worst === undefined) return null;
  const { name, used, limit } = worst;
  const { policyId } = policy;
  const isRisk = name.counted.startsWith('risk:');
  const counted = name.counted.slice(name.counted.indexOf(':') + 1);
  const quotaViolation = {
    actionKind: call.kind,
    ...(isRisk && { riskClass: call.riskClass }),
    window: name.window,
    windowKey: name.windowKey,
    used,
    limit,
    scope: name.scope,
    policyId,
  };
  return refusal(
    'quota_exceeded',
    `${isRisk ? 'Risk-class quota' : 'Action quota'} exceeded: ${counted} ${name.window} limit ${limit} reached.`,
    { policy_id: policyId, scope: name.scope },
    {
      quotaViolation,
      blockedByPolicy: policyId,
      blockedByScope: name.scope,
      ...fixOfQuota(worst, counted, policyId),
    },
  );
}

/** The next window has room again, and so has a higher limit, as far as there is one. */
function fixOfQuota(
  { name, used, limit, expiresAtMs }: Charge,
  counted: string,
  policyId: PolicyId,
): { suggestedFix?: string } {
  const raise =
    used < CALLS_MAX
      ? `increase the ${counted} ${name.window} limit from ${limit} to ${used + 1} in policy '${policyId}'`
      : null;
  const wait = name.window === 'per_run' ? null : `wait until ${instant(expiresAtMs)}`;
  const ways = [wait, raise].filter((way) => way !== null).join(', or ');
  return ways === '' ? {} : { suggestedFix: `${ways.charAt(0).toUpperCase()}${ways.slice(1)}.` };
}

/** The steps that any RISK_POINTS budget over the request has reached, all of which apply. */
function reachedSteps(
  { policy }: Applied,
  scopes: readonly ScopePath[],
  state: TenantState,
): readonly DegradationStep[] {
  if (policy.degradation.length === 0) return [];
  const budgets = scopes.flatMap((scope) => state.budgets.get(budgetKey(scope, 'RISK_POINTS')) ?? []);
  return policy.degradation.filter(({ usedPercent }) =>
    budgets.some(
      ({ spent, reserved, debt, allocated }) =>
        (spent + reserved + debt) * 100n >= BigInt(usedPercent) * allocated,
    ),
  );
}

/** What an admitted request is granted under. */
export function termsOf(examined: Examined): Terms {
  if (examined.applied === null) return NO_TERMS;
  const { applied, rate, charges, steps } = examined;
  const { policyId } = applied.policy;
  const caps = steps.reduce((before, step) => narrowed(before, step.caps), applied.policy.caps);
  const used = [...(rate === null ? [] : [rate]), ...charges.risk, ...charges.kind];
  return { caps, policyId, quotas: used.map(useOf) };
}

/** Where no policy applies. */
export const NO_TERMS: Terms = { caps: null, policyId: null, quotas: [] };

const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
