/** Deletes a policy for good. */

import { Command } from '@nestjs/cqrs';
import type { DeletePolicy } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class DeletePolicyCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<DeletePolicy, 'type'>,
  ) {
    super();
  }
}
