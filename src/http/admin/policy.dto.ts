/** Bodies of /v1/admin/policies (cycles-governance-admin-v0.1.25, Policy, and its extension 0.1.26), and of ours. */

import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { RiskClass } from '../../domain/assessment.js';
import type { OveragePolicy } from '../../domain/events.js';
import type { PolicyStatus } from '../../domain/policy.events.js';
import { LEVELS, type Level } from '../../domain/subject.js';
import { DateTime, ListOf, ListOfOneOf, Of, Optional, OrNull, TextList } from '../fields.js';
import { RISK_CLASSES } from '../runtime/action-kind.dto.js';
import { CapsDto } from '../runtime/common.dto.js';
import { OVERAGE_POLICIES } from '../runtime/reservation.dto.js';
import { refTo } from '../schema.js';
import { ApprovalRuleDto } from './approval-rule.dto.js';
import { ActionQuotaDto, RiskClassQuotaDto } from './quota.dto.js';

const STATUSES: readonly PolicyStatus[] = ['ACTIVE', 'DISABLED'];
const PRIORITY_MAX = 2_147_483_647;
const TTL_MS_MIN = 1_000;
const TTL_MS_MAX = 86_400_000;
/** The tenant is there always: to require it would say nothing. */
const REQUIRABLE_LEVELS = LEVELS.filter((level) => level !== 'tenant');

export class TtlOverrideDto {
  @Optional()
  @IsInt()
  @Min(TTL_MS_MIN)
  @Max(TTL_MS_MAX)
  readonly default_ttl_ms?: number;

  @Optional()
  @IsInt()
  @Min(TTL_MS_MIN)
  @Max(TTL_MS_MAX)
  readonly max_ttl_ms?: number;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly max_extensions?: number;
}

export class RateLimitsDto {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(PRIORITY_MAX)
  readonly max_reservations_per_minute?: number;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(PRIORITY_MAX)
  readonly max_commits_per_minute?: number;
}

/** Authority that narrows as a RISK_POINTS budget is used up. */
export class DegradationStepDto {
  @IsInt()
  @Min(1)
  @Max(100)
  readonly used_percent!: number;

  @Optional()
  @Of(CapsDto)
  readonly caps?: CapsDto;

  @Optional()
  @ListOfOneOf(RISK_CLASSES)
  readonly refused_risk_classes?: readonly RiskClass[];
}

/** What a policy is given when it is made, and what may be changed later; lists are replaced whole. */
class CommonRulesDto {
  @Optional()
  @IsInt()
  @Min(0)
  @Max(PRIORITY_MAX)
  readonly priority?: number;

  @Optional()
  @ListOf(ActionQuotaDto, { itemsMax: 50 })
  readonly action_quotas?: readonly ActionQuotaDto[];

  @Optional()
  @ListOf(RiskClassQuotaDto, { itemsMax: 20 })
  readonly risk_class_quotas?: readonly RiskClassQuotaDto[];

  @Optional()
  @TextList({ itemsMax: 200, lengthMin: 1, lengthMax: 64 })
  readonly allowed_action_kinds?: readonly string[];

  @Optional()
  @TextList({ itemsMax: 200, lengthMin: 1, lengthMax: 64 })
  readonly denied_action_kinds?: readonly string[];
}

class RulesDto extends CommonRulesDto {
  @Optional()
  @IsString()
  @MaxLength(1024)
  readonly description?: string;

  @Optional()
  @Of(CapsDto)
  readonly caps?: CapsDto;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly commit_overage_policy?: OveragePolicy;

  @Optional()
  @Of(TtlOverrideDto)
  readonly reservation_ttl_override?: TtlOverrideDto;

  @Optional()
  @Of(RateLimitsDto)
  readonly rate_limits?: RateLimitsDto;

  @Optional()
  @DateTime()
  readonly effective_from?: string;

  @Optional()
  @DateTime()
  readonly effective_until?: string;
}

