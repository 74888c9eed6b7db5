/** Takes a passkey from a person's. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RemovePasskeyCommand } from './remove-passkey.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(RemovePasskeyCommand)
export class RemovePasskeyHandler implements ICommandHandler<RemovePasskeyCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ operatorId, origin, credentialId }: RemovePasskeyCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'RemovePasskey', operatorId, credentialId }, origin);
  }
}
