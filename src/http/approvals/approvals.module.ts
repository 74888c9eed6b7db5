/** Approvals: the people who answer, and the agents that wait. */

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AnswerApprovalHandler } from '../../commands/answer-approval.handler.js';
import { CancelApprovalHandler } from '../../commands/cancel-approval.handler.js';
import { ApprovalsController } from './approvals.controller.js';
import { WaitingController } from './waiting.controller.js';

@Module({
  imports: [CqrsModule],
  controllers: [ApprovalsController, WaitingController],
  providers: [AnswerApprovalHandler, CancelApprovalHandler],
})
export class ApprovalsModule {}
