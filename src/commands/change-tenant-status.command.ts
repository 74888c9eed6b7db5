/** Suspends, reactivates or closes a tenant. */

import { Command } from '@nestjs/cqrs';
import type { ChangeTenantStatus } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ChangeTenantStatusCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<ChangeTenantStatus, 'type'>,
  ) {
    super();
  }
}
