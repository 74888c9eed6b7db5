/** Opens a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CreateBudgetCommand } from './create-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(CreateBudgetCommand)
export class CreateBudgetHandler implements ICommandHandler<CreateBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: CreateBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'CreateBudget', ...asked }, origin);
  }
}
