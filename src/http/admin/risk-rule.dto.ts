/** Bodies of /admin/risk-rules: what operators say about programs and requests that the catalogue does not know. */

import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { Radius, Tier } from '../../domain/assessment.js';
import type { RiskRule } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import type { OperatorRule } from '../../domain/registry.js';
import { HttpFailure } from '../failure.js';
import { ListOf, Of, Optional, TextList } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { POINTS_MAX, TIERS } from './tool.dto.js';

const RADII = ['object', 'set', 'collection', 'system'] as const satisfies readonly Radius[];
const HOST = /^(?:\*\.)?[\w.-]+(?::\d{1,5})?$/;
const METHOD = /^[A-Z]{1,16}$/;
const WORDS = { itemsMax: 8, lengthMin: 1, lengthMax: 64 } as const;
const ONE_WORD = /^\S+$/;

/** Commands whose first words are these and which have all of these flags. */
export class ProgramMatchDto {
  /** As a command names it: `acmectl`, or `./deploy.sh`. */
  @Matches(ONE_WORD)
  @MaxLength(128)
  readonly name!: string;

  @Optional()
  @TextList(WORDS)
  readonly words?: readonly string[];

  @Optional()
  @TextList(WORDS)
  readonly flags?: readonly string[];
}

/** Requests to a host; what is left out fits every one, and `*` stands for any run of characters. */
export class RequestMatchDto {
  @Matches(HOST)
  @MaxLength(253)
  readonly host!: string;

  @Optional()
  @Matches(METHOD)
  readonly method?: string;

  @Optional()
  @MinLength(1)
  @MaxLength(512)
  readonly path?: string;

  @Optional()
  @Matches(ONE_WORD)
  @MaxLength(128)
  readonly operation?: string;
}

/** Either a program or a request. */
export class RiskRuleRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  @MinLength(1)
  @MaxLength(128)
  readonly name!: string;

  @Optional()
  @Of(ProgramMatchDto)
  readonly program?: ProgramMatchDto;

  @Optional()
  @Of(RequestMatchDto)
  readonly request?: RequestMatchDto;

  @Optional()
  @IsIn(TIERS)
  readonly tier?: Tier;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(POINTS_MAX)
  readonly points?: number;

  @Optional()
  @IsIn(RADII)
  readonly radius?: Radius;

  @Optional()
  @MaxLength(64)
  readonly action_kind?: string;

  /** One sentence that assessments show. */
  @MinLength(1)
  @MaxLength(256)
  readonly reason!: string;

  /** Without it a rule only raises. */
  @Optional()
  @IsBoolean()
  readonly lowers?: boolean;
}

export class RiskRuleDto extends RiskRuleRequestDto {
  @IsString()
  readonly rule_id!: string;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;
}

export class RiskRuleListDto {
  @ListOf(RiskRuleDto)
  readonly rules!: readonly RiskRuleDto[];
}

/** @throws HttpFailure 400 when it names neither a program nor a request, or both */
export const ruleFrom = (body: RiskRuleRequestDto): RiskRule => ({
  name: body.name,
  match: matchFrom(body),
  tier: body.tier ?? null,
  points: body.points ?? null,
  radius: body.radius ?? null,
  actionKind: body.action_kind ?? null,
  reason: body.reason,
  lowers: body.lowers ?? false,
});

function matchFrom({ program, request }: RiskRuleRequestDto): RiskRule['match'] {
  if (program !== undefined && request === undefined) {
    const { name, words = [], flags = [] } = program;
    return { kind: 'program', program: name, words, flags };
  }
  if (request !== undefined && program === undefined) {
    const { host, method = null, path = null, operation = null } = request;
    return { kind: 'request', host: host.toLowerCase(), method, path, operation };
  }
  const message = 'program or request must be given, and not both.';
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'program' });
}

/** A rule as answers show it; what was not said is left out. */
export const ruleOf = (rule: OperatorRule, tenantId: TenantId): RiskRuleDto => ({
  rule_id: rule.ruleId,
  tenant_id: tenantId,
  name: rule.name,
  ...matchOf(rule.match),
  ...(rule.tier !== null && { tier: rule.tier }),
  ...(rule.points !== null && { points: rule.points }),
  ...(rule.radius !== null && { radius: rule.radius }),
  ...(rule.actionKind !== null && { action_kind: rule.actionKind }),
  reason: rule.reason,
  lowers: rule.lowers,
  created_at: isoOf(rule.createdAtMs),
  updated_at: isoOf(rule.updatedAtMs),
});

function matchOf(match: RiskRule['match']): Pick<RiskRuleDto, 'program' | 'request'> {
  if (match.kind === 'program') {
    const { program: name, words, flags } = match;
    return { program: { name, words, flags } };
  }
  const { host, method, path, operation } = match;
  return {
    request: {
      host,
      ...(method !== null && { method }),
      ...(path !== null && { path }),
      ...(operation !== null && { operation }),
    },
  };
}
