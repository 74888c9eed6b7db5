/** Asks how a request would be decided and why, recording nothing. */

import { Command } from '@nestjs/cqrs';
import type { Assessment } from '../domain/assessment.js';
import type { Decide } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { Explanation } from '../domain/explanation.js';
import type { TenantId } from '../domain/ids.js';
import type { Submission } from './submit-tool-call.command.js';

/** An action that would be reserved for, or a tool call that would be submitted. */
export type Evaluated =
  | ({ readonly kind: 'action' } & Pick<Decide, 'subject' | 'action' | 'estimate'>)
  | ({ readonly kind: 'tool_call' } & Submission);

export interface Evaluation {
  readonly explanation: Explanation;
  /** Null for an action. */
  readonly assessment: Assessment | null;
}

/** Answers null for a tenant that does not exist. */
export class EvaluateCommand extends Command<Evaluation | null> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly asked: Evaluated,
  ) {
    super();
  }
}
