/** Makes a policy, which decides from the next request on. */

import { Command } from '@nestjs/cqrs';
import type { CreatePolicy } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class CreatePolicyCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<CreatePolicy, 'type' | 'policyId'>,
  ) {
    super();
  }
}
