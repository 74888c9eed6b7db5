/** The risk engine for a server: short calls at once, longer ones in workers that a deadline can stop. */

import type { Proposal } from '../../domain/assessment.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Assessed, Assessor } from '../../ports/assessor.port.js';
import { assessRedacted, loadParsers, type RiskProfile, type RiskRegistry } from '../../risk/index.js';
import { opaqueCall } from './opaque.js';
import { WorkerPool } from './worker-pool.js';

export interface AssessorOptions {
  /** Asked anew for every call, since the server learns where it listens only when it does. */
  readonly registry: () => RiskRegistry;
  readonly profile: RiskProfile;
  /** Longest call assessed on the calling thread, in UTF-16 code units of its JSON and files together. */
  readonly inlineMax?: number;
  /** How long a worker may take over one call, in ms. */
  readonly deadlineMs?: number;
  /** How many workers there may be; they start when they are first needed. */
  readonly workers?: number;
  /** How many calls may wait for a worker. */
  readonly queueMax?: number;
}

/** Loads the parsers, then answers every call: what takes too long, or finds the queue full, is opaque. */
export async function openAssessor(options: AssessorOptions): Promise<Assessor> {
  const { registry, profile, inlineMax = 16 * 1024 } = options;
  await loadParsers();
  const pool = new WorkerPool({
    registry,
    profile,
    deadlineMs: options.deadlineMs ?? 1000,
    workers: options.workers ?? 1,
    queueMax: options.queueMax ?? 64,
  });
  return {
    async assess(proposal) {
      return lengthOf(proposal) <= inlineMax ? inline(proposal, registry(), profile) : pool.assess(proposal);
    },
    close: () => pool.close(),
  };
}

function inline(proposal: Proposal, registry: RiskRegistry, profile: RiskProfile): Assessed {
  try {
    const { assessment, redactedInput, truncated } = assessRedacted(proposal, registry, profile);
    return { assessment, input: redactedInput, inputTruncated: truncated };
  } catch {
    return opaqueCall(proposal, 'The call could not be examined');
  }
}

const lengthOf = (proposal: Proposal): number =>
  proposal.files.reduce(
    (sum, file) => sum + file.content.length,
    canonicalJson(proposal.tool.input ?? null).length,
  );
