/** Makes a person's one-time password and adds them. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { OperatorId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import type { Passwords } from '../ports/passwords.port.js';
import { type AddedOperator, AddOperatorCommand } from './add-operator.command.js';
import { newOneTimePassword } from './one-time-password.js';
import { IDS, PASSWORDS, SYSTEM, type SystemWriter } from './writers.js';

@CommandHandler(AddOperatorCommand)
export class AddOperatorHandler implements ICommandHandler<AddOperatorCommand> {
  constructor(
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(PASSWORDS) private readonly passwords: Passwords,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async execute({ origin, asked }: AddOperatorCommand): Promise<AddedOperator> {
    const oneTimePassword = newOneTimePassword();
    const operatorId = this.ids.mint('opr') as OperatorId;
    const password = { hash: await this.passwords.hash(oneTimePassword), oneTime: true };
    const command = { ...asked, type: 'AddOperator' as const, operatorId, password };
    const answer = await this.system.execute(command, origin);
    return { answer, operatorId, oneTimePassword };
  }
}
