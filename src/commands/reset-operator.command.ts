/** Gives a person a new one-time password and ends their sessions. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { AddedOperator } from './add-operator.command.js';

export class ResetOperatorCommand extends Command<AddedOperator> {
  constructor(
    readonly operatorId: OperatorId,
    readonly origin: Origin,
  ) {
    super();
  }
}
