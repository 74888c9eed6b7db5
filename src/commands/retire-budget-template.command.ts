/** Stops a template from opening budgets. */

import { Command } from '@nestjs/cqrs';
import type { RetireBudgetTemplate } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class RetireBudgetTemplateCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<RetireBudgetTemplate, 'type'>,
  ) {
    super();
  }
}
