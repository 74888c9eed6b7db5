/** Withdraws a question to people. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CancelApprovalCommand } from './cancel-approval.command.js';
import { type Answer, WRITERS, type Writers } from './writers.js';

@CommandHandler(CancelApprovalCommand)
export class CancelApprovalHandler implements ICommandHandler<CancelApprovalCommand> {
  constructor(@Inject(WRITERS) private readonly writers: Writers) {}

  execute({ tenantId, origin, approvalId, reason }: CancelApprovalCommand): Promise<Answer> {
    return this.writers.execute(tenantId, { type: 'CancelApproval', approvalId, reason }, origin);
  }
}
