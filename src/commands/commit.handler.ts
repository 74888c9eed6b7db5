/** Settles a reservation at its actual amount. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Commit } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { CommitCommand } from './commit.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(CommitCommand)
export class CommitHandler implements ICommandHandler<CommitCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: CommitCommand): Promise<Answer> {
    const command: Commit = { type: 'Commit', decisionId: this.ids.mint('dec') as DecisionId, ...asked };
    return this.writers.execute(tenantId, command, origin);
  }
}
