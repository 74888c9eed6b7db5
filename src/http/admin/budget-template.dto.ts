/** Bodies of /admin/budget-templates: budgets that open by themselves. */

import { IsBoolean, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { Period, RolloverPolicy } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import type { BudgetTemplate } from '../../domain/state.js';
import { ListOf, Of, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { AmountDto } from '../runtime/common.dto.js';
import { ROLLOVER_POLICIES } from './budget.dto.js';

const PERIODS = ['daily', 'weekly', 'monthly'] as const;

export class BudgetTemplateRequestDto {
  @MinLength(1)
  @MaxLength(64)
  readonly tenant_id!: string;

  @MinLength(1)
  @MaxLength(1024)
  readonly scope_pattern!: string;

  @IsIn(UNITS)
  readonly unit!: Unit;

  @Of(AmountDto)
  readonly allocated!: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly overdraft_limit?: AmountDto;

  @Optional()
  @IsIn(ROLLOVER_POLICIES)
  readonly rollover_policy?: RolloverPolicy;

  @Optional()
  @IsIn(PERIODS)
  readonly period?: Period;

  /** The template of this pattern and unit that it takes the place of, at once. */
  @Optional()
  @MinLength(1)
  @MaxLength(64)
  readonly replaces?: string;
}

/** Templates are kept by tenant, so that each request names one. */
@JSONSchema({ additionalProperties: true })
export class TemplateQueryDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;
}

export class BudgetTemplateDto {
  @IsString()
  readonly template_id!: string;

  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly scope_pattern!: string;

  @IsString()
  readonly unit!: Unit;

  @Of(AmountDto)
  readonly allocated!: AmountDto;

  @Of(AmountDto)
  readonly overdraft_limit!: AmountDto;

  @IsString()
  readonly rollover_policy!: RolloverPolicy;

  @Optional()
  @IsString()
  readonly period?: Period;

  /** Whether it came by itself, with the tenant's first template for sessions. */
  @IsBoolean()
  readonly shipped!: boolean;

  @IsString()
  readonly created_at!: string;
}

export class BudgetTemplateListDto {
  @ListOf(BudgetTemplateDto)
  readonly templates!: readonly BudgetTemplateDto[];
}

export const templateOf = (template: BudgetTemplate, tenantId: TenantId): BudgetTemplateDto => ({
  template_id: template.templateId,
  tenant_id: tenantId,
  scope_pattern: template.scopePattern,
  unit: template.unit,
  allocated: { unit: template.unit, amount: template.allocated },
  overdraft_limit: { unit: template.unit, amount: template.overdraftLimit },
  rollover_policy: template.rolloverPolicy,
  ...(template.period !== null && { period: template.period }),
  shipped: template.shipped,
  created_at: isoOf(template.createdAtMs),
});
