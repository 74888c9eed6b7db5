/** Why a request was refused, in the protocol's shape (cycles-protocol-extensions: DenyDetail, ActionQuotaViolation). */

import { IsInt, IsString } from 'class-validator';
import type { DenyDetail, QuotaViolation } from '../../domain/deny-detail.js';
import { Int64, Of, Optional } from '../fields.js';

export class QuotaViolationDto {
  @IsString()
  readonly action_kind!: string;

  @Optional()
  @IsString()
  readonly risk_class?: string;

  @IsString()
  readonly window!: string;

  @IsString()
  readonly window_key!: string;

  @IsInt()
  readonly used!: number;

  @IsInt()
  readonly limit!: number;

  @IsString()
  readonly scope!: string;

  @IsString()
  readonly policy_id!: string;
}

export class DenyDetailDto {
  @IsString()
  readonly reason_code!: string;

  @Optional()
  @Of(QuotaViolationDto)
  readonly quota_violation?: QuotaViolationDto;

  @Optional()
  @IsString()
  readonly blocked_by_scope?: string;

  @Optional()
  @IsString()
  readonly blocked_by_policy?: string;

  @Optional()
  @IsString()
  readonly suggested_fix?: string;

  /** Exact, also beyond 2^53. */
  @Optional()
  @Int64()
  readonly budget_remaining?: number | bigint;
}

/** The reason is always there; what is known beyond it comes with it. */
export const denyDetailOf = (reasonCode: string, deny: DenyDetail = {}): DenyDetailDto => ({
  reason_code: reasonCode,
  ...(deny.quotaViolation && { quota_violation: violationOf(deny.quotaViolation) }),
  ...(deny.blockedByScope !== undefined && { blocked_by_scope: deny.blockedByScope }),
  ...(deny.blockedByPolicy !== undefined && { blocked_by_policy: deny.blockedByPolicy }),
  ...(deny.suggestedFix !== undefined && { suggested_fix: deny.suggestedFix }),
  ...(deny.budgetRemaining !== undefined && { budget_remaining: deny.budgetRemaining }),
});

const violationOf = (violation: QuotaViolation): QuotaViolationDto => ({
  action_kind: violation.actionKind,
  ...(violation.riskClass !== undefined && { risk_class: violation.riskClass }),
  window: violation.window,
  window_key: violation.windowKey,
  used: violation.used,
  limit: violation.limit,
  scope: violation.scope,
  policy_id: violation.policyId,
});
