/** Deletes a policy. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeletePolicyCommand } from './delete-policy.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(DeletePolicyCommand)
export class DeletePolicyHandler implements ICommandHandler<DeletePolicyCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: DeletePolicyCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'DeletePolicy', ...asked }, origin);
  }
}
