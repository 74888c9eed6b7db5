/** Hands the outcome of a tool call to its tenant's writer, with secrets taken out of the error's text. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DecisionId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import { redactText } from '../risk/index.js';
import { RecordOutcomeCommand } from './record-outcome.command.js';
import { type Answer, IDS, WRITERS, type Writers } from './writers.js';

@CommandHandler(RecordOutcomeCommand)
export class RecordOutcomeHandler implements ICommandHandler<RecordOutcomeCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  execute({ tenantId, origin, outcome }: RecordOutcomeCommand): Promise<Answer> {
    const decisionId = this.ids.mint('dec') as DecisionId;
    const error = outcome.error === null ? null : redactText(outcome.error);
    return this.writers.execute(tenantId, { ...outcome, type: 'RecordOutcome', decisionId, error }, origin);
  }
}
