/** Changes properties of a budget. */

import { Command } from '@nestjs/cqrs';
import type { UpdateBudget } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class UpdateBudgetCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<UpdateBudget, 'type'>,
  ) {
    super();
  }
}
