/** What every form of a page sends along. */

import { MaxLength } from 'class-validator';
import { Optional } from '../fields.js';

export class FormDto {
  /** Made from the session that the page was shown under. */
  @Optional()
  @MaxLength(128)
  readonly csrf_token?: string;
}
