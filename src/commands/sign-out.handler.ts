/** Ends a session: its token is nobody's from then on. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SignOutCommand } from './sign-out.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(SignOutCommand)
export class SignOutHandler implements ICommandHandler<SignOutCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ origin, session }: SignOutCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'SignOut', ...session }, origin);
  }
}
