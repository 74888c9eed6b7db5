/** Withdraws a question to people, with what the server knows of the person who does. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Approver } from '../domain/approval-rules.js';
import type { Actor } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Approvers } from './approvers.js';
import { CancelApprovalCommand } from './cancel-approval.command.js';
import { type Answer, APPROVERS, WRITERS, type Writers } from './writers.js';

@CommandHandler(CancelApprovalCommand)
export class CancelApprovalHandler implements ICommandHandler<CancelApprovalCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(APPROVERS) private readonly approvers: Approvers,
  ) {}

  async execute({ tenantId, origin, approvalId, reason }: CancelApprovalCommand): Promise<Answer> {
    const person = await this.personOf(origin.actor, tenantId);
    return this.writers.execute(tenantId, { type: 'CancelApproval', approvalId, person, reason }, origin);
  }

  private async personOf(actor: Actor, tenantId: TenantId): Promise<Approver | null> {
    if (actor.type !== 'operator') return null;
    const known = await this.approvers.latest(tenantId);
    return known.find(({ operatorId }) => operatorId === actor.operatorId) ?? null;
  }
}
