/** `countersign approvals watch`: questions as they come; on a terminal they can be answered at once. */

import { createInterface, type Interface } from 'node:readline/promises';
import type { JsonRecord } from '../../integrations/json.js';
import { jsonLine } from '../audit/pages.js';
import type { Connection } from '../connection.js';
import { listAll } from '../listing.js';
import { Complaint, type Palette, paletteFor, print } from '../terminal.js';
import { type Answer, type ApprovalOptions, answer, approvalOf, personOf, sentenceOn } from './approvals.js';
import { approvalLines } from './question.js';

/** Between two looks at the inbox, in ms. */
const LOOK_MS = 1_000;

/** Runs until it is stopped. Whoever is asked on the terminal may leave a question open with the enter key. */
export async function watchApprovals(options: ApprovalOptions): Promise<void> {
  const connection = personOf(options);
  const paint = paletteFor(process.stdout, process.env);
  const isAnswered = process.stdin.isTTY === true && process.stdout.isTTY === true && !options.json;
  const terminal = isAnswered ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  terminal?.once('SIGINT', () => process.exit(0));
  let known: ReadonlySet<string> = new Set();
  for (;;) {
    const query = { tenant_id: options.tenant, status: 'PENDING' };
    const waiting = await listAll(connection, '/admin/approvals', 'approvals', query);
    for (const { approval_id: id } of [...waiting].reverse()) {
      if (known.has(String(id))) continue;
      const approval = await approvalOf(connection, String(id));
      print(...(options.json ? [jsonLine(approval)] : [...approvalLines(approval, paint), '']));
      if (terminal !== null) await offer(approval, { connection, terminal, paint });
    }
    known = new Set(waiting.map(({ approval_id: id }) => String(id)));
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

interface Desk {
  readonly connection: Connection;
  readonly terminal: Interface;
  readonly paint: Palette;
}

/** A refused answer, such as one that came too late, is told and ends nothing. */
async function offer(approval: JsonRecord, { connection, terminal, paint }: Desk): Promise<void> {
  const said = answerIn(await terminal.question('Approve [a], reject [r], or leave it [enter]? '));
  if (said === null) return;
  const note = said === 'reject' ? await terminal.question('Why? The agent is told: ') : undefined;
  try {
    const id = String(approval['approval_id']);
    print(sentenceOn(await answer(connection, id, said, note)), '');
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    print(paint.red(error.message), '');
  }
}

function answerIn(text: string): Answer | null {
  const word = text.trim().toLowerCase();
  if (word === 'a' || word === 'approve') return 'approve';
  return word === 'r' || word === 'reject' ? 'reject' : null;
}
