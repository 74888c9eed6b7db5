/** Carries a person's answer to the ledger of the tenant that asked, with what the server knows of the person. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Approver } from '../domain/approval-rules.js';
import { refusal } from '../domain/refusals.js';
import type { Clock } from '../ports/clock.port.js';
import { AnswerApprovalCommand } from './answer-approval.command.js';
import type { Approvers } from './approvers.js';
import { type Answer, APPROVERS, CLOCK, WRITERS, type Writers } from './writers.js';

@CommandHandler(AnswerApprovalCommand)
export class AnswerApprovalHandler implements ICommandHandler<AnswerApprovalCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(APPROVERS) private readonly approvers: Approvers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId, origin, operatorId, asked }: AnswerApprovalCommand): Promise<Answer> {
    const known = await this.approvers.latest(tenantId);
    const person: Approver | undefined = known.find((approver) => approver.operatorId === operatorId);
    if (person === undefined) {
      const no = refusal('approver_required', 'Only approvers of the tenant answer its approvals.');
      return { kind: 'refused', refusal: no, nowMs: this.clock.now() };
    }
    return this.writers.execute(tenantId, { type: 'AnswerApproval', person, ...asked }, origin);
  }
}
