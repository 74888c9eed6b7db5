/** Charges for what was not reserved. */

import { Command } from '@nestjs/cqrs';
import type { Debit } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class DebitCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<Debit, 'type' | 'debitId' | 'decisionId'>,
  ) {
    super();
  }
}
