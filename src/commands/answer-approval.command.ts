/** A person's answer to the question about a call. */

import { Command } from '@nestjs/cqrs';
import type { AnswerApproval } from '../domain/approval.commands.js';
import type { Origin } from '../domain/events.js';
import type { OperatorId, TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class AnswerApprovalCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    /** Its actor is the person. */
    readonly origin: Origin,
    readonly operatorId: OperatorId,
    readonly asked: Omit<AnswerApproval, 'type' | 'person'>,
  ) {
    super();
  }
}
