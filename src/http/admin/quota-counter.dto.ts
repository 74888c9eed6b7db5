/** Bodies of /v1/admin/action-quota-counters (cycles-action-kinds: ActionQuotaState, ActionQuotaCounterResetRequest). */

import { IsBoolean, IsIn, IsInt, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { RiskClass } from '../../domain/assessment.js';
import type { QuotaWindow } from '../../domain/policy.events.js';
import { ListOf, Of, Optional } from '../fields.js';
import { RISK_CLASSES } from '../runtime/action-kind.dto.js';
import { QUOTA_WINDOWS } from './quota.dto.js';

/** Stands where a counter of a risk class has no kind. */
export const RISK = '__risk__';

@JSONSchema({ additionalProperties: true })
export class QuotaCountersQueryDto {
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  /** This scope and those below it. */
  @Optional()
  @IsString()
  @MaxLength(1024)
  readonly scope?: string;

  @Optional()
  @IsString()
  @MaxLength(64)
  readonly action_kind?: string;

  @Optional()
  @IsIn(QUOTA_WINDOWS)
  readonly window?: QuotaWindow;

  @Optional()
  @IsString()
  @MaxLength(256)
  readonly run_id?: string;

  @Optional()
  @IsIn(['true', 'false'])
  readonly include_zero?: 'true' | 'false';

  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(4096)
  readonly cursor?: string;
}

export class QuotaCounterDto {
  @IsString()
  readonly action_kind!: string;

  @Optional()
  @IsString()
  readonly risk_class?: string;

  @IsString()
  readonly scope!: string;

  @IsString()
  readonly scope_path!: string;

  @IsIn(QUOTA_WINDOWS)
  readonly window!: QuotaWindow;

  @IsString()
  readonly window_key!: string;

  @IsInt()
  readonly used!: number;

  @IsInt()
  readonly limit!: number;

  @IsInt()
  readonly remaining!: number;

  /** Left out where no policy has such a quota any more, or several have. */
  @Optional()
  @IsString()
  readonly policy_id?: string;

  @IsString()
  readonly expires_at!: string;

  @IsString()
  readonly last_incremented_at!: string;
}

export class QuotaCounterListDto {
  @ListOf(QuotaCounterDto)
  readonly counters!: readonly QuotaCounterDto[];

  @Optional()
  @IsString()
  readonly next_cursor?: string;

  @IsBoolean()
  readonly has_more!: boolean;
}

export class QuotaCounterResetDto {
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  @MinLength(1)
  @MaxLength(1024)
  readonly scope!: string;

  @MinLength(1)
  @MaxLength(64)
  readonly action_kind!: string;

  /** Wanted where action_kind is `__risk__`. */
  @Optional()
  @IsIn(RISK_CLASSES)
  readonly risk_class?: RiskClass;

  @IsIn(QUOTA_WINDOWS)
  readonly window!: QuotaWindow;

  @MinLength(1)
  @MaxLength(256)
  readonly window_key!: string;

  @Optional()
  @IsString()
  @MaxLength(512)
  readonly reason?: string;
}

export class QuotaCounterResetAnswerDto {
  @Of(QuotaCounterDto)
  readonly counter!: QuotaCounterDto;

  @IsInt()
  readonly previous_used!: number;
}
