/** Opens a budget at a scope, in a unit. */

import { Command } from '@nestjs/cqrs';
import type { CreateBudget } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class CreateBudgetCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<CreateBudget, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
