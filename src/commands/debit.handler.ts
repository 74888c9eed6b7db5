/** Charges for what was not reserved, at once and over all scopes. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Debit } from '../domain/commands.js';
import type { DebitId, DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { DebitCommand } from './debit.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(DebitCommand)
export class DebitHandler implements ICommandHandler<DebitCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, asked }: DebitCommand): Promise<Answer> {
    const command: Debit = {
      type: 'Debit',
      debitId: this.ids.mint('evt') as DebitId,
      decisionId: this.ids.mint('dec') as DecisionId,
      ...asked,
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
