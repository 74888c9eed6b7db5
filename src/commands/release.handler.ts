/** Gives the whole of a reservation back. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Release } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { History } from '../ports/history.port.js';
import type { Ids } from '../ports/ids.port.js';
import { foreignIfElsewhere } from './foreign.js';
import { ReleaseCommand } from './release.command.js';
import { type Answer, HISTORY, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(ReleaseCommand)
export class ReleaseHandler implements ICommandHandler<ReleaseCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(HISTORY) private readonly history: History,
  ) {}

  async execute({ tenantId, origin, asked }: ReleaseCommand): Promise<Answer> {
    const command: Release = { type: 'Release', decisionId: this.ids.mint('dec') as DecisionId, ...asked };
    const answer = await this.writers.execute(tenantId, command, origin);
    return foreignIfElsewhere(answer, asked.reservationId, this.history);
  }
}
