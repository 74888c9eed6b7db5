/** `countersign approvals list`, `show`, `approve` and `reject`, under the name of who has signed in. */

import type { JsonRecord } from '../../integrations/json.js';
import { momentOf } from '../audit/actions.js';
import { type Confirmable, confirm } from '../confirm.js';
import { addressOf, type Connection, callServer, type GlobalOptions } from '../connection.js';
import { listAll, printTable, textCell } from '../listing.js';
import { keptSession } from '../session.js';
import { Complaint, paletteFor, print, printJson } from '../terminal.js';
import { approvalLines, sessionOf, whatIn } from './question.js';

export interface ApprovalOptions extends GlobalOptions {
  readonly tenant?: string;
  readonly json?: boolean;
}

export type Answer = 'approve' | 'reject';

/**
 * The connection of the person who has signed in.
 * @throws Complaint without one, and for the admin key: who answers has to be somebody
 */
export function personOf(options: GlobalOptions): Connection {
  const url = addressOf(options);
  const session = options.adminKey === undefined ? keptSession(url) : null;
  if (session !== null) return { url, adminKey: '', token: session.token };
  throw new Complaint(
    'approvals are for people, not for keys of any kind: sign in with "countersign sign-in <name>"',
  );
}

export async function listApprovals(options: ApprovalOptions & { status: string }): Promise<void> {
  const query = { tenant_id: options.tenant, status: options.status };
  const approvals = await listAll(personOf(options), '/admin/approvals', 'approvals', query);
  const none = options.status === 'PENDING' ? 'Nobody waits for an answer.' : 'There are none.';
  printTable(
    approvals,
    [
      { heading: 'asked (UTC)', cell: (approval) => momentOf(approval['requested_at_ms']) },
      { heading: 'until (UTC)', cell: (approval) => momentOf(approval['expires_at_ms']) },
      { heading: 'status', cell: textCell('status') },
      { heading: 'tier', cell: textCell('tier'), isNumber: true },
      { heading: 'what', cell: whatIn },
      { heading: 'tenant', cell: textCell('tenant_id') },
      { heading: 'session', cell: sessionOf },
      { heading: 'approval', cell: textCell('approval_id') },
    ],
    { json: options.json, empty: none },
  );
}

export async function showApproval(id: string, options: ApprovalOptions): Promise<void> {
  show(await approvalOf(personOf(options), id), options);
}

/** Shows the call before it asks, so that nobody agrees to what they have not seen. */
export async function approve(
  id: string,
  options: ApprovalOptions & Confirmable & { readonly note?: string },
): Promise<void> {
  const connection = personOf(options);
  if (options.yes !== true) {
    const approval = await approvalOf(connection, id);
    process.stderr.write(
      `${approvalLines(approval, paletteFor(process.stderr, process.env)).join('\n')}\n\n`,
    );
  }
  await confirm('To approve lets exactly this call run once.', options);
  told(await answer(connection, id, 'approve', options.note), options);
}

export async function reject(
  id: string,
  options: ApprovalOptions & { readonly reason?: string },
): Promise<void> {
  told(await answer(personOf(options), id, 'reject', options.reason), options);
}

const pathOf = (id: string): string => `/admin/approvals/${encodeURIComponent(id)}`;

/** @throws Complaint when there is none, or the person may not see it */
export const approvalOf = (connection: Connection, id: string): Promise<JsonRecord> =>
  callServer(connection, 'GET', pathOf(id));

/** @throws Complaint when the server refuses the answer, saying why */
export const answer = (
  connection: Connection,
  id: string,
  said: Answer,
  note: string | undefined,
): Promise<JsonRecord> =>
  callServer(connection, 'POST', `${pathOf(id)}/answer`, {
    answer: said,
    ...(note !== undefined && note !== '' && { note }),
  });

function show(approval: JsonRecord, { json }: ApprovalOptions): void {
  if (json) printJson(approval);
  else print(...approvalLines(approval, paletteFor(process.stdout, process.env)));
}

function told(approval: JsonRecord, { json }: ApprovalOptions): void {
  if (json) printJson(approval);
  else print(sentenceOn(approval));
}

/** What an answer has led to. */
export function sentenceOn({ approval_id: id, status, votes }: JsonRecord): string {
  if (status === 'PENDING') return `${id}: ${votes} said yes so far; more people are asked.`;
  if (status === 'APPROVED') return `${id} is approved: the call may run once.`;
  if (status === 'REJECTED') return `${id} is rejected, for the rest of its session.`;
  return `${id} is ${status}.`;
}
