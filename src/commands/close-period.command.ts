/** Closes the books of a period. */

import { Command } from '@nestjs/cqrs';
import type { ClosePeriod } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ClosePeriodCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<ClosePeriod, 'type' | 'periodId'>,
  ) {
    super();
  }
}
