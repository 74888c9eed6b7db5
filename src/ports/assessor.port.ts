/** The risk engine behind a port, so that no input can stall the deciding thread. */

import type { Assessment, Proposal, WholeCall } from '../domain/assessment.js';
import type { Registry } from '../domain/registry.js';

/** An assessment whose spans point into the redacted arguments that are recorded. */
export interface Assessed {
  readonly assessment: Assessment;
  /** The tool input with secrets redacted, at most 16 KiB of JSON. */
  readonly input: unknown;
  readonly inputTruncated: boolean;
  /** All of a call that was cut, for people who are asked about it; null where it is too long to be shown, or whole. */
  readonly whole: WholeCall | null;
  /** The toolset that operators gave the tool; null when they gave none. */
  readonly toolset: string | null;
  /** Whether operators registered the tool as one that needs a person's approval. */
  readonly requiresApproval: boolean;
}

export interface Assessor {
  /**
   * Always answers: what takes too long is opaque, and scored as the worst it could do.
   * @param registry what is registered in the tenant; a registry that is the same object is compiled once
   */
  assess(proposal: Proposal, registry: Registry): Promise<Assessed>;
  close(): Promise<void>;
}
