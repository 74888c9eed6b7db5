/** Revokes an API key. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RevokeApiKeyCommand } from './revoke-api-key.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(RevokeApiKeyCommand)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKeyCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: RevokeApiKeyCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'RevokeApiKey', ...asked }, origin);
  }
}
