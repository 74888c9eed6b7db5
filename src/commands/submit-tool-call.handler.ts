/** Assesses a submitted tool call and hands it to its tenant's writer. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Assessor } from '../ports/assessor.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { SubmitToolCallCommand } from './submit-tool-call.command.js';
import { toolCallOf } from './tool-call.js';
import { type Answer, ASSESSOR, IDS, KEYRING, WRITERS, type Writers } from './writers.js';

@CommandHandler(SubmitToolCallCommand)
export class SubmitToolCallHandler implements ICommandHandler<SubmitToolCallCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
    @Inject(KEYRING) readonly keyring: Keyring,
    @Inject(IDS) readonly ids: Ids,
  ) {}

  async execute({ tenantId, origin, submission }: SubmitToolCallCommand): Promise<Answer> {
    const registry = await this.writers.read(tenantId, ({ registry }) => registry);
    const assessed = await this.assessor.assess(submission.proposal, registry);
    return this.writers.execute(tenantId, toolCallOf(tenantId, submission, assessed, this), origin);
  }
}
