/** Adds a passkey to a person's. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RegisterPasskeyCommand } from './register-passkey.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(RegisterPasskeyCommand)
export class RegisterPasskeyHandler implements ICommandHandler<RegisterPasskeyCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ operatorId, origin, passkey }: RegisterPasskeyCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'RegisterPasskey', operatorId, passkey }, origin);
  }
}
