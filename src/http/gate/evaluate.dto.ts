/** Bodies of POST /gate/evaluate: a request to be taken apart, and what was found. */

import { ArrayMaxSize, Matches, MaxLength, MinLength } from 'class-validator';
import { SUBJECT_VALUE } from '../../domain/subject.js';
import { ListOf, Of, Optional, Texts } from '../fields.js';
import { ActionDto, AmountDto, SubjectDto } from '../runtime/common.dto.js';
import { FILES_MAX, GateFileDto, GateToolDto, TextOrNull } from './tool-call.dto.js';

/** Either an action with its estimate, or a tool call. */
export class EvaluateRequestDto {
  /** For operators; a key's tenant is its own. */
  @Optional()
  @MaxLength(64)
  readonly tenant_id?: string;

  @Optional()
  @Of(SubjectDto)
  readonly subject?: SubjectDto;

  @Optional()
  @Of(ActionDto)
  readonly action?: ActionDto;

  @Optional()
  @Of(AmountDto)
  readonly estimate?: AmountDto;

  @Optional()
  @Of(GateToolDto)
  readonly tool?: GateToolDto;

  @Optional()
  @MinLength(1)
  @MaxLength(64)
  readonly harness?: string;

  @Optional()
  @MaxLength(128)
  @Matches(SUBJECT_VALUE)
  readonly session_id?: string;

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
