/** From an assessed submission to the command that its tenant's writer decides, with its secrets taken out. */

import type { Approver } from '../domain/approval-rules.js';
import type { Proposal } from '../domain/assessment.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { SubmitToolCall } from '../domain/commands.js';
import { declaredKindOf } from '../domain/declared-kinds.js';
import type { ApprovalId, DecisionId, ReservationId, TenantId } from '../domain/ids.js';
import type { CustomKind } from '../domain/policy.events.js';
import type { Assessed } from '../ports/assessor.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { redactFields, redactText } from '../risk/index.js';
import { actionHashOf } from './action-hash.js';
import type { Submission } from './submit-tool-call.command.js';
import { toolsetOf } from './toolset.js';

/** How long what a call holds waits for its outcome; then it is charged as if it had run. */
export const HOLD_MS = 60 * 60 * 1000;

/** The parts of the server that name and digest what is recorded. */
export interface Recording {
  readonly ids: Ids;
  readonly keyring: Keyring;
}

/** What the tenant has to do with a call: the kinds it declared, who can be asked, and what was waited for. */
export interface Asking {
  readonly kinds: Iterable<CustomKind>;
  readonly approvers: readonly Approver[];
  readonly waitedFor?: ApprovalId | null;
}

export function toolCallOf(
  tenantId: TenantId,
  submission: Submission,
  assessed: Assessed,
  { ids, keyring }: Recording,
  { kinds, approvers, waitedFor = null }: Asking,
): SubmitToolCall {
  const { proposal, subject, estimate } = submission;
  return {
    type: 'SubmitToolCall',
    toolCallId: ids.mint('dec') as DecisionId,
    riskReservationId: ids.mint('rsv') as ReservationId,
    moneyReservationId: ids.mint('rsv') as ReservationId,
    subject,
    toolset: assessed.toolset ?? toolsetOf(namesOf(proposal)),
    declaredKind: declaredKindOf(proposal.tool, kinds),
    record: recordOf(tenantId, submission, assessed, keyring),
    assessment: assessed.assessment,
    whole: assessed.whole,
    estimate,
    holdMs: HOLD_MS,
    requiresApproval: assessed.requiresApproval,
    approvers,
    waitedFor,
  };
}

function recordOf(
  tenantId: TenantId,
  submission: Submission,
  assessed: Assessed,
  keyring: Keyring,
): SubmitToolCall['record'] {
  const { harness, sessionId, proposal } = submission;
  return {
    harness,
    sessionId,
    tool: { ...namesOf(proposal), input: assessed.input },
    inputTruncated: assessed.inputTruncated,
    inputDigest: keyring.digest(canonicalJson(proposal.tool.input)),
    cwd: proposal.cwd && redactText(proposal.cwd),
    context: redactFields(proposal.context),
    files: proposal.files.map(({ path, sha256, content }) => ({
      path: redactText(path),
      sha256,
      bytes: Buffer.byteLength(content, 'utf8'),
    })),
    actionHash: actionHashOf(tenantId, sessionId, proposal),
  };
}

/** An address of a server may carry a credential, which has no place in a record or in a scope. */
function namesOf({ tool: { name, server } }: Proposal): {
  readonly name: string;
  readonly server: string | null;
} {
  return { name: redactText(name), server: server === null ? null : redactText(server) };
}
