/** Lists of the audit API, as many items as are asked for, and on as more arrive. */

import { isRecord, type JsonRecord } from '../../integrations/json.js';
import { type Connection, callServer } from '../connection.js';
import { Complaint } from '../terminal.js';
import { type Query, searchOf } from './query.js';

const PAGE_MAX = 100;
/** Between two looks for more, in ms. */
const LOOK_MS = 1_000;

/** @throws Complaint when it is no whole number from 1 on */
export function countOf(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new Complaint(`--limit takes a whole number from 1 on, not "${text}"`);
  return count;
}

export interface ListPlace {
  readonly connection: Connection;
  readonly path: string;
  /** Where the items are in the answer. */
  readonly member: string;
}

/** Whether an item was seen before. */
type IsKnown = (item: JsonRecord) => boolean;

/**
 * The newest items, at most so many, page after page; while items are followed, all that came since the last look.
 * @param isKnown null at the first look
 */
export async function newest(
  place: ListPlace,
  query: Query,
  { count, isKnown = null }: { readonly count: number; readonly isKnown?: IsKnown | null },
): Promise<JsonRecord[]> {
  const items: JsonRecord[] = [];
  let cursor: string | undefined;
  do {
    const limit = String(isKnown === null ? Math.min(PAGE_MAX, count - items.length) : PAGE_MAX);
    const search = searchOf({ ...query, limit, cursor });
    const answer = await callServer(place.connection, 'GET', `${place.path}?${search}`);
    const part = answer[place.member];
    if (Array.isArray(part)) items.push(...part.filter(isRecord));
    cursor = typeof answer['next_cursor'] === 'string' ? answer['next_cursor'] : undefined;
    if (isKnown === null ? items.length >= count : items.some(isKnown)) break;
  } while (cursor !== undefined);
  return items;
}

interface Followed {
  readonly nameOf: (item: JsonRecord) => string;
  readonly show: (item: JsonRecord) => void;
}

/** Looks again and again, until the program is stopped, and shows what is new or has changed, oldest first. */
export async function follow(
  look: (isKnown: IsKnown | null) => Promise<readonly JsonRecord[]>,
  { nameOf, show }: Followed,
): Promise<never> {
  const known = new Map<string, string>();
  const isKnown: IsKnown = (item) => known.has(nameOf(item));
  for (;;) {
    const items = await look(known.size === 0 ? null : isKnown);
    for (const item of [...items].reverse()) {
      const name = nameOf(item);
      const text = jsonLine(item);
      if (known.get(name) === text) continue;
      known.delete(name);
      known.set(name, text);
      show(item);
    }
    forgetOldest(known);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Items remembered as shown; more than any look brings. */
const KNOWN_MAX = 10_000;

function forgetOldest(known: Map<string, string>): void {
  for (const name of known.keys()) {
    if (known.size <= KNOWN_MAX) return;
    known.delete(name);
  }
}

/** One JSON document on one line; integers beyond 2^53 as text. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value, (_key, held: unknown) => (typeof held === 'bigint' ? String(held) : held));
