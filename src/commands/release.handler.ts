/** Gives the whole of a reservation back. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Release } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { ReleaseCommand } from './release.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(ReleaseCommand)
export class ReleaseHandler implements ICommandHandler<ReleaseCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: ReleaseCommand): Promise<Answer> {
    const command: Release = { type: 'Release', decisionId: this.ids.mint('dec') as DecisionId, ...asked };
    return this.writers.execute(tenantId, command, origin);
  }
}
