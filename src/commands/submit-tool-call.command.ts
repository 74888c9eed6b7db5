/** Submit a tool call to the gate: assess it, decide, hold what it costs, record it. */

import { Command } from '@nestjs/cqrs';
import type { Amount } from '../domain/amount.js';
import type { Proposal } from '../domain/assessment.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Subject } from '../domain/subject.js';
import type { Answer } from './writers.js';

/** A tool call as the harness submitted it. */
export interface Submission {
  readonly harness: string;
  readonly sessionId: string;
  /** Workspace, app and agent as asked for; fixed levels of the key win. */
  readonly subject: Subject;
  readonly proposal: Proposal;
  /** What it may cost in money; null when nothing is known. */
  readonly estimate: Amount | null;
}

export class SubmitToolCallCommand extends Command<Answer> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    readonly submission: Submission,
    /** How long to wait for people's answer, in ms; 0 for not at all. */
    readonly waitMs = 0,
    /** The asker has left. */
    readonly signal?: AbortSignal,
  ) {
    super();
  }
}
