/** Asks for authority before an action. */

import { Command } from '@nestjs/cqrs';
import type { Reserve } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ReserveCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Reserve, 'type' | 'reservationId' | 'decisionId'>,
  ) {
    super();
  }
}
