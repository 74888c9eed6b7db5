/** Opens a budget. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreateBudget } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { CreateBudgetCommand } from './create-budget.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(CreateBudgetCommand)
export class CreateBudgetHandler implements ICommandHandler<CreateBudgetCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: CreateBudgetCommand): Promise<Answer> {
    const decisionId = this.ids.mint('dec') as DecisionId;
    const command: CreateBudget = { type: 'CreateBudget', decisionId, ...asked };
    return this.writers.execute(tenantId, command, origin);
  }
}
