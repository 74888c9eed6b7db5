/** Declares a custom action kind. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeclareActionKindCommand } from './declare-action-kind.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(DeclareActionKindCommand)
export class DeclareActionKindHandler implements ICommandHandler<DeclareActionKindCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, asked }: DeclareActionKindCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'DeclareActionKind', ...asked }, origin);
  }
}
