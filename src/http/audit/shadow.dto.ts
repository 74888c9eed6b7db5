/** Query and answer of the shadow report. */

import { IsIn, IsInt, IsNumber, IsString, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { ShadowCount, ShadowLine, ShadowReport } from '../../projections/actions/shadow.queries.js';
import { DateTime, ListOf, Of, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';

@JSONSchema({ additionalProperties: true })
export class ShadowQueryDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  /** Seven days before `to` when left out. */
  @Optional()
  @DateTime()
  readonly from?: string;

  /** Now when left out. */
  @Optional()
  @DateTime()
  readonly to?: string;
}

export class ShadowCountDto {
  @IsInt()
  readonly observed!: number;

  /** How many of them enforcing would have refused. */
  @IsInt()
  readonly denied!: number;

  /** `denied` in percent of `observed`, to two decimals; 0 of nothing. */
  @IsNumber()
  readonly denial_rate!: number;
}

export class ShadowLineDto extends ShadowCountDto {
  /** Empty where a request had none. */
  @IsString()
  readonly name!: string;
}

export const VERDICTS = [
  'nothing_observed',
  'too_loose',
  'rather_loose',
  'good',
  'rather_tight',
  'too_tight',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export class ShadowReportDto {
  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly from!: string;

  @IsString()
  readonly to!: string;

  @Of(ShadowCountDto)
  readonly total!: ShadowCountDto;

  @IsIn(VERDICTS)
  readonly verdict!: Verdict;

  @IsString()
  readonly recommendation!: string;

  @ListOf(ShadowLineDto)
  readonly by_policy!: readonly ShadowLineDto[];

  @ListOf(ShadowLineDto)
  readonly by_kind!: readonly ShadowLineDto[];

  @ListOf(ShadowLineDto)
  readonly by_agent!: readonly ShadowLineDto[];

  @ListOf(ShadowLineDto)
  readonly by_reason!: readonly ShadowLineDto[];

  /** By UTC hour, as 2026-04-09T14. */
  @ListOf(ShadowLineDto)
  readonly by_hour!: readonly ShadowLineDto[];
}

export interface ReportPeriod {
  readonly tenantId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export function shadowAnswer(period: ReportPeriod, report: ShadowReport): ShadowReportDto {
  const verdict = verdictOn(report.total);
  return {
    tenant_id: period.tenantId,
    from: isoOf(period.fromMs),
    to: isoOf(period.untilMs),
    total: countOf(report.total),
    verdict,
    recommendation: RECOMMENDATIONS[verdict],
    by_policy: report.byPolicy.map(lineOf),
    by_kind: report.byKind.map(lineOf),
    by_agent: report.byAgent.map(lineOf),
    by_reason: report.byReason.map(lineOf),
    by_hour: report.byHour.map((line) => ({ ...lineOf(line), name: isoOf(Number(line.name)).slice(0, 13) })),
  };
}

const countOf = ({ observed, denied }: ShadowCount): ShadowCountDto => ({
  observed,
  denied,
  denial_rate: observed === 0 ? 0 : Math.round((denied / observed) * 10_000) / 100,
});

const lineOf = (line: ShadowLine): ShadowLineDto => ({ name: line.name ?? '', ...countOf(line) });

/** Over 5 %: too tight; 1 to 3 %: good; none: too loose; between, it leans one way. Compared exactly. */
function verdictOn({ observed, denied }: ShadowCount): Verdict {
  if (observed === 0) return 'nothing_observed';
  if (denied === 0) return 'too_loose';
  if (denied * 100 > observed * 5) return 'too_tight';
  if (denied * 100 > observed * 3) return 'rather_tight';
  return denied * 100 < observed ? 'rather_loose' : 'good';
}

const RECOMMENDATIONS: Readonly<Record<Verdict, string>> = {
  nothing_observed: 'Nothing was observed in this period: set observe_mode to OBSERVE and let agents work.',
  too_loose: 'Nothing would have been refused: tighten the policies before you rely on them.',
  rather_loose: 'Less than 1 % would have been refused: see whether that is all that should have been.',
  good: 'Between 1 and 3 % would have been refused: ready to be enforced.',
  rather_tight: 'Between 3 and 5 % would have been refused: look at the reasons below before you enforce.',
  too_tight: 'More than 5 % would have been refused: loosen what refuses most before you enforce.',
};
