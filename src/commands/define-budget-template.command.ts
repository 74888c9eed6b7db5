/** Defines which budgets open by themselves, and with how much. */

import { Command } from '@nestjs/cqrs';
import type { DefineBudgetTemplate } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class DefineBudgetTemplateCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<DefineBudgetTemplate, 'type' | 'templateId' | 'dailyTemplateId'>,
  ) {
    super();
  }
}
