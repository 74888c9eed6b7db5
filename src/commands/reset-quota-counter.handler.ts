/** Resets a quota counter. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ResetQuotaCounterCommand } from './reset-quota-counter.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(ResetQuotaCounterCommand)
export class ResetQuotaCounterHandler implements ICommandHandler<ResetQuotaCounterCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: ResetQuotaCounterCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'ResetQuotaCounter', ...asked }, origin);
  }
}
