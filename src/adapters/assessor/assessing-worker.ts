/** The thread in which one long call after the other is assessed. */

import { parentPort, workerData } from 'node:worker_threads';
import { assessRedacted, loadParsers, type RiskProfile } from '../../risk/index.js';
import { type Asked, answerOf } from './messages.js';
import { Kept } from './registries.js';

const { profile } = workerData as { profile: RiskProfile };
const kept = new Kept();

await loadParsers();
parentPort?.on('message', ({ proposal, by }: Asked) => {
  parentPort?.postMessage(answerOf(assessRedacted(proposal, kept.take(by), profile)));
});
parentPort?.postMessage('ready');
