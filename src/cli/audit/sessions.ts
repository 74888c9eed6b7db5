/** `countersign sessions`: what agents did, run by run, as a table, JSON or CSV. */

import { isRecord, type JsonRecord, recordOf } from '../../integrations/json.js';
import { connectionOf, type GlobalOptions } from '../connection.js';
import { type Column, printTable, textCell } from '../listing.js';
import { columns, print, printJson } from '../terminal.js';
import { csvLine } from './csv.js';
import { countOf, follow, jsonLine, type ListPlace, newest } from './pages.js';
import type { PeriodOptions } from './query.js';

export interface SessionsOptions extends GlobalOptions, PeriodOptions {
  readonly tenant?: string;
  readonly harness?: string;
  readonly agent?: string;
  readonly key?: string;
  readonly decision?: string;
  readonly tierMin?: string;
  readonly limit: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly follow?: boolean;
}

export async function listSessions(options: SessionsOptions): Promise<void> {
  const place: ListPlace = {
    connection: connectionOf(options),
    path: '/audit/sessions',
    member: 'sessions',
  };
  const query = {
    tenant_id: options.tenant,
    harness: options.harness,
    agent: options.agent,
    key_id: options.key,
    decision: options.decision,
    tier_min: options.tierMin,
    from: options.from,
    to: options.to,
  };
  const count = countOf(options.limit);
  if (options.follow) {
    await follow((isKnown) => newest(place, query, { count, isKnown }), {
      nameOf: ({ tenant_id, session_id }) => `${tenant_id}/${session_id}`,
      show: (session) => print(options.json ? jsonLine(session) : lineOf(session, options)),
    });
  }
  const sessions = await newest(place, query, { count });
  if (options.json) printJson(sessions);
  else if (options.csv) {
    print(csvLine(COLUMNS.map(({ heading }) => heading)));
    for (const session of sessions) print(lineOf(session, options));
  } else printTable(sessions, COLUMNS, { empty: 'There are no such sessions.' });
}

function lineOf(session: JsonRecord, { csv }: SessionsOptions): string {
  const cells = COLUMNS.map((column) => column.cell(session));
  return csv ? csvLine(cells) : (columns([cells])[0] ?? '');
}

const proposals =
  (member: string) =>
  (session: JsonRecord): string =>
    String(recordOf(session, 'proposals')?.[member] ?? '');

const COLUMNS: readonly Column[] = [
  { heading: 'began (UTC)', cell: (session) => momentOf(session['first_at']) },
  { heading: 'last (UTC)', cell: (session) => momentOf(session['last_at']) },
  { heading: 'tenant', cell: textCell('tenant_id') },
  { heading: 'session', cell: textCell('session_id') },
  { heading: 'harness', cell: textCell('harness') },
  { heading: 'proposals', cell: proposals('total'), isNumber: true },
  { heading: 'denied', cell: proposals('denied'), isNumber: true },
  { heading: 'tier', cell: textCell('highest_tier'), isNumber: true },
  { heading: 'used', cell: usedOf },
  { heading: 'asked', cell: textCell('open_approvals'), isNumber: true },
];

const momentOf = (at: unknown): string => String(at).slice(0, 19).replace('T', ' ');

/** What was charged, and what is still held, unit by unit. */
export function usedOf(session: JsonRecord): string {
  const used = session['used'];
  if (!Array.isArray(used)) return '';
  return used
    .filter(isRecord)
    .map(({ unit, held, charged }) => `${charged} ${unit}${Number(held) > 0 ? ` (${held} held)` : ''}`)
    .join(', ');
}
