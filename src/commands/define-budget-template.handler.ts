/** Defines a budget template. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DefineBudgetTemplate } from '../domain/commands.js';
import type { TemplateId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { DefineBudgetTemplateCommand } from './define-budget-template.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(DefineBudgetTemplateCommand)
export class DefineBudgetTemplateHandler implements ICommandHandler<DefineBudgetTemplateCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: DefineBudgetTemplateCommand): Promise<Answer> {
    const command: DefineBudgetTemplate = {
      type: 'DefineBudgetTemplate',
      templateId: this.ids.mint('tpl') as TemplateId,
      dailyTemplateId: this.ids.mint('tpl') as TemplateId,
      ...asked,
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
