/** Evaluates a request against its tenant's state as it is now, and leaves no trace. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Decide, NO_PRIOR, type SubmitToolCall } from '../domain/commands.js';
import { explain } from '../domain/explanation.js';
import type { DecisionId } from '../domain/ids.js';
import type { Assessor } from '../ports/assessor.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import type { Approvers } from './approvers.js';
import { EvaluateCommand, type Evaluation } from './evaluate.command.js';
import { toolCallOf } from './tool-call.js';
import { APPROVERS, ASSESSOR, IDS, KEYRING, WRITERS, type Writers } from './writers.js';

@CommandHandler(EvaluateCommand)
export class EvaluateHandler implements ICommandHandler<EvaluateCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
    @Inject(KEYRING) readonly keyring: Keyring,
    @Inject(IDS) readonly ids: Ids,
    @Inject(APPROVERS) private readonly approvers: Approvers,
  ) {}

  async execute(asking: EvaluateCommand): Promise<Evaluation | null> {
    const { tenantId, origin } = asking;
    const command = await this.commandOf(asking);
    const assessment = command.type === 'SubmitToolCall' ? command.assessment : null;
    return this.writers.read(tenantId, (state, { nowMs }) =>
      state.tenant === null
        ? null
        : {
            explanation: explain({ command, origin, nowMs, prior: NO_PRIOR }, state.tenant, state),
            assessment,
          },
    );
  }

  private async commandOf({ tenantId, asked }: EvaluateCommand): Promise<Decide | SubmitToolCall> {
    if (asked.kind === 'tool_call') {
      const { registry, kinds } = await this.writers.read(tenantId, ({ registry, kinds }) => ({
        registry,
        kinds,
      }));
      const assessed = await this.assessor.assess(asked.proposal, registry);
      return toolCallOf(tenantId, asked, assessed, this, {
        kinds: kinds.values(),
        approvers: await this.approvers.recent(tenantId),
      });
    }
    const { subject, action, estimate } = asked;
    const decisionId = this.ids.mint('dec') as DecisionId;
    const approvers = await this.approvers.recent(tenantId);
    return {
      type: 'Decide',
      operation: 'decide',
      decisionId,
      subject,
      action,
      estimate,
      metadata: null,
      approvers,
    };
  }
}
