/** Changes what an API key is called and may do. */

import { Command } from '@nestjs/cqrs';
import type { UpdateApiKey } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class UpdateApiKeyCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<UpdateApiKey, 'type'>,
  ) {
    super();
  }
}
