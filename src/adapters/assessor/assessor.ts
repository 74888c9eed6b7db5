/** The risk engine for a server: short calls at once, longer ones in workers that a deadline can stop. */

import type { Proposal } from '../../domain/assessment.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Assessor } from '../../ports/assessor.port.js';
import {
  assessBriefly,
  loadParsers,
  ownToolOf,
  type RiskProfile,
  type RiskRegistry,
} from '../../risk/index.js';
import { type Answered, answerOf } from './messages.js';
import { opaqueCall } from './opaque.js';
import { Registries } from './registries.js';
import { WorkerPool } from './worker-pool.js';

export interface AssessorOptions {
  /** Asked anew for every call, since the server learns where it listens only when it does. */
  readonly registry: () => RiskRegistry;
  readonly profile: RiskProfile;
  /** Longest call assessed on the calling thread, in UTF-16 code units of its JSON and files together. */
  readonly inlineMax?: number;
  /** Most parts of a call that are looked at on the calling thread. */
  readonly inlineSteps?: number;
  /** How long a worker may take over one call, in ms. */
  readonly deadlineMs?: number;
  /** How many workers there may be; they start when they are first needed. */
  readonly workers?: number;
  /** How many calls may wait for a worker. */
  readonly queueMax?: number;
}

/** A call of a developer's day has some hundred characters and some dozen parts. */
const INLINE_MAX = 4 * 1024;
/** Some two milliseconds of work; a developer's longest commands have half as many. */
const INLINE_STEPS_MAX = 200;

/** Loads the parsers, then answers every call: what takes too long, or finds the queue full, is opaque. */
export async function openAssessor(options: AssessorOptions): Promise<Assessor> {
  const { registry, profile, inlineMax = INLINE_MAX, inlineSteps = INLINE_STEPS_MAX } = options;
  await loadParsers();
  const registries = new Registries(registry);
  const pool = new WorkerPool({
    profile,
    deadlineMs: options.deadlineMs ?? 1000,
    workers: options.workers ?? 1,
    queueMax: options.queueMax ?? 64,
  });
  return {
    async assess(proposal, registered) {
      const by = registries.of(registered);
      const own = ownToolOf(by.registry, proposal.tool);
      const registeredAs = {
        toolset: own?.toolset ?? null,
        requiresApproval: own?.requiresApproval ?? false,
      };
      const isShort = lengthOf(proposal) <= inlineMax;
      const answered = isShort ? inline(proposal, { registry: by.registry, profile, inlineSteps }) : null;
      return { ...(answered ?? (await pool.assess(proposal, by))), ...registeredAs };
    },
    close: () => pool.close(),
  };
}

/** On the calling thread, unless there is more in the call than its length shows: then null. */
function inline(
  proposal: Proposal,
  using: { readonly registry: RiskRegistry; readonly profile: RiskProfile; readonly inlineSteps: number },
): Answered | null {
  const { registry, profile, inlineSteps } = using;
  try {
    const recorded = assessBriefly(proposal, registry, profile, inlineSteps);
    return recorded === null ? null : answerOf(recorded);
  } catch {
    return opaqueCall(proposal, 'The call could not be examined');
  }
}

const lengthOf = (proposal: Proposal): number =>
  proposal.files.reduce(
    (sum, file) => sum + file.content.length,
    canonicalJson(proposal.tool.input ?? null).length,
  );
