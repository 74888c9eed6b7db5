/** Funds, debits, resets or repays a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FundBudgetCommand } from './fund-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(FundBudgetCommand)
export class FundBudgetHandler implements ICommandHandler<FundBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: FundBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'FundBudget', ...asked }, origin);
  }
}
