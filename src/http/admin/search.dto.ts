/** What the lists of provisioning have in common: a page, a search, and a direction. */

import { IsIn, IsString, MaxLength } from 'class-validator';
import { Optional } from '../fields.js';
import { PageQueryDto } from '../page.dto.js';
import { SEARCH_LENGTH_MAX, SORT_DIRECTIONS, type SortDirection } from './sorting.js';

export class SearchQueryDto extends PageQueryDto {
  @Optional()
  @IsString()
  @MaxLength(SEARCH_LENGTH_MAX)
  readonly search?: string;

  @Optional()
  @IsIn(SORT_DIRECTIONS)
  readonly sort_dir?: SortDirection;
}