export class PolicyRequestDto extends RulesDto {
  /** Named by operators, and by nobody else: a key has a tenant. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  @MinLength(1)
  @MaxLength(256)
  readonly name!: string;

  @MinLength(1)
  @MaxLength(1024)
  readonly scope_pattern!: string;
}

export class OwnPolicyRequestDto extends PolicyRequestDto {
  @Optional()
  @ListOfOneOf(REQUIRABLE_LEVELS)
  readonly required_levels?: readonly Level[];

  @Optional()
  @ListOf(DegradationStepDto, { itemsMax: 10 })
  readonly degradation?: readonly DegradationStepDto[];

  /** The first that fits a call asks people; without any the gate has its own. */
  @Optional()
  @ListOf(ApprovalRuleDto, { itemsMax: 50 })
  readonly approval_rules?: readonly ApprovalRuleDto[];

  @Optional()
  @IsIn(STATUSES)
  readonly status?: PolicyStatus;
}

export class PolicyChangesDto extends RulesDto {
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly name?: string;

  @Optional()
  @IsIn(STATUSES)
  readonly status?: PolicyStatus;
}

/** The same and ours; null takes away what a policy says. */
export class OwnPolicyChangesDto extends CommonRulesDto {
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly name?: string;

  @Optional()
  @IsIn(STATUSES)
  readonly status?: PolicyStatus;

  @OrNull({ type: 'string', maxLength: 1024 })
  readonly description?: string | null;

  @OrNull(refTo(CapsDto))
  readonly caps?: CapsDto | null;

  @OrNull({ enum: OVERAGE_POLICIES })
  readonly commit_overage_policy?: OveragePolicy | null;

  @OrNull(refTo(TtlOverrideDto))
  readonly reservation_ttl_override?: TtlOverrideDto | null;

  @OrNull(refTo(RateLimitsDto))
  readonly rate_limits?: RateLimitsDto | null;

  @OrNull({ type: 'string', dateTime: true })
  readonly effective_from?: string | null;

  @OrNull({ type: 'string', dateTime: true })
  readonly effective_until?: string | null;

  @Optional()
  @ListOfOneOf(REQUIRABLE_LEVELS)
  readonly required_levels?: readonly Level[];

  @Optional()
  @ListOf(DegradationStepDto, { itemsMax: 10 })
  readonly degradation?: readonly DegradationStepDto[];

  /** The first that fits a call asks people; without any the gate has its own. */
  @Optional()
  @ListOf(ApprovalRuleDto, { itemsMax: 50 })
  readonly approval_rules?: readonly ApprovalRuleDto[];
}

@JSONSchema({ additionalProperties: true })
export class PoliciesQueryDto {
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  /** Exactly this pattern. */
  @Optional()
  @IsString()
  @MaxLength(1024)
  readonly scope_pattern?: string;

  @Optional()
  @IsIn(STATUSES)
  readonly status?: PolicyStatus;

  @Optional()
  @IsIn(['true', 'false'])
  readonly has_action_quotas?: 'true' | 'false';

  @Optional()
  @IsString()
  @MaxLength(64)
  readonly references_action_kind?: string;

  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(4096)
  readonly cursor?: string;
}

export class PolicyDto extends RulesDto {
  @IsString()
  readonly policy_id!: string;

  @IsString()
  readonly name!: string;

  @IsString()
  readonly scope_pattern!: string;

  @IsIn(STATUSES)
  readonly status!: PolicyStatus;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;
}

export class OwnPolicyDto extends PolicyDto {
  @IsString()
  readonly tenant_id!: string;

  @TextList()
  readonly required_levels!: readonly Level[];

  @ListOf(DegradationStepDto)
  readonly degradation!: readonly DegradationStepDto[];

  @ListOf(ApprovalRuleDto)
  readonly approval_rules!: readonly ApprovalRuleDto[];
}

export class PolicyListDto {
  @ListOf(PolicyDto)
  readonly policies!: readonly PolicyDto[];

  @Optional()
  @IsString()
  readonly next_cursor?: string;

  @IsBoolean()
  readonly has_more!: boolean;
}

export class OwnPolicyListDto {
  @ListOf(OwnPolicyDto)
  readonly policies!: readonly OwnPolicyDto[];

  @Optional()
  @IsString()
  readonly next_cursor?: string;

  @IsBoolean()
  readonly has_more!: boolean;
}
