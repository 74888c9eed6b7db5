/** Changes what a person may do; their open sessions follow at once. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeOperatorCommand } from './change-operator.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(ChangeOperatorCommand)
export class ChangeOperatorHandler implements ICommandHandler<ChangeOperatorCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ operatorId, origin, changes }: ChangeOperatorCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'ChangeOperator', operatorId, changes }, origin);
  }
}
