/** Retires a budget template. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RetireBudgetTemplateCommand } from './retire-budget-template.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(RetireBudgetTemplateCommand)
export class RetireBudgetTemplateHandler implements ICommandHandler<RetireBudgetTemplateCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: RetireBudgetTemplateCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'RetireBudgetTemplate', ...asked }, origin);
  }
}
