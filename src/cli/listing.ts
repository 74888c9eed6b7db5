/** Lists of the server as whole lists, and as tables for people. */

import { isRecord, type JsonRecord } from '../integrations/json.js';
import { type Connection, callServer } from './connection.js';
import { columns, paletteFor, print, printJson } from './terminal.js';

/** Pages that are followed at most: more is a matter for filters. */
const PAGES_MAX = 1000;

/** Every item of a list, page after page. */
export async function listAll(
  connection: Connection,
  path: string,
  member: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<JsonRecord[]> {
  const items: JsonRecord[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const given = Object.entries({ ...query, limit: '100', cursor: cursor ?? undefined });
    const wanted = given.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const answer = await callServer(connection, 'GET', `${path}?${new URLSearchParams(wanted)}`);
    const part = answer[member];
    if (Array.isArray(part)) items.push(...part.filter(isRecord));
    cursor = typeof answer['next_cursor'] === 'string' ? answer['next_cursor'] : null;
    if (cursor === null) break;
  }
  return items;
}

/** One column: its heading, what stands in it, and whether it is a number. */
export interface Column {
  readonly heading: string;
  readonly cell: (item: JsonRecord) => string;
  readonly isNumber?: boolean;
}

/** Prints items as a table, as JSON, or one line when there are none. */
export function printTable(
  items: readonly JsonRecord[],
  shown: readonly Column[],
  { json, empty }: { readonly json?: boolean | undefined; readonly empty: string },
): void {
  if (json) {
    printJson(items);
    return;
  }
  if (items.length === 0) {
    print(empty);
    return;
  }
  const numbers = new Set(shown.flatMap(({ isNumber }, index) => (isNumber ? [index] : [])));
  const [heading = '', ...rows] = columns(
    [shown.map((column) => column.heading), ...items.map((item) => shown.map(({ cell }) => cell(item)))],
    numbers,
  );
  print(paletteFor(process.stdout, process.env).dim(heading), ...rows);
}

/** The text of a field, or nothing. */
export const textCell =
  (field: string) =>
  (item: JsonRecord): string => {
    const value = item[field];
    return value === undefined || value === null ? '' : String(value);
  };

/** The number of an amount field, exact. */
export const amountCell =
  (field: string) =>
  (item: JsonRecord): string => {
    const amount = item[field];
    return isRecord(amount) ? String(amount['amount'] ?? '') : '';
  };
