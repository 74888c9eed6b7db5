/** Makes a new one-time password, which ends every session that the old one began. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Passwords } from '../ports/passwords.port.js';
import type { AddedOperator } from './add-operator.command.js';
import { newOneTimePassword } from './one-time-password.js';
import { ResetOperatorCommand } from './reset-operator.command.js';
import { PASSWORDS, SYSTEM, type SystemWriter } from './writers.js';

@CommandHandler(ResetOperatorCommand)
export class ResetOperatorHandler implements ICommandHandler<ResetOperatorCommand> {
  constructor(
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(PASSWORDS) private readonly passwords: Passwords,
  ) {}

  async execute({ operatorId, origin }: ResetOperatorCommand): Promise<AddedOperator> {
    const oneTimePassword = newOneTimePassword();
    const password = { hash: await this.passwords.hash(oneTimePassword), oneTime: true };
    const command = { type: 'ChangeOperator' as const, operatorId, changes: { password } };
    return { answer: await this.system.execute(command, origin), operatorId, oneTimePassword };
  }
}
