/** Changes a tenant. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UpdateTenantCommand } from './update-tenant.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(UpdateTenantCommand)
export class UpdateTenantHandler implements ICommandHandler<UpdateTenantCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: UpdateTenantCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'UpdateTenant', ...asked }, origin);
  }
}
