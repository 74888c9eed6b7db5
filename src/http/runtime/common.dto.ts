/** Shapes that several operations share (cycles-protocol-v0: Amount, Subject, Action, Caps, Balance). */

import { IsBoolean, IsIn, IsInt, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { Caps } from '../../domain/events.js';
import { LEVELS } from '../../domain/subject.js';
import { Int64, Of, Optional, SubjectLevel, TextList, Texts } from '../fields.js';

export class AmountDto {
  @IsIn(UNITS)
  readonly unit!: Unit;

  @Int64({ minimum: 0 })
  readonly amount!: number | bigint;
}

export class SignedAmountDto {
  @IsIn(UNITS)
  readonly unit!: Unit;

  @Int64()
  readonly amount!: number | bigint;
}

/** The levels of a subject below its tenant. */
export class LevelsDto {
  @SubjectLevel()
  readonly workspace?: string;

  @SubjectLevel()
  readonly app?: string;

  @SubjectLevel()
  readonly workflow?: string;

  @SubjectLevel()
  readonly agent?: string;

  @SubjectLevel()
  readonly toolset?: string;
}

@JSONSchema({ oneOrMoreOf: LEVELS } as never)
export class SubjectDto extends LevelsDto {
  @SubjectLevel()
  readonly tenant?: string;

  @Optional()
  @Texts({ valueLengthMax: 256, membersMax: 16 })
  readonly dimensions?: Record<string, string>;
}

/** What quotas may be narrowed by (cycles-action-kinds, ActionPolicyKeys). */
export class PolicyKeysDto {
  @Optional()
  @IsString()
  @MaxLength(253)
  readonly host?: string;

  @Optional()
  @IsString()
  @MaxLength(253)
  readonly recipient_domain?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly resource_type?: string;

  @Optional()
  @IsString()
  @MaxLength(512)
  readonly path_prefix?: string;

  @Optional()
  @Texts({ valueLengthMax: 256, membersMax: 8 })
  readonly custom?: Record<string, string>;
}

export class ActionDto {
  @MinLength(1)
  @MaxLength(64)
  readonly kind!: string;

  @MinLength(1)
  @MaxLength(256)
  readonly name!: string;

  @Optional()
  @TextList({ itemsMax: 10, lengthMax: 64 })
  readonly tags?: string[];

  @Optional()
  @Of(PolicyKeysDto)
  readonly policy_keys?: PolicyKeysDto;
}

export class CapsDto {
  @Optional()
  @IsInt()
  @Min(0)
  readonly max_tokens?: number;

  @Optional()
  @IsInt()
  @Min(0)
  readonly max_steps_remaining?: number;

  @Optional()
  @TextList({ lengthMax: 256 })
  readonly tool_allowlist?: readonly string[];

  @Optional()
  @TextList({ lengthMax: 256 })
  readonly tool_denylist?: readonly string[];

  @Optional()
  @IsInt()
  @Min(0)
  readonly cooldown_ms?: number;
}

/** The five declared fields and no others. */
export const capsOf = (caps: Caps): CapsDto => ({
  ...(caps.maxTokens !== undefined && { max_tokens: caps.maxTokens }),
  ...(caps.maxStepsRemaining !== undefined && { max_steps_remaining: caps.maxStepsRemaining }),
  ...(caps.toolAllowlist && { tool_allowlist: caps.toolAllowlist }),
  ...(caps.toolDenylist && { tool_denylist: caps.toolDenylist }),
  ...(caps.cooldownMs !== undefined && { cooldown_ms: caps.cooldownMs }),
});

export class BalanceDto {
  @IsString()
  readonly scope!: string;

  @IsString()
  readonly scope_path!: string;

  @Of(SignedAmountDto)
  readonly remaining!: SignedAmountDto;

  @Optional()
  @Of(AmountDto)
  readonly reserved?: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly spent?: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly debt?: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly allocated?: AmountDto;

  @Optional()
  @Of(AmountDto)
  readonly overdraft_limit?: AmountDto;

  @Optional()
  @IsBoolean()
  readonly is_over_limit?: boolean;
}
