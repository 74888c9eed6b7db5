/** Changes what is registered in a tenant. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeRegistryCommand } from './change-registry.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(ChangeRegistryCommand)
export class ChangeRegistryHandler implements ICommandHandler<ChangeRegistryCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: ChangeRegistryCommand): Promise<Answer> {
    return this.writers.execute(tenantId, asked, origin);
  }
}
