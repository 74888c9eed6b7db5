/** Funds, debits, resets or repays a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { FundBudget } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { FundBudgetCommand } from './fund-budget.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(FundBudgetCommand)
export class FundBudgetHandler implements ICommandHandler<FundBudgetCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: FundBudgetCommand): Promise<Answer> {
    const decisionId = this.ids.mint('dec') as DecisionId;
    const command: FundBudget = { type: 'FundBudget', decisionId, ...asked };
    return this.writers.execute(tenantId, command, origin);
  }
}
