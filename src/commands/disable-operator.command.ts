/** Disables a person for good. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { SystemAnswer } from './writers.js';

export class DisableOperatorCommand extends Command<SystemAnswer> {
  constructor(
    readonly operatorId: OperatorId,
    readonly origin: Origin,
    readonly reason: string | null,
  ) {
    super();
  }
}
