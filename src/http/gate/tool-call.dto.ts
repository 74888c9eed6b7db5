/** Bodies of the gate: a tool call as a harness submits it, and what came of it. */

import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  IsDefined,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { SUBJECT_VALUE } from '../../domain/subject.js';
import { ListOf, Of, Optional, SubjectLevel, Texts } from '../fields.js';
import { AmountDto } from '../runtime/common.dto.js';

const SHA256 = /^[0-9a-f]{64}$/;
/** Visible ASCII: a nonce is one line of the text that is signed. */
const NONCE = /^[\x21-\x7e]+$/;
export const FILES_MAX = 32;

/** A text that may be null, as harnesses write what they do not know. */
export const TextOrNull = (lengthMax: number) =>
  applyDecorators(
    ValidateBy({
      name: 'textOrNull',
      validator: { validate: (value) => value === null || typeof value === 'string' },
    }),
    JSONSchema(() => ({ type: ['string', 'null'], maxLength: lengthMax }) as never),
  );

/** An object that may be null, kept as it was sent. */
const FreeFormOrNull = () =>
  applyDecorators(
    ValidateBy({ name: 'freeFormOrNull', validator: { validate: (value) => typeof value === 'object' } }),
    JSONSchema(() => ({ type: ['object', 'null'], additionalProperties: true, freeForm: true }) as never),
  );

/** Any JSON value, kept as it was sent. */
const AnyJson = () =>
  applyDecorators(
    IsDefined(),
    JSONSchema(() => ({ freeForm: true }) as never),
  );

export class GateSubjectDto {
  @SubjectLevel()
  readonly workspace?: string;

  @SubjectLevel()
  readonly app?: string;

  @SubjectLevel()
  readonly agent?: string;
}

export class GateToolDto {
  @MinLength(1)
  @MaxLength(256)
  readonly name!: string;

  @Optional()
  @TextOrNull(256)
  readonly server?: string | null;

  @Optional()
  @FreeFormOrNull()
  readonly annotations?: Readonly<Record<string, unknown>> | null;

  @AnyJson()
  readonly input!: unknown;
}

export class GateFileDto {
  @MinLength(1)
  @MaxLength(1024)
  readonly path!: string;

  @Matches(SHA256)
  readonly sha256!: string;

  @IsString()
  @MaxLength(256 * 1024)
  readonly content!: string;
}

/** What is assessed: the call, and what is known about where it would run. */
export class AssessmentRequestDto {
  @Of(GateToolDto)
  readonly tool!: GateToolDto;

  @Optional()
  @TextOrNull(4096)
  readonly cwd?: string | null;

  @Optional()
  @Texts({ valueLengthMax: 256, membersMax: 32 })
  readonly context?: Readonly<Record<string, string>>;

  @Optional()
  @ListOf(GateFileDto)
  @ArrayMaxSize(FILES_MAX)
  readonly files?: readonly GateFileDto[];
}

/** For operators the tenant whose registry counts; a key's tenant is its own. */
export class AssessOnlyRequestDto extends AssessmentRequestDto {
  @Optional()
  @MaxLength(64)
  readonly tenant_id?: string;
}

export class ToolCallRequestDto extends AssessmentRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @MinLength(1)
  @MaxLength(64)
  readonly harness!: string;

  /** The value of the subject's `workflow` level. */
  @MaxLength(128)
  @Matches(SUBJECT_VALUE)
  readonly session_id!: string;

  @Optional()
  @Of(GateSubjectDto)
  readonly subject?: GateSubjectDto;

  @Optional()
  @Of(AmountDto)
  readonly estimate?: AmountDto;

  @Optional()
  @MinLength(1)
  @MaxLength(128)
  @Matches(NONCE)
  readonly nonce?: string;

  /** How long to hold the request open while a person is asked, in ms. */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  readonly wait_ms?: number;
}

export class OutcomeRequestDto {
  @IsIn(['succeeded', 'failed', 'unknown'])
  readonly status!: 'succeeded' | 'failed' | 'unknown';

  @Optional()
  @IsInt()
  @Min(100)
  @Max(599)
  readonly http_status?: number;

  @Optional()
  @IsInt()
  @Min(-2_147_483_648)
  @Max(4_294_967_295)
  readonly exit_code?: number;

  @Optional()
  @IsString()
  @MaxLength(4096)
  readonly error?: string;

  @Optional()
  @Matches(SHA256)
  readonly output_sha256?: string;

  @Optional()
  @Of(AmountDto)
  readonly actual?: AmountDto;
}
