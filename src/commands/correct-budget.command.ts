/** Puts a budget’s amounts right. */

import { Command } from '@nestjs/cqrs';
import type { CorrectBudget } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class CorrectBudgetCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<CorrectBudget, 'type'>,
  ) {
    super();
  }
}
