/** Answers as files, which stand under their name only once they are whole. */

import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Complaint } from '../terminal.js';

/**
 * Writes an answer as it arrives. One that the server broke off is none.
 * @throws Complaint when it does not arrive whole, or cannot be written
 */
export async function saveAnswer(answer: Response, path: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await pipeline(arriving(answer), createWriteStream(partial, { mode: 0o600 }));
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error instanceof Error && 'code' in error && 'syscall' in error
      ? new Complaint(`${path} cannot be written: ${error.message}`)
      : error;
  }
}

async function* arriving(answer: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of answer.body ?? []) yield chunk as Uint8Array;
  } catch {
    throw new Complaint('the server broke off: nothing is written');
  }
}
