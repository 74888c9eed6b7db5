/** Gives a reservation back unused. */

import { Command } from '@nestjs/cqrs';
import type { Release } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ReleaseCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Release, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
