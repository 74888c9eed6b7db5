/** Changes a budget’s properties. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UpdateBudgetCommand } from './update-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(UpdateBudgetCommand)
export class UpdateBudgetHandler implements ICommandHandler<UpdateBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: UpdateBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'UpdateBudget', ...asked }, origin);
  }
}
