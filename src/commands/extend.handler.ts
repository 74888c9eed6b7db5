/** Lengthens a reservation, within the tenant’s limits. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Extend } from '../domain/commands.js';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { ExtendCommand } from './extend.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(ExtendCommand)
export class ExtendHandler implements ICommandHandler<ExtendCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: ExtendCommand): Promise<Answer> {
    const command: Extend = {
      type: 'Extend',
      decisionId: this.ids.mint('dec') as DecisionId,
      ...asked,
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
