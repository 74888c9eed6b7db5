/** Changes what a budget has, apart from spending it. */

import { Command } from '@nestjs/cqrs';
import type { FundBudget } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class FundBudgetCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<FundBudget, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
