/** Ends the session that a request came under. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { SystemAnswer } from './writers.js';

export class SignOutCommand extends Command<SystemAnswer> {
  constructor(
    readonly origin: Origin,
    readonly session: { readonly operatorId: OperatorId; readonly sessionId: string },
  ) {
    super();
  }
}
