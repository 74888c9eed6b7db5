/** The body of Claude Code's HTTP hook: an event of the harness, as it sends it. */

import { JSONSchema } from 'class-validator-jsonschema';
import { Optional } from '../fields.js';
import { TextOrNull } from './tool-call.dto.js';

/** It may have any field: what can be understood of it is read, and the answer to everything else is a no. */
@JSONSchema({ additionalProperties: true })
export class ClaudeCodeEventDto {
  @Optional()
  @TextOrNull(256)
  readonly hook_event_name?: string | null;
}
