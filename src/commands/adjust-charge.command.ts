/** Corrects a charge that is over. */

import { Command } from '@nestjs/cqrs';
import type { AdjustCharge } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class AdjustChargeCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<AdjustCharge, 'type'>,
  ) {
    super();
  }
}
