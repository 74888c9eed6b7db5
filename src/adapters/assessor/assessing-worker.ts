/** The thread in which one long call after the other is assessed. */

import { parentPort, workerData } from 'node:worker_threads';
import type { Proposal } from '../../domain/assessment.js';
import type { Assessed } from '../../ports/assessor.port.js';
import { assessRedacted, loadParsers, type RiskProfile, type RiskRegistry } from '../../risk/index.js';

const { registry, profile } = workerData as { registry: RiskRegistry; profile: RiskProfile };

await loadParsers();
parentPort?.on('message', (proposal: Proposal) => {
  const { assessment, redactedInput, truncated } = assessRedacted(proposal, registry, profile);
  const assessed: Assessed = { assessment, input: redactedInput, inputTruncated: truncated };
  parentPort?.postMessage(assessed);
});
parentPort?.postMessage('ready');
