/** Changes an API key. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UpdateApiKeyCommand } from './update-api-key.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(UpdateApiKeyCommand)
export class UpdateApiKeyHandler implements ICommandHandler<UpdateApiKeyCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: UpdateApiKeyCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'UpdateApiKey', ...asked }, origin);
  }
}
