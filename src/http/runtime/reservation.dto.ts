/** Bodies of /v1/reservations (cycles-protocol-v0: reserve, commit, release, ReservationDetail). */

import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { Decision, ObserveMode, OveragePolicy } from '../../domain/events.js';
import type { ReservationStatus } from '../../domain/state.js';
import { FreeForm, Int64, ListOf, Of, Optional, TextList } from '../fields.js';
import { ActionDto, AmountDto, BalanceDto, CapsDto, SubjectDto } from './common.dto.js';
import { DecisionRequestDto } from './decide.dto.js';
import { DenyDetailDto } from './deny-detail.dto.js';

export const OVERAGE_POLICIES = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] as const;

export const OBSERVE_MODES = ['DISABLED', 'OBSERVE', 'ENFORCE'] as const;

export const RESERVATION_STATUSES: readonly ReservationStatus[] = [
  'ACTIVE',
  'COMMITTED',
  'RELEASED',
  'EXPIRED',
];

export class ReservationRequestDto extends DecisionRequestDto {
  @Optional()
  @IsInt()
  @Min(1000)
  @Max(86_400_000)
  readonly ttl_ms?: number;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly grace_period_ms?: number;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly overage_policy?: OveragePolicy;

  @Optional()
  @IsBoolean()
  readonly dry_run?: boolean;

  /** Overrides the tenant's mode for this request (cycles-protocol-extensions). */
  @Optional()
  @IsIn(OBSERVE_MODES)
  readonly observe_mode?: ObserveMode;
}

export class ReservationAnswerDto {
  @IsIn(['ALLOW', 'ALLOW_WITH_CAPS', 'DENY'])
  readonly decision!: Decision;

  @Optional()
  @IsString()
  readonly reservation_id?: string;

  @Optional()
  @Of(AmountDto)
  readonly reserved?: AmountDto;

  @Optional()
  @Int64({ minimum: 0 })
  readonly expires_at_ms?: number;

  @Optional()
  @Int64({ minimum: 0 })
  readonly remaining_ttl_ms?: number;

  @Optional()
  @IsString()
  readonly scope_path?: string;

  @TextList()
  readonly affected_scopes!: readonly string[];

  @Optional()
  @Of(CapsDto)
  readonly caps?: CapsDto;

  @Optional()
  @ListOf(BalanceDto)
  readonly balances?: readonly BalanceDto[];

  @Optional()
  @IsString()
  readonly reason_code?: string;

  @Optional()
  @Of(DenyDetailDto)
  readonly deny_detail?: DenyDetailDto;
}

export class MetricsDto {
  @Optional()
  @IsInt()
  @Min(0)
  readonly tokens_input?: number;

  @Optional()
  @IsInt()
  @Min(0)
  readonly tokens_output?: number;

  @Optional()
  @IsInt()
  @Min(0)
  readonly latency_ms?: number;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly model_version?: string;

  @Optional()
  @FreeForm()
  readonly custom?: Record<string, unknown>;
}

export class CommitRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @Of(AmountDto)
  readonly actual!: AmountDto;

  @Optional()
  @Of(MetricsDto)
  readonly metrics?: MetricsDto;

  @Optional()
  @FreeForm()
  readonly metadata?: Record<string, unknown>;
}

export class CommitAnswerDto {
  @IsIn(['COMMITTED'])
  readonly status!: 'COMMITTED';

  @Of(AmountDto)
  readonly charged!: AmountDto;

  @Of(AmountDto)
  readonly released!: AmountDto;

  @Optional()
  @ListOf(BalanceDto)
  readonly balances?: readonly BalanceDto[];
}

export class ReleaseRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @Optional()
  @IsString()
  @MaxLength(256)
  readonly reason?: string;
}

export class ReleaseAnswerDto {
  @IsIn(['RELEASED'])
  readonly status!: 'RELEASED';

  @Of(AmountDto)
  readonly released!: AmountDto;

  @Optional()
  @ListOf(BalanceDto)
  readonly balances?: readonly BalanceDto[];
}

export class ReservationDetailDto {
  @IsString()
  readonly reservation_id!: string;

  @IsIn(RESERVATION_STATUSES)
  readonly status!: ReservationStatus;

  @Optional()
  @IsString()
  readonly idempotency_key?: string;

  @Of(SubjectDto)
  readonly subject!: SubjectDto;

  @Of(ActionDto)
  readonly action!: ActionDto;

  @Of(AmountDto)
  readonly reserved!: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly committed?: AmountDto;

  @Int64()
  readonly created_at_ms!: number;

  @Int64()
  readonly expires_at_ms!: number;

  @Optional()
  @Int64()
  readonly finalized_at_ms?: number;

  @IsString()
  readonly scope_path!: string;

  @TextList()
  readonly affected_scopes!: readonly string[];

  @Optional()
  @FreeForm()
  readonly metadata?: Record<string, unknown>;

  @Optional()
  @FreeForm()
  readonly committed_metadata?: Record<string, unknown>;
}
