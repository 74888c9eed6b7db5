/** Corrects a charge. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AdjustChargeCommand } from './adjust-charge.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(AdjustChargeCommand)
export class AdjustChargeHandler implements ICommandHandler<AdjustChargeCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: AdjustChargeCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'AdjustCharge', ...asked }, origin);
  }
}
