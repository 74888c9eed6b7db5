/** Settles a reservation at its actual amount. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Commit } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { History } from '../ports/history.port.js';
import type { Ids } from '../ports/ids.port.js';
import { CommitCommand } from './commit.command.js';
import { foreignIfElsewhere } from './foreign.js';
import { type Answer, HISTORY, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(CommitCommand)
export class CommitHandler implements ICommandHandler<CommitCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(HISTORY) private readonly history: History,
  ) {}

  async execute({ tenantId, origin, asked }: CommitCommand): Promise<Answer> {
    const command: Commit = { type: 'Commit', decisionId: this.ids.mint('dec') as DecisionId, ...asked };
    const answer = await this.writers.execute(tenantId, command, origin);
    return foreignIfElsewhere(answer, asked.reservationId, this.history);
  }
}
