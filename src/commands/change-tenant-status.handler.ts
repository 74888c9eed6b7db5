/** Changes the status of a tenant. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(ChangeTenantStatusCommand)
export class ChangeTenantStatusHandler implements ICommandHandler<ChangeTenantStatusCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: ChangeTenantStatusCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'ChangeTenantStatus', ...asked }, origin);
  }
}
