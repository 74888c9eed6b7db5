/** Revokes an API key, at once and for good. */

import { Command } from '@nestjs/cqrs';
import type { RevokeApiKey } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class RevokeApiKeyCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Omit<RevokeApiKey, 'type'>,
  ) {
    super();
  }
}
