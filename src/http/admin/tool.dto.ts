/** Bodies of /admin/tools: what operators register of the tools that agents use. */

import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { Tier } from '../../domain/assessment.js';
import type { ArgumentHint, FactorHalves, ToolRegistration } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import type { Tool } from '../../domain/registry.js';
import { SUBJECT_VALUE } from '../../domain/subject.js';
import { ListOf, Of, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';

export const TIERS = [0, 1, 2, 3, 4] as const;
export const POINTS_MAX = 10_000;
const FACTORS = [1, 1.5, 2, 3] as const;
type Multiplier = (typeof FACTORS)[number];
const HINTS = ['shell', 'sql', 'url', 'graphql', 'code', 'path'] as const satisfies readonly ArgumentHint[];
/** One word of visible characters; `*` stands for any run of them. */
const TOOL_NAME = /^[^\s\p{C}]+$/u;
const FIELD_NAME = /^[A-Za-z][\w.-]{0,63}$/;

const Factor = () => IsIn(FACTORS);

/** What is at stake when the tool is used; a factor that is left out is 1. */
export class ToolProfileDto {
  @Optional()
  @Factor()
  readonly audience?: Multiplier;

  @Optional()
  @Factor()
  readonly sensitivity?: Multiplier;

  @Optional()
  @Factor()
  readonly regulation?: Multiplier;

  @Optional()
  @Factor()
  readonly reputation?: Multiplier;
}

/** How one argument is read. */
export class ArgumentHintDto {
  @Matches(FIELD_NAME)
  readonly argument!: string;

  @IsIn(HINTS)
  readonly is!: ArgumentHint;
}

export class ToolRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  @Matches(TOOL_NAME)
  @MaxLength(128)
  readonly name!: string;

  /** The MCP server, when only its tools are meant. */
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly server?: string;

  /** The `toolset` level of their calls. */
  @Optional()
  @Matches(SUBJECT_VALUE)
  @MaxLength(128)
  readonly toolset?: string;

  @Optional()
  @MaxLength(512)
  readonly description?: string;

  @Optional()
  @MaxLength(64)
  readonly action_kind?: string;

  /** What a call counts as whose arguments say nothing worse. */
  @Optional()
  @IsIn(TIERS)
  readonly tier?: Tier;

  /** The same in points; the tier is then the highest that costs no more. */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(POINTS_MAX)
  readonly points?: number;

  @Optional()
  @Of(ToolProfileDto)
  readonly profile?: ToolProfileDto;

  @Optional()
  @ListOf(ArgumentHintDto, { itemsMax: 32 })
  readonly argument_hints?: readonly ArgumentHintDto[];

  @Optional()
  @IsBoolean()
  readonly requires_approval?: boolean;
}

/** What is registered is kept by tenant, so that each request names one. */
@JSONSchema({ additionalProperties: true })
export class RegistryQueryDto {
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;
}

export class ToolDto extends ToolRequestDto {
  @IsString()
  readonly tool_id!: string;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;
}

export class ToolListDto {
  @ListOf(ToolDto)
  readonly tools!: readonly ToolDto[];
}

const halves = (factor: Multiplier = 1): FactorHalves => (factor * 2) as FactorHalves;
const multiplier = (factor: FactorHalves): Multiplier => (factor / 2) as Multiplier;

/** The registration that a body asks for. */
export const toolFrom = (body: ToolRequestDto): ToolRegistration => ({
  name: body.name,
  server: body.server ?? null,
  toolset: body.toolset?.toLowerCase() ?? null,
  description: body.description ?? null,
  actionKind: body.action_kind ?? null,
  tier: body.tier ?? null,
  points: body.points ?? null,
  profile: {
    audience: halves(body.profile?.audience),
    sensitivity: halves(body.profile?.sensitivity),
    regulation: halves(body.profile?.regulation),
    reputation: halves(body.profile?.reputation),
  },
  argumentHints: Object.fromEntries((body.argument_hints ?? []).map(({ argument, is }) => [argument, is])),
  requiresApproval: body.requires_approval ?? false,
});

/** A tool as answers show it; what was not said is left out. */
export const toolOf = (tool: Tool, tenantId: TenantId): ToolDto => ({
  tool_id: tool.toolId,
  tenant_id: tenantId,
  name: tool.name,
  ...(tool.server !== null && { server: tool.server }),
  ...(tool.toolset !== null && { toolset: tool.toolset }),
  ...(tool.description !== null && { description: tool.description }),
  ...(tool.actionKind !== null && { action_kind: tool.actionKind }),
  ...(tool.tier !== null && { tier: tool.tier }),
  ...(tool.points !== null && { points: tool.points }),
  profile: {
    audience: multiplier(tool.profile.audience),
    sensitivity: multiplier(tool.profile.sensitivity),
    regulation: multiplier(tool.profile.regulation),
    reputation: multiplier(tool.profile.reputation),
  },
  argument_hints: Object.entries(tool.argumentHints).map(([argument, is]) => ({ argument, is })),
  requires_approval: tool.requiresApproval,
  created_at: isoOf(tool.createdAtMs),
  updated_at: isoOf(tool.updatedAtMs),
});
