/** What can be asked about an approval. */

import type { ApprovalChannel, PasskeyEvidence } from './approval.events.js';
import type { Approver } from './approval-rules.js';
import type { ApprovalId } from './ids.js';

/** A person's answer to the question about a call. Operators only. */
export interface AnswerApproval {
  readonly type: 'AnswerApproval';
  readonly approvalId: ApprovalId;
  readonly answer: 'approve' | 'reject';
  /** Who answers, by the server's own list of operators. */
  readonly person: Approver;
  readonly channel: ApprovalChannel;
  /** What the person adds; for a no its reason. */
  readonly note: string | null;
  readonly passkey: PasskeyEvidence | null;
}
export interface CancelApproval {
  readonly type: 'CancelApproval';
  readonly approvalId: ApprovalId;
  /** Who takes it back, by the server's own list of operators; null for the key that asked. */
  readonly person: Approver | null;
  readonly reason: string | null;
}
