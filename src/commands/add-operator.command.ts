/** Adds a person who operates the server. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { Authority } from '../domain/system/system.events.js';
import type { SystemAnswer } from './writers.js';

/** The answer, with a password for one sign-in that is shown this one time. */
export interface AddedOperator {
  readonly answer: SystemAnswer;
  readonly operatorId: OperatorId;
  readonly oneTimePassword: string;
}

export class AddOperatorCommand extends Command<AddedOperator> {
  constructor(
    readonly origin: Origin,
    readonly asked: Authority & { readonly name: string },
  ) {
    super();
  }
}
