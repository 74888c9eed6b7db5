/** Disables a person; whatever is asked under their token after the answer is turned away. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DisableOperatorCommand } from './disable-operator.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(DisableOperatorCommand)
export class DisableOperatorHandler implements ICommandHandler<DisableOperatorCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ operatorId, origin, reason }: DisableOperatorCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'DisableOperator', operatorId, reason }, origin);
  }
}
