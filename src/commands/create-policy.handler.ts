/** Makes a policy. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreatePolicy } from '../domain/commands.js';
import type { PolicyId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { CreatePolicyCommand } from './create-policy.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(CreatePolicyCommand)
export class CreatePolicyHandler implements ICommandHandler<CreatePolicyCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: CreatePolicyCommand): Promise<Answer> {
    const policyId = this.ids.mint('pol') as PolicyId;
    const command: CreatePolicy = { type: 'CreatePolicy', policyId, ...asked };
    return this.writers.execute(tenantId, command, origin);
  }
}
