/** Bodies of POST /v1/decide (cycles-protocol-v0: DecisionRequest, DecisionResponse). */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import type { Decision } from '../../domain/events.js';
import { FreeForm, Of, Optional, TextList } from '../fields.js';
import { ActionDto, AmountDto, CapsDto, SubjectDto } from './common.dto.js';
import { DenyDetailDto } from './deny-detail.dto.js';

export class DecisionRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @Of(SubjectDto)
  readonly subject!: SubjectDto;

  @Of(ActionDto)
  readonly action!: ActionDto;

  @Of(AmountDto)
  readonly estimate!: AmountDto;

  @Optional()
  @FreeForm()
  readonly metadata?: Record<string, unknown>;
}

export class DecisionAnswerDto {
  @IsIn(['ALLOW', 'ALLOW_WITH_CAPS', 'DENY'])
  readonly decision!: Decision;

  @Optional()
  @Of(CapsDto)
  readonly caps?: CapsDto;

  @Optional()
  @IsString()
  readonly reason_code?: string;

  @TextList()
  readonly affected_scopes!: readonly string[];

  @Optional()
  @Of(DenyDetailDto)
  readonly deny_detail?: DenyDetailDto;
}
