/** Opens a tenant, with the first event of its stream. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { OpenTenantCommand } from './open-tenant.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(OpenTenantCommand)
export class OpenTenantHandler implements ICommandHandler<OpenTenantCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: OpenTenantCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'OpenTenant', tenantId, ...asked }, origin);
  }
}
