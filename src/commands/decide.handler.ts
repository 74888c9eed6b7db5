/** Records a preflight or a dry run. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Decide } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import type { Approvers } from './approvers.js';
import { DecideCommand } from './decide.command.js';
import { type Answer, APPROVERS, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(DecideCommand)
export class DecideHandler implements ICommandHandler<DecideCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(APPROVERS) private readonly approvers: Approvers,
  ) {}

  execute({ tenantId, origin, asked }: DecideCommand): Promise<Answer> {
    const command: Decide = {
      type: 'Decide',
      decisionId: this.ids.mint('dec') as DecisionId,
      ...asked,
      approvers: this.approvers.of(tenantId),
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
