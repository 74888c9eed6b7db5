/** Freezes a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FreezeBudgetCommand } from './freeze-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(FreezeBudgetCommand)
export class FreezeBudgetHandler implements ICommandHandler<FreezeBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: FreezeBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'FreezeBudget', ...asked }, origin);
  }
}
