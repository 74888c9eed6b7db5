/** The thread that hashes passwords, one after the other. */

import { parentPort } from 'node:worker_threads';
import { argon2id } from '@noble/hashes/argon2.js';
import type { HashingAnswer, HashingJob } from './argon2id.js';

const DIGEST_BYTES = 32;

parentPort?.on('message', (job: HashingJob) => parentPort?.postMessage(answerTo(job)));

function answerTo({ password, salt, cost }: HashingJob): HashingAnswer {
  try {
    const options = { ...cost, dkLen: DIGEST_BYTES };
    const digest = argon2id(Buffer.from(password, 'utf8'), Buffer.from(salt, 'base64url'), options);
    return { digest: Buffer.from(digest).toString('hex') };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
