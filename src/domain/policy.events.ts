/** Events about policies, custom action kinds and quota counters, and the shapes of their rules. */

import type { PolicyKeySpec } from './action-kinds.js';
import type { ApprovalRule } from './approval.events.js';
import type { RiskClass } from './assessment.js';
import type { Caps, OveragePolicy } from './facts.js';
import type { PolicyId, ScopePath } from './ids.js';
import type { Level } from './subject.js';

/**
 * When a counter begins anew (cycles-action-kinds, ActionQuotaWindow): with each run, or with a UTC minute, hour
 * or day. `per_tenant_per_day` counts for the whole tenant, wherever in it the policy applies.
 */
export type QuotaWindow =
  | 'per_run'
  | 'per_minute_tumbling'
  | 'per_hour_tumbling'
  | 'per_day_tumbling'
  | 'per_tenant_per_day';

/** What every quota has. */
interface Quota {
  /** 1 to 100,000. */
  readonly maxCalls: number;
  readonly window: QuotaWindow;
  /** How long the counter of a run outlives its last call, in ms. Only for `per_run`. */
  readonly runTtlMs: number;
  /** The share of `maxCalls` that is reported when it is reached, in hundredths of a percent: 8000 is 80 %. */
  readonly thresholdBp: number;
}
/** At most so many calls of one kind (cycles-action-kinds, ActionQuota). */
export interface ActionQuota extends Quota {
  readonly actionKind: string;
  /** Where one of these is not empty, only calls are counted whose policy key is in it. */
  readonly hosts: readonly string[];
  readonly recipientDomains: readonly string[];
  readonly resourceTypes: readonly string[];
}
/** At most so many calls of all kinds of a risk class together (cycles-action-kinds, RiskClassQuota). */
export interface RiskClassQuota extends Quota {
  readonly riskClass: RiskClass;
}

/** Overrides of how long reservations live (cycles-governance-admin, ReservationTtlOverride); null leaves the tenant's. */
export interface TtlOverride {
  readonly defaultTtlMs: number | null;
  readonly maxTtlMs: number | null;
  readonly maxExtensions: number | null;
}
/** Reservations and commits a UTC minute (cycles-governance-admin, RateLimits); null: no limit. */
export interface RateLimits {
  readonly reservationsPerMinute: number | null;
  readonly commitsPerMinute: number | null;
}
/** Authority that narrows as a RISK_POINTS budget is used up. */
export interface DegradationStep {
  /** From this share of the budget on, in whole percent, 1 to 100. */
  readonly usedPercent: number;
  readonly caps: Caps | null;
  readonly refusedRiskClasses: readonly RiskClass[];
}

export type PolicyStatus = 'ACTIVE' | 'DISABLED';

/** Everything a policy says. */
export interface PolicyRules {
  readonly name: string;
  readonly description: string | null;
  readonly scopePattern: string;
  readonly priority: number;
  readonly caps: Caps | null;
  readonly overagePolicy: OveragePolicy | null;
  readonly ttl: TtlOverride | null;
  readonly rateLimits: RateLimits | null;
  readonly actionQuotas: readonly ActionQuota[];
  readonly riskClassQuotas: readonly RiskClassQuota[];
  /** Not both of these lists may hold anything. */
  readonly allowedKinds: readonly string[];
  readonly deniedKinds: readonly string[];
  /** Subject levels without which a request is refused. */
  readonly requiredLevels: readonly Level[];
  readonly degradation: readonly DegradationStep[];
  /** The first that fits a call asks; where there are none, the gate has its own. Left out in older events. */
  readonly approvalRules?: readonly ApprovalRule[];
  readonly status: PolicyStatus;
  readonly effectiveFromMs: number | null;
  readonly effectiveUntilMs: number | null;
}
/** What may be changed in a policy, each part as it is from then on; what is left out stays. */
export type PolicyChanges = Partial<Omit<PolicyRules, 'scopePattern'>>;

export interface PolicyCreated {
  readonly type: 'PolicyCreated';
  readonly data: PolicyRules & { readonly policyId: PolicyId };
}
export interface PolicyUpdated {
  readonly type: 'PolicyUpdated';
  readonly data: { readonly policyId: PolicyId; readonly changes: PolicyChanges };
}
export interface PolicyDeleted {
  readonly type: 'PolicyDeleted';
  readonly data: { readonly policyId: PolicyId };
}

/** A kind under `custom.` as its tenant declares it; declared again, it is as it was declared last. */
export interface CustomKind {
  readonly kind: string;
  readonly riskClass: RiskClass;
  readonly description: string | null;
  readonly policyKeySpec: PolicyKeySpec | null;
  readonly mcpToolPrefixes: readonly string[];
  readonly deprecated: boolean;
  readonly replacementKind: string | null;
}
export interface ActionKindDeclared {
  readonly type: 'ActionKindDeclared';
  readonly data: CustomKind;
}

/** What a counter counts: calls of a kind, calls of a risk class, or, for rate limits, all reservations or commits. */
export type Counted = `kind:${string}` | `risk:${RiskClass}` | 'reservations' | 'commits';

/** Which counter: one for each rule, scope, narrowing and window. */
export interface CounterName {
  readonly scope: ScopePath;
  readonly counted: Counted;
  readonly window: QuotaWindow;
  /** The run, or the UTC minute, hour or day, as in 2026-04-09T14:32. */
  readonly windowKey: string;
  /** The lists that narrow the rule, in canonical JSON; empty for none. */
  readonly filter: string;
}
/** A counter as it stands after it was used, like a line of a bank statement. */
export interface QuotaUse extends Omit<CounterName, 'filter'> {
  /** Left out where nothing narrows the rule. */
  readonly filter?: string;
  readonly used: number;
  readonly limit: number;
  /** When a run's counter is over, ms since the epoch; those of calendar windows are over with the window. */
  readonly expiresAtMs?: number;
  /** The threshold that this use reached first, in hundredths of a percent; left out in every other use. */
  readonly crossedBp?: number;
}

/** An operator set counters back to nothing. */
export interface QuotaCounterReset {
  readonly type: 'QuotaCounterReset';
  readonly data: {
    readonly counters: readonly (CounterName & { readonly used: number; readonly limit: number })[];
    readonly policyId: PolicyId | null;
    readonly reason: string | null;
  };
}

export type PolicyEvent =
  | PolicyCreated
  | PolicyUpdated
  | PolicyDeleted
  | ActionKindDeclared
  | QuotaCounterReset;
