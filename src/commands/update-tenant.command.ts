/** Changes properties of a tenant, and its status with them. */

import { Command } from '@nestjs/cqrs';
import type { UpdateTenant } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class UpdateTenantCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<UpdateTenant, 'type'>,
  ) {
    super();
  }
}
