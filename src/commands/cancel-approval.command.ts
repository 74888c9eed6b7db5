/** Nobody wants an answer to the question about a call any more. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { ApprovalId, TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

export class CancelApprovalCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    /** Its actor is the key that asked, or a person. */
    readonly origin: Origin,
    readonly approvalId: ApprovalId,
    readonly reason: string | null,
  ) {
    super();
  }
}
