/** Assesses a submitted tool call and hands it to its tenant's writer; where people are asked, waits for them. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ApprovalId } from '../domain/ids.js';
import type { ApprovalAnswers } from '../ports/approval-answers.port.js';
import type { Assessor } from '../ports/assessor.port.js';
import type { Clock } from '../ports/clock.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import type { Approvers } from './approvers.js';
import { SubmitToolCallCommand } from './submit-tool-call.command.js';
import { toolCallOf } from './tool-call.js';
import {
  type Answer,
  APPROVAL_ANSWERS,
  APPROVERS,
  ASSESSOR,
  CLOCK,
  IDS,
  KEYRING,
  WRITERS,
  type Writers,
} from './writers.js';

/** Assessments of one call before its asker is told to come again. */
const ATTEMPTS_MAX = 10;

@CommandHandler(SubmitToolCallCommand)
export class SubmitToolCallHandler implements ICommandHandler<SubmitToolCallCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
    @Inject(APPROVERS) private readonly approvers: Approvers,
    @Inject(APPROVAL_ANSWERS) private readonly answers: ApprovalAnswers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(KEYRING) readonly keyring: Keyring,
    @Inject(IDS) readonly ids: Ids,
  ) {}

  /** An approval is used only while its asker is still there: one who has left leaves it for the next time. */
  async execute(command: SubmitToolCallCommand): Promise<Answer> {
    const { waitMs, signal } = command;
    const untilMs = this.clock.now() + waitMs;
    let answer = await this.submit(command, null);
    for (;;) {
      const approvalId = awaitedIn(answer);
      const leftMs = untilMs - this.clock.now();
      if (approvalId === null || leftMs <= 0) return answer;
      const isSettled = await this.answers.settled(approvalId, leftMs, signal);
      if (!isSettled || signal?.aborted) return answer;
      answer = await this.submit(command, approvalId);
    }
  }

  /** Assesses a call anew while what is registered changes under it, on this node or another. */
  private async submit(command: SubmitToolCallCommand, waitedFor: ApprovalId | null): Promise<Answer> {
    let answer = await this.submitOnce(command, waitedFor);
    for (let attempt = 1; attempt < ATTEMPTS_MAX && isOutdated(answer); attempt++) {
      answer = await this.submitOnce(command, waitedFor);
    }
    return answer;
  }

  private async submitOnce(
    { tenantId, origin, submission }: SubmitToolCallCommand,
    waitedFor: ApprovalId | null,
  ): Promise<Answer> {
    const { registry, kinds, hasApprovals } = await this.writers.read(tenantId, (state) => ({
      registry: state.registry,
      kinds: state.kinds,
      hasApprovals: !state.approvals.isEmpty,
    }));
    const assessed = await this.assessor.assess(submission.proposal, registry);
    // Whose agreement a call may run on is asked at this moment, wherever somebody was disabled.
    const approvers = await (hasApprovals
      ? this.approvers.latest(tenantId)
      : this.approvers.recent(tenantId));
    const toolCall = toolCallOf(tenantId, submission, assessed, this, {
      kinds: kinds.values(),
      approvers,
      waitedFor,
    });
    const assessedBy = { registry, kinds, knowsPeople: hasApprovals || this.approvers.areCurrent };
    return this.writers.execute(tenantId, { ...toolCall, assessedBy }, origin);
  }
}

const isOutdated = (answer: Answer): boolean =>
  answer.kind === 'refused' && answer.refusal.code === 'registry_changed';

/** The approval that a call waits for; null when it is decided. */
function awaitedIn(answer: Answer): ApprovalId | null {
  if (answer.kind !== 'accepted') return null;
  const decided = answer.events.find((event) => event.type === 'Decided');
  if (decided?.type !== 'Decided' || decided.data.decision !== 'PENDING') return null;
  return decided.data.approval?.approvalId ?? null;
}
