/** Sets a quota counter back to nothing. */

import { Command } from '@nestjs/cqrs';
import type { ResetQuotaCounter } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ResetQuotaCounterCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<ResetQuotaCounter, 'type'>,
  ) {
    super();
  }
}
