/** Asks for passwords without showing them. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Complaint } from './terminal.js';

export interface SecretPrompt {
  /** @throws Complaint when the input ends before there is an answer */
  ask(question: string): Promise<string>;
  close(): void;
}

/** One line an answer. On a terminal what is typed is not echoed; otherwise it is read as it comes. */
export function askSecret(): SecretPrompt {
  const terminal = process.stdin.isTTY === true;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  const pending = lines[Symbol.asyncIterator]();
  return {
    async ask(question) {
      process.stderr.write(question);
      const { value, done } = await pending.next();
      process.stderr.write('\n');
      if (done === true) throw new Complaint('no password was given');
      return value;
    },
    close: () => lines.close(),
  };
}
