/** Assesses a submitted tool call and hands it to its tenant's writer, with its secrets taken out. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Proposal } from '../domain/assessment.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { SubmitToolCall } from '../domain/commands.js';
import type { DecisionId, ReservationId, TenantId } from '../domain/ids.js';
import type { Assessed, Assessor } from '../ports/assessor.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { redactFields, redactText } from '../risk/index.js';
import { actionHashOf } from './action-hash.js';
import { type Submission, SubmitToolCallCommand } from './submit-tool-call.command.js';
import { toolsetOf } from './toolset.js';
import { type Answer, ASSESSOR, IDS, KEYRING, WRITERS, type Writers } from './writers.js';

/** How long what a call holds waits for its outcome; then it is charged as if it had run. */
export const HOLD_MS = 60 * 60 * 1000;

@CommandHandler(SubmitToolCallCommand)
export class SubmitToolCallHandler implements ICommandHandler<SubmitToolCallCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async execute({ tenantId, origin, submission }: SubmitToolCallCommand): Promise<Answer> {
    const assessed = await this.assessor.assess(submission.proposal);
    return this.writers.execute(tenantId, this.commandOf(tenantId, submission, assessed), origin);
  }

  private commandOf(tenantId: TenantId, submission: Submission, assessed: Assessed): SubmitToolCall {
    const { proposal, subject, estimate } = submission;
    return {
      type: 'SubmitToolCall',
      toolCallId: this.ids.mint('dec') as DecisionId,
      riskReservationId: this.ids.mint('rsv') as ReservationId,
      moneyReservationId: this.ids.mint('rsv') as ReservationId,
      subject,
      toolset: toolsetOf(namesOf(proposal)),
      record: this.recordOf(tenantId, submission, assessed),
      assessment: assessed.assessment,
      estimate,
      holdMs: HOLD_MS,
    };
  }

  private recordOf(tenantId: TenantId, submission: Submission, assessed: Assessed): SubmitToolCall['record'] {
    const { harness, sessionId, proposal } = submission;
    return {
      harness,
      sessionId,
      tool: { ...namesOf(proposal), input: assessed.input },
      inputTruncated: assessed.inputTruncated,
      inputDigest: this.keyring.digest(canonicalJson(proposal.tool.input)),
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
}

/** An address of a server may carry a credential, which has no place in a record or in a scope. */
function namesOf({ tool: { name, server } }: Proposal): {
  readonly name: string;
  readonly server: string | null;
} {
  return { name: redactText(name), server: server === null ? null : redactText(server) };
}
