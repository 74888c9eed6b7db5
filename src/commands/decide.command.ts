/** Asks what would be decided, holding nothing: a preflight, or a dry run of a reserve. */

import { Command } from '@nestjs/cqrs';
import type { Decide } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class DecideCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Decide, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
