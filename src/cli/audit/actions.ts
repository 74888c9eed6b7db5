/** `countersign actions`: what was proposed and decided, as a table, JSON or CSV. */

import { type JsonRecord, recordOf, textOf } from '../../integrations/json.js';
import { connectionOf } from '../connection.js';
import { type Column, printTable } from '../listing.js';
import { columns, paletteFor, print, printJson } from '../terminal.js';
import { copyExport } from './export.js';
import { countOf, follow, jsonLine, type ListPlace, newest } from './pages.js';
import { type FilterOptions, queryOf } from './query.js';

export interface ActionsOptions extends FilterOptions {
  readonly limit: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly follow?: boolean;
}

const WHAT_LENGTH = 56;

export async function listActions(options: ActionsOptions): Promise<void> {
  const place: ListPlace = {
    connection: connectionOf(options),
    path: '/audit/actions',
    member: 'actions',
  };
  const query = queryOf(options);
  const count = countOf(options.limit);
  if (options.csv) return copyExport(place.connection, { ...query, format: 'csv' }, process.stdout);
  if (options.follow) {
    await follow((isKnown) => newest(place, query, { count, isKnown }), {
      nameOf: (action) => String(action['action_id']),
      show: options.json ? (action) => print(jsonLine(action)) : showLine,
    });
  }
  const actions = await newest(place, query, { count });
  if (options.json) printJson(actions);
  else printTable(actions, COLUMNS, { empty: 'There are no such actions.' });
}

const part = (action: JsonRecord, name: string): JsonRecord => recordOf(action, name) ?? {};
const cell = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const shortened = (text: string): string =>
  text.length > WHAT_LENGTH ? `${text.slice(0, WHAT_LENGTH - 1)}…` : text;

const COLUMNS: readonly Column[] = [
  { heading: 'proposed (UTC)', cell: (action) => momentOf(part(action, 'proposed')['at_ms']) },
  { heading: 'decision', cell: (action) => cell(part(action, 'decided')['decision']) },
  { heading: 'reason', cell: (action) => cell(part(action, 'decided')['reason_code']) },
  { heading: 'tier', cell: (action) => cell(assessmentOf(action)['tier']), isNumber: true },
  { heading: 'points', cell: (action) => cell(assessmentOf(action)['risk_points']), isNumber: true },
  { heading: 'what', cell: (action) => shortened(whatOf(part(action, 'proposed'))) },
  { heading: 'outcome', cell: (action) => cell(part(action, 'outcome')['status']) },
  { heading: 'session', cell: (action) => cell(part(action, 'proposed')['session_id']) },
  { heading: 'action', cell: (action) => cell(action['action_id']) },
];

const assessmentOf = (action: JsonRecord): JsonRecord => part(part(action, 'proposed'), 'assessment');

/** The command of a tool call, or what else it was given; the action where no tool was called. */
export function whatOf(proposed: JsonRecord): string {
  const tool = recordOf(recordOf(proposed, 'tool_call') ?? {}, 'tool');
  if (tool === null) {
    const action = recordOf(proposed, 'action') ?? {};
    return [textOf(action, 'kind'), textOf(action, 'name')].filter((word) => word !== null).join(' ');
  }
  const input = tool['input'];
  const command = textOf(recordOf(tool, 'input') ?? {}, 'command', 'cmd', 'sql', 'query', 'url', 'path');
  return `${tool['name']} ${command ?? JSON.stringify(input ?? null)}`;
}

/** A moment as people read it, to the second. */
export const momentOf = (atMs: unknown): string =>
  typeof atMs === 'number' ? new Date(atMs).toISOString().slice(0, 19).replace('T', ' ') : '';

function showLine(action: JsonRecord): void {
  const palette = paletteFor(process.stdout, process.env);
  const decision = part(action, 'decided')['decision'];
  const [line = ''] = columns([COLUMNS.map((column) => column.cell(action)).filter((text) => text !== '')]);
  print(decision === 'DENY' ? palette.red(line) : line);
}
