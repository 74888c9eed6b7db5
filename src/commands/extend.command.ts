/** Lengthens a reservation. */

import { Command } from '@nestjs/cqrs';
import type { Extend } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ExtendCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Extend, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
