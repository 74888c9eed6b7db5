/** What the pool and its workers say to each other. */

import type { Proposal } from '../../domain/assessment.js';
import type { Assessed } from '../../ports/assessor.port.js';
import type { RecordedAssessment } from '../../risk/index.js';
import type { RegistryMessage } from './registries.js';

/** One call, with the registry it is read by. */
export interface Asked {
  readonly proposal: Proposal;
  readonly by: RegistryMessage;
}

/** What a worker can say; what is registered of the tool is known without it. */
export type Answered = Omit<Assessed, 'toolset' | 'requiresApproval'>;

export const answerOf = ({
  assessment,
  redactedInput: input,
  truncated: inputTruncated,
  whole,
}: RecordedAssessment): Answered => ({ assessment, input, inputTruncated, whole });
