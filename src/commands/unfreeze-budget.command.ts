/** Lets a frozen budget be held again. */

import { Command } from '@nestjs/cqrs';
import type { UnfreezeBudget } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class UnfreezeBudgetCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<UnfreezeBudget, 'type'>,
  ) {
    super();
  }
}
