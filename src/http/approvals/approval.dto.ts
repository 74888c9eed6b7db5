/** Bodies and queries about approvals. */

import { IsIn, MaxLength } from 'class-validator';
import { Optional } from '../fields.js';
import { PageQueryDto } from '../page.dto.js';

export const APPROVAL_STATUSES = [
  'PENDING',
  'APPROVED',
  'REJECTED',
  'EXPIRED',
  'CANCELLED',
  'CONSUMED',
] as const;

export class ApprovalsQueryDto extends PageQueryDto {
  @Optional()
  @MaxLength(64)
  readonly tenant_id?: string;

  @Optional()
  @IsIn(APPROVAL_STATUSES)
  readonly status?: (typeof APPROVAL_STATUSES)[number];

  @Optional()
  @MaxLength(1024)
  readonly session_scope?: string;
}

export class ApprovalAnswerDto {
  @IsIn(['approve', 'reject'])
  readonly answer!: 'approve' | 'reject';

  /** What to add; for a no the reason, which the agent is told. */
  @Optional()
  @MaxLength(1000)
  readonly note?: string;
}

export class CancelApprovalDto {
  @Optional()
  @MaxLength(1000)
  readonly reason?: string;
}

export class WaitQueryDto {
  /** How long to hold the request open while the approval is pending, in ms; at most ten minutes. */
  @Optional()
  @MaxLength(6)
  readonly wait_ms?: string;
}
