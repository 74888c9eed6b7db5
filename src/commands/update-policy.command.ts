/** Changes what a policy says. */

import { Command } from '@nestjs/cqrs';
import type { UpdatePolicy } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class UpdatePolicyCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<UpdatePolicy, 'type'>,
  ) {
    super();
  }
}
