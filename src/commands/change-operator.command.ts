/** Changes what a person may do, and where. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { Authority } from '../domain/system/system.events.js';
import type { SystemAnswer } from './writers.js';

export class ChangeOperatorCommand extends Command<SystemAnswer> {
  constructor(
    readonly operatorId: OperatorId,
    readonly origin: Origin,
    readonly changes: Partial<Authority>,
  ) {
    super();
  }
}
