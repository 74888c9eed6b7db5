/** Adds a passkey, whose registration has been checked, to a person's. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { Passkey } from '../domain/system/system.events.js';
import type { SystemAnswer } from './writers.js';

export class RegisterPasskeyCommand extends Command<SystemAnswer> {
  constructor(
    readonly operatorId: OperatorId,
    readonly origin: Origin,
    readonly passkey: Passkey,
  ) {
    super();
  }
}
