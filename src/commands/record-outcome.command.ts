/** Record what the external system answered to an allowed tool call, and settle what the call held. */

import { Command } from '@nestjs/cqrs';
import type { RecordOutcome } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export type Outcome = Omit<RecordOutcome, 'type' | 'decisionId'>;

export class RecordOutcomeCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly outcome: Outcome,
  ) {
    super();
  }
}
