/** Unfreezes a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnfreezeBudgetCommand } from './unfreeze-budget.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(UnfreezeBudgetCommand)
export class UnfreezeBudgetHandler implements ICommandHandler<UnfreezeBudgetCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: UnfreezeBudgetCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'UnfreezeBudget', ...asked }, origin);
  }
}
