/** Changes a policy. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UpdatePolicyCommand } from './update-policy.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(UpdatePolicyCommand)
export class UpdatePolicyHandler implements ICommandHandler<UpdatePolicyCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: UpdatePolicyCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'UpdatePolicy', ...asked }, origin);
  }
}
