/** Registers or removes a tool, an operator's rule or an environment. */

import { Command } from '@nestjs/cqrs';
import type { RegistryCommand } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class ChangeRegistryCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: RegistryCommand,
  ) {
    super();
  }
}
