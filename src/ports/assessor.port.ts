/** The risk engine behind a port, so that no input can stall the deciding thread. */

import type { Assessment, Proposal } from '../domain/assessment.js';

/** An assessment whose spans point into the redacted arguments that are recorded. */
export interface Assessed {
  readonly assessment: Assessment;
  /** The tool input with secrets redacted, at most 16 KiB of JSON. */
  readonly input: unknown;
  readonly inputTruncated: boolean;
}

export interface Assessor {
  /** Always answers: what takes too long is opaque, and scored as the worst it could do. */
  assess(proposal: Proposal): Promise<Assessed>;
  close(): Promise<void>;
}
