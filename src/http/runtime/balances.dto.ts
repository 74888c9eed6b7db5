/** Query and answers of GET /v1/balances, in the runtime's and in the operators' form. */

import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { UNITS, type Unit } from '../../domain/amount.js';
import { SUBJECT_VALUE } from '../../domain/subject.js';
import { ListOf, Optional } from '../fields.js';
import { LedgerDto } from '../ledger.dto.js';
import { PageDto, PageQueryDto } from '../page.dto.js';
import { BalanceDto } from './common.dto.js';

@JSONSchema({ additionalProperties: true })
export class BalancesQueryDto extends PageQueryDto {
  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly tenant?: string;

  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly workspace?: string;

  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly app?: string;

  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly workflow?: string;

  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly agent?: string;

  @Optional()
  @Matches(SUBJECT_VALUE)
  readonly toolset?: string;

  /** Accepted and without effect: what contains the levels that are named includes what is below them. */
  @Optional()
  @IsString()
  readonly include_children?: string;

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
}

export class BalancesAnswerDto extends PageDto {
  @ListOf(BalanceDto)
  readonly balances!: readonly BalanceDto[];
}

export class LedgerBalancesAnswerDto extends PageDto {
  @ListOf(LedgerDto)
  readonly balances!: readonly LedgerDto[];
}
