/** Bodies of what puts a budget or a charge right, which the protocol leaves to each server. */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { JsonObject } from '../../domain/events.js';
import { FreeForm, ListOf, Of, Optional } from '../fields.js';
import { AmountDto, BalanceDto, SignedAmountDto } from '../runtime/common.dto.js';
import { BudgetPlaceDto } from './budget.dto.js';

const REASON_LENGTH_MAX = 512;

/** What the amounts of a budget should have been; what is held stays held. */
export class CorrectionRequestDto extends BudgetPlaceDto {
  @Of(AmountDto)
  readonly allocated!: AmountDto;

  @Of(AmountDto)
  readonly spent!: AmountDto;

  @Of(AmountDto)
  readonly debt!: AmountDto;

  /** Of charges that were capped, what nobody has made good; nothing, when it is left out. */
  @Optional()
  @Of(AmountDto)
  readonly uncovered?: AmountDto;

  @MinLength(1)
  @MaxLength(REASON_LENGTH_MAX)
  readonly reason!: string;

  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key?: string;
}

/** A budget's amounts as a correction left them: said of the correction alone, so that a repeat hears the same. */
export class CorrectionAnswerDto extends BalanceDto {
  @IsString()
  readonly tenant_id!: string;

  @IsIn(UNITS)
  readonly unit!: Unit;

  @IsString()
  readonly reason!: string;

  @IsString()
  readonly timestamp!: string;
}

export class AdjustmentRequestDto {
  /** Added to the charge; negative gives a part of it back. */
  @Of(SignedAmountDto)
  readonly delta!: SignedAmountDto;

  @MinLength(1)
  @MaxLength(REASON_LENGTH_MAX)
  readonly reason!: string;

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;

  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;
}

export class AdjustmentAnswerDto {
  @IsString()
  readonly charge_id!: string;

  @Of(SignedAmountDto)
  readonly delta!: SignedAmountDto;

  /** What is charged altogether from then on. */
  @Of(AmountDto)
  readonly charged!: AmountDto;

  @Optional()
  @ListOf(BalanceDto)
  readonly balances?: readonly BalanceDto[];
}
