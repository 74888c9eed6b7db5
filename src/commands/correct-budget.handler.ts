/** Puts a budget right. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CorrectBudgetCommand } from './correct-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(CorrectBudgetCommand)
export class CorrectBudgetHandler implements ICommandHandler<CorrectBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: CorrectBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'CorrectBudget', ...asked }, origin);
  }
}
