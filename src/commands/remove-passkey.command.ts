/** Takes a passkey from a person's: what it has signed stays good. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { OperatorId } from '../domain/ids.js';
import type { SystemAnswer } from './writers.js';

export class RemovePasskeyCommand extends Command<SystemAnswer> {
  constructor(
    readonly operatorId: OperatorId,
    readonly origin: Origin,
    readonly credentialId: string,
  ) {
    super();
  }
}
