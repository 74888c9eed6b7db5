/** Asks before what cannot be undone. */

import { createInterface } from 'node:readline/promises';
import { Complaint } from './terminal.js';

export interface Confirmable {
  /** Given with `--yes`: do not ask. */
  readonly yes?: boolean;
}

/**
 * Returns once a person has said yes.
 * @throws Complaint when they say anything else, or when there is nobody to ask
 */
export async function confirm(consequence: string, { yes }: Confirmable): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Complaint(`${consequence} Nothing was done: say --yes where nobody can be asked.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${consequence} Go on? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Complaint('nothing was done');
  } finally {
    terminal.close();
  }
}
