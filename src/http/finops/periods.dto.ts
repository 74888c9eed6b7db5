/** Bodies of closing a period's books. */

import { IsIn, IsInt, IsString, MaxLength, MinLength } from 'class-validator';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { ClosedPeriod } from '../../projections/charges/periods.queries.js';
import { DateTime, Int64, ListOf, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageQueryDto } from '../page.dto.js';

export class ClosePeriodRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  /** A whole minute; not before the end of what is closed already. */
  @DateTime()
  readonly from!: string;

  /** Up to, not including, this whole minute, which lies at least a minute back. */
  @DateTime()
  readonly to!: string;

  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key?: string;
}

export class PeriodListQueryDto extends PageQueryDto {
  /** All tenants when left out. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;
}

export class PeriodTotalDto {
  @IsIn(UNITS)
  readonly unit!: Unit;

  /** Commits, and charges without a hold. */
  @IsInt()
  readonly charges!: number;

  /** With all corrections that were made in the period. */
  @Int64()
  readonly charged!: bigint;

  @Int64()
  readonly adjusted!: bigint;
}

export class ClosedPeriodDto {
  @IsString()
  readonly period_id!: string;

  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly from!: string;

  @IsString()
  readonly to!: string;

  @IsString()
  readonly closed_at!: string;

  /** Left out where the admin key closed it. */
  @Optional()
  @IsString()
  readonly operator_id?: string;

  /** The last event before the period's end. */
  @IsInt()
  readonly revision!: number;

  /** Of that event; it covers everything that the totals are made of. */
  @IsString()
  readonly hash!: string;

  @ListOf(PeriodTotalDto)
  readonly totals!: readonly PeriodTotalDto[];
}

export const closedPeriodAnswer = (closed: ClosedPeriod): ClosedPeriodDto => ({
  period_id: closed.periodId,
  tenant_id: closed.tenantId,
  from: isoOf(closed.fromMs),
  to: isoOf(closed.untilMs),
  closed_at: isoOf(closed.closedAtMs),
  ...(closed.operatorId !== null && { operator_id: closed.operatorId }),
  revision: closed.upTo.revision,
  hash: closed.upTo.hash,
  totals: closed.totals,
});
