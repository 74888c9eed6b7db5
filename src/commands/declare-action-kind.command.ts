/** Declares a custom action kind of a tenant, or declares it anew. */

import { Command } from '@nestjs/cqrs';
import type { DeclareActionKind } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class DeclareActionKindCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<DeclareActionKind, 'type'>,
  ) {
    super();
  }
}
