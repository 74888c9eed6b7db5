/** Closes the books of a period. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PeriodId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { ClosePeriodCommand } from './close-period.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(ClosePeriodCommand)
export class ClosePeriodHandler implements ICommandHandler<ClosePeriodCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: ClosePeriodCommand): Promise<Answer> {
    const periodId = this.ids.mint('per') as PeriodId;
    return this.writers.execute(tenantId, { type: 'ClosePeriod', periodId, ...asked }, origin);
  }
}
