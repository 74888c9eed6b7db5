/** A budget as operators see it (cycles-governance-admin-v0.1.25, BudgetLedger), and how it is rendered. */

import { IsBoolean, IsIn, IsString } from 'class-validator';
import { UNITS, type Unit } from '../domain/amount.js';
import type { OveragePolicy, RolloverPolicy } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import { type Budget, type BudgetStatus, isOverLimit, remainingOf } from '../domain/state.js';
import { Of, Optional } from './fields.js';
import { AmountDto, SignedAmountDto } from './runtime/common.dto.js';

export class LedgerDto {
  @IsString()
  readonly ledger_id!: string;

  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly scope!: string;

  @IsString()
  readonly scope_path!: string;

  @IsIn(UNITS)
  readonly unit!: Unit;

  @Of(AmountDto)
  readonly allocated!: AmountDto;

  @Of(SignedAmountDto)
  readonly remaining!: SignedAmountDto;

  @Of(AmountDto)
  readonly reserved!: AmountDto;

  @Of(AmountDto)
  readonly spent!: AmountDto;

  @Of(AmountDto)
  readonly debt!: AmountDto;

  @Of(AmountDto)
  readonly overdraft_limit!: AmountDto;

  @IsBoolean()
  readonly is_over_limit!: boolean;

  @Optional()
  @IsString()
  readonly commit_overage_policy?: OveragePolicy;

  @IsString()
  readonly status!: BudgetStatus;

  @IsString()
  readonly rollover_policy!: RolloverPolicy;

  @Optional()
  @IsString()
  readonly period_start?: string;

  @Optional()
  @IsString()
  readonly period_end?: string;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;
}

export const isoOf = (atMs: number): string => new Date(atMs).toISOString();

export function ledgerOf(budget: Omit<Budget, 'carried'>, tenantId: TenantId): LedgerDto {
  const { unit, scope, overagePolicy, period } = budget;
  const amount = (value: bigint): AmountDto => ({ unit, amount: value });
  return {
    ledger_id: budget.ledgerId,
    tenant_id: tenantId,
    scope,
    scope_path: scope,
    unit,
    allocated: amount(budget.allocated),
    remaining: amount(remainingOf(budget)),
    reserved: amount(budget.reserved),
    spent: amount(budget.spent),
    debt: amount(budget.debt),
    overdraft_limit: amount(budget.overdraftLimit),
    is_over_limit: isOverLimit(budget),
    ...(overagePolicy !== null && { commit_overage_policy: overagePolicy }),
    status: budget.status,
    rollover_policy: budget.rolloverPolicy,
    ...(period !== null && { period_start: isoOf(period.startMs), period_end: isoOf(period.endMs) }),
    created_at: isoOf(budget.createdAtMs),
    updated_at: isoOf(budget.updatedAtMs),
  };
}
