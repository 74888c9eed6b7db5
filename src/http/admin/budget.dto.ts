/** Bodies of /v1/admin/budgets (cycles-governance-admin-v0.1.25: BudgetCreateRequest, BudgetFundingRequest). */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { FundingOperation, JsonObject, OveragePolicy, RolloverPolicy } from '../../domain/events.js';
import type { BudgetStatus } from '../../domain/state.js';
import { BUDGET_SORTS, type BudgetSort } from '../../projections/balances/balances.queries.js';
import { DateTime, FreeForm, ListOf, Of, Optional } from '../fields.js';
import { LedgerDto } from '../ledger.dto.js';
import { PageDto } from '../page.dto.js';
import { AmountDto, SignedAmountDto } from '../runtime/common.dto.js';
import { OVERAGE_POLICIES } from '../runtime/reservation.dto.js';
import { SearchQueryDto } from './search.dto.js';

const FUNDING_OPERATIONS = ['CREDIT', 'DEBIT', 'RESET', 'REPAY_DEBT', 'RESET_SPENT'] as const;
export const ROLLOVER_POLICIES = ['NONE', 'CARRY_FORWARD', 'CAP_AT_ALLOCATED'] as const;

/** Where a budget is, and in which unit. */
export class BudgetPlaceDto {
  /** A new budget's tenant, which an operator must name; an API key's is its own. Else the tenant of the scope. */
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  @MinLength(1)
  @MaxLength(1024)
  readonly scope!: string;

  @IsIn(UNITS)
  readonly unit!: Unit;
}

export class BudgetRequestDto extends BudgetPlaceDto {
  @Of(AmountDto)
  readonly allocated!: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly overdraft_limit?: AmountDto;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly commit_overage_policy?: OveragePolicy;

  @Optional()
  @IsIn(ROLLOVER_POLICIES)
  readonly rollover_policy?: RolloverPolicy;

  @Optional()
  @DateTime()
  readonly period_start?: string;

  @Optional()
  @DateTime()
  readonly period_end?: string;

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;
}

/** What may be changed; what is left out stays as it is. */
export class BudgetChangesDto {
  @Optional()
  @Of(AmountDto)
  readonly overdraft_limit?: AmountDto;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly commit_overage_policy?: OveragePolicy;

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;
}

/** Names one budget. */
@JSONSchema({ additionalProperties: true })
export class BudgetQueryDto {
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  @MinLength(1)
  @MaxLength(1024)
  readonly scope!: string;

  @IsIn(UNITS)
  readonly unit!: Unit;
}

export class BudgetTransitionDto {
  @Optional()
  @IsString()
  @MaxLength(512)
  readonly reason?: string;

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;
}

export class FundingRequestDto {
  @IsIn(FUNDING_OPERATIONS)
  readonly operation!: FundingOperation;

  @Of(AmountDto)
  readonly amount!: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly spent?: AmountDto;

  @Optional()
  @IsString()
  @MaxLength(512)
  readonly reason?: string;

  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key?: string;

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;
}

export class FundingAnswerDto {
  @IsString()
  readonly operation!: FundingOperation;

  @Of(AmountDto)
  readonly previous_allocated!: AmountDto;

  @Of(AmountDto)
  readonly new_allocated!: AmountDto;

  @Of(SignedAmountDto)
  readonly previous_remaining!: SignedAmountDto;

  @Of(SignedAmountDto)
  readonly new_remaining!: SignedAmountDto;

  @Of(AmountDto)
  readonly previous_debt!: AmountDto;

  @Of(AmountDto)
  readonly new_debt!: AmountDto;

  @Of(AmountDto)
  readonly previous_spent!: AmountDto;

  @Of(AmountDto)
  readonly new_spent!: AmountDto;

  @IsString()
  readonly timestamp!: string;
}

@JSONSchema({ additionalProperties: true })
export class BudgetsQueryDto extends SearchQueryDto {
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  @Optional()
  @IsString()
  @MaxLength(1024)
  readonly scope_prefix?: string;

  @Optional()
  @IsIn(UNITS)
  readonly unit?: Unit;

  @Optional()
  @IsIn(['ACTIVE', 'FROZEN', 'CLOSED'])
  readonly status?: BudgetStatus;

  @Optional()
  @IsIn(['true', 'false'])
  readonly has_debt?: 'true' | 'false';

  @Optional()
  @IsIn(['true', 'false'])
  readonly over_limit?: 'true' | 'false';

  /** Of what is allocated, how much is spent at least, from 0 to 1. */
  @Optional()
  @IsString()
  readonly utilization_min?: string;

  /** Of what is allocated, how much is spent at most, from 0 to 1. */
  @Optional()
  @IsString()
  readonly utilization_max?: string;

  @Optional()
  @IsIn(BUDGET_SORTS)
  readonly sort_by?: BudgetSort;
}

export class LedgerListDto extends PageDto {
  @ListOf(LedgerDto)
  readonly ledgers!: readonly LedgerDto[];
}
