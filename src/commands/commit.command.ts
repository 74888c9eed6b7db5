/** Settles a reservation with what the action really cost. */

import { Command } from '@nestjs/cqrs';
import type { Commit } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class CommitCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Commit, 'type' | 'decisionId'>,
  ) {
    super();
  }
}
