/** Records a preflight or a dry run. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Decide } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { DecideCommand } from './decide.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(DecideCommand)
export class DecideHandler implements ICommandHandler<DecideCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: DecideCommand): Promise<Answer> {
    const command: Decide = {
      type: 'Decide',
      decisionId: this.ids.mint('dec') as DecisionId,
      ...asked,
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
