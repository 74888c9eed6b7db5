/** Holds authority over all scopes, or refuses. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Reserve } from '../domain/commands.js';
import type { DecisionId, ReservationId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import type { Approvers } from './approvers.js';
import { ReserveCommand } from './reserve.command.js';
import { type Answer, APPROVERS, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(ReserveCommand)
export class ReserveHandler implements ICommandHandler<ReserveCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(APPROVERS) private readonly approvers: Approvers,
  ) {}

  async execute({ tenantId, origin, asked }: ReserveCommand): Promise<Answer> {
    const command: Reserve = {
      type: 'Reserve',
      reservationId: this.ids.mint('rsv') as ReservationId,
      decisionId: this.ids.mint('dec') as DecisionId,
      ...asked,
      approvers: await this.approvers.recent(tenantId),
    };
    return this.writers.execute(tenantId, command, origin);
  }
}
