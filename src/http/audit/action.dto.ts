/** Query strings of the audit record. */

import { IsIn, Matches, MaxLength, MinLength } from 'class-validator';
import type { Decision } from '../../domain/events.js';
import { Optional } from '../fields.js';

export class ActionListQueryDto {
  @Optional()
  @MaxLength(64)
  readonly tenant_id?: string;

  @Optional()
  @MaxLength(128)
  readonly session_id?: string;

  @Optional()
  @IsIn(['ALLOW', 'ALLOW_WITH_CAPS', 'DENY'])
  readonly decision?: Decision;

  /** 1 to 200. */
  @Optional()
  @Matches(/^(?:[1-9]\d?|1\d\d|200)$/)
  readonly limit?: string;

  @Optional()
  @MinLength(1)
  @MaxLength(512)
  readonly cursor?: string;
}
