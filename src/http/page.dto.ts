/** What the lists of all planes have in common: the page that is asked for, and where the next one begins. */

import { IsBoolean, IsString, MaxLength } from 'class-validator';
import { Optional } from './fields.js';

const CURSOR_LENGTH_MAX = 4096;

export class PageQueryDto {
  /** A whole number; each list says how many items it gives at most. */
  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(CURSOR_LENGTH_MAX)
  readonly cursor?: string;
}

export class PageDto {
  /** Left out on the last page. */
  @Optional()
  @IsString()
  readonly next_cursor?: string;

  @IsBoolean()
  readonly has_more!: boolean;
}
