/** Quotas of policies (cycles-action-kinds: ActionQuota, RiskClassQuota), and how they are read and shown. */

import { IsIn, IsInt, IsNumber, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { RiskClass } from '../../domain/assessment.js';
import type { ActionQuota, QuotaWindow, RiskClassQuota } from '../../domain/policy.events.js';
import { HttpFailure } from '../failure.js';
import { Optional, TextList } from '../fields.js';
import { RISK_CLASSES } from '../runtime/action-kind.dto.js';

export const QUOTA_WINDOWS: readonly QuotaWindow[] = [
  'per_run',
  'per_minute_tumbling',
  'per_hour_tumbling',
  'per_day_tumbling',
  'per_tenant_per_day',
];
const RUN_TTL_MS = 86_400_000;
const THRESHOLD_PCT = 0.8;
const HOSTS_MAX = 100;

class QuotaDto {
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly max_calls!: number;

  @IsIn(QUOTA_WINDOWS)
  readonly window!: QuotaWindow;

  /** For `per_run` only. */
  @Optional()
  @IsInt()
  @Min(60_000)
  @Max(604_800_000)
  readonly per_run_counter_ttl_ms?: number;

  /** A share of max_calls, with at most four decimals. */
  @Optional()
  @IsNumber()
  @Min(0.01)
  @Max(0.99)
  readonly threshold_pct?: number;
}

export class ActionQuotaDto extends QuotaDto {
  @MinLength(1)
  @MaxLength(64)
  readonly action_kind!: string;

  @Optional()
  @TextList({ itemsMax: HOSTS_MAX, lengthMin: 1, lengthMax: 253 })
  readonly host_allowlist?: readonly string[];

  @Optional()
  @TextList({ itemsMax: HOSTS_MAX, lengthMin: 1, lengthMax: 253 })
  readonly recipient_domain_allowlist?: readonly string[];

  @Optional()
  @TextList({ itemsMax: HOSTS_MAX, lengthMin: 1, lengthMax: 128 })
  readonly resource_type_allowlist?: readonly string[];
}

export class RiskClassQuotaDto extends QuotaDto {
  @IsIn(RISK_CLASSES)
  readonly risk_class!: RiskClass;
}

/** @throws HttpFailure 400 naming the first field that is wrong */
export const actionQuotaFrom = (quota: ActionQuotaDto, nth: number): ActionQuota => ({
  actionKind: quota.action_kind,
  ...countingOf(quota, `action_quotas.${nth}`),
  hosts: lowerCased(quota.host_allowlist),
  recipientDomains: lowerCased(quota.recipient_domain_allowlist),
  resourceTypes: lowerCased(quota.resource_type_allowlist),
});

/** @throws HttpFailure 400 naming the first field that is wrong */
export const riskClassQuotaFrom = (quota: RiskClassQuotaDto, nth: number): RiskClassQuota => ({
  riskClass: quota.risk_class,
  ...countingOf(quota, `risk_class_quotas.${nth}`),
});

function countingOf(quota: QuotaDto, field: string) {
  const { max_calls: maxCalls, window, per_run_counter_ttl_ms: ttl, threshold_pct: share } = quota;
  if (ttl !== undefined && window !== 'per_run') {
    throw invalid(`${field}.per_run_counter_ttl_ms`, 'is for the window per_run only');
  }
  const thresholdBp = basisPoints(share ?? THRESHOLD_PCT);
  if (thresholdBp === null) throw invalid(`${field}.threshold_pct`, 'must have at most four decimals');
  return { maxCalls, window, runTtlMs: ttl ?? RUN_TTL_MS, thresholdBp };
}

/** A share in hundredths of a percent; null for one that is finer. */
function basisPoints(share: number): number | null {
  const whole = Math.round(share * 10_000);
  return whole / 10_000 === share ? whole : null;
}

const invalid = (field: string, reason: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', `${field} ${reason}.`, { field });

/** Hosts and names are compared without case, each once. */
const lowerCased = (texts: readonly string[] = []): string[] => [
  ...new Set(texts.map((text) => text.toLowerCase())),
];

export const actionQuotaOf = (quota: ActionQuota): ActionQuotaDto => ({
  action_kind: quota.actionKind,
  ...shownCounting(quota),
  ...(quota.hosts.length > 0 && { host_allowlist: quota.hosts }),
  ...(quota.recipientDomains.length > 0 && { recipient_domain_allowlist: quota.recipientDomains }),
  ...(quota.resourceTypes.length > 0 && { resource_type_allowlist: quota.resourceTypes }),
});

export const riskClassQuotaOf = (quota: RiskClassQuota): RiskClassQuotaDto => ({
  risk_class: quota.riskClass,
  ...shownCounting(quota),
});

const shownCounting = ({ maxCalls, window, runTtlMs, thresholdBp }: ActionQuota | RiskClassQuota) => ({
  max_calls: maxCalls,
  window,
  ...(window === 'per_run' && { per_run_counter_ttl_ms: runTtlMs }),
  threshold_pct: thresholdBp / 10_000,
});
