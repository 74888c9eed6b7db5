/** Body and answer of POST /v1/events (cycles-protocol-v0: createEvent). */

import { IsIn, IsInt, IsString, MaxLength, Min, MinLength } from 'class-validator';
import type { OveragePolicy } from '../../domain/events.js';
import { FreeForm, ListOf, Of, Optional } from '../fields.js';
import { ActionDto, AmountDto, BalanceDto, SubjectDto } from './common.dto.js';
import { MetricsDto, OVERAGE_POLICIES } from './reservation.dto.js';

export class EventRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @Of(SubjectDto)
  readonly subject!: SubjectDto;

  @Of(ActionDto)
  readonly action!: ActionDto;

  @Of(AmountDto)
  readonly actual!: AmountDto;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly overage_policy?: OveragePolicy;

  @Optional()
  @Of(MetricsDto)
  readonly metrics?: MetricsDto;

  /** When the client says that it happened; nothing is decided by it. */
  @Optional()
  @IsInt()
  @Min(0)
  readonly client_time_ms?: number;

  @Optional()
  @FreeForm()
  readonly metadata?: Record<string, unknown>;
}

export class EventAnswerDto {
  @IsIn(['APPLIED'])
  readonly status!: 'APPLIED';

  @IsString()
  readonly event_id!: string;

  @Optional()
  @Of(AmountDto)
  readonly charged?: AmountDto;

  @Optional()
  @ListOf(BalanceDto)
  readonly balances?: readonly BalanceDto[];
}
