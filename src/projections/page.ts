/** Pages of a list, and the opaque cursors between them. */

import { hash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; null after the last page. */
  readonly nextCursor: string | null;
}

/** A cursor that this list did not give out for this question: the request is at fault. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  constructor() {
    super('cursor is not one that this list has given out for this query');
  }
}

export interface PageRequest {
  /** How many items at most. */
  readonly limit: number;
  readonly cursor?: string | null | undefined;
}

/**
 * Makes a page of `limit + 1` rows asked for: the extra one only says that there are more.
 * @param keyOf what the next page begins after, as texts
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  view: { readonly keyOf: (row: Row) => readonly string[]; readonly toItem: (row: Row) => T },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(view.toItem), nextCursor: hasMore ? encodeCursor(view.keyOf(last)) : null };
}

const encodeCursor = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

/**
 * What a list was asked, as a short text: the first part of its cursors, which are then good for the same
 * question only. What merely shapes the answer (its length, its fields) is no part of the question.
 */
export const questionOf = (asked: object): string =>
  hash('sha256', canonicalJson(asked), 'base64url').slice(0, QUESTION_LENGTH);

const QUESTION_LENGTH = 16;

/**
 * The key of a cursor, or null when none is given.
 * @throws InvalidCursor unless it holds exactly `parts` texts
 */
export function decodeCursor(cursor: string | null | undefined, parts: number): string[] | null {
  if (cursor === null || cursor === undefined || cursor === '') return null;
  const key = parseKey(cursor);
  if (key === null || key.length !== parts) throw new InvalidCursor();
  return key;
}

/**
 * The key of a cursor without the question before it, or null when none is given.
 * @throws InvalidCursor unless it was given out for this question and holds exactly `parts` texts beside it
 */
export function decodeCursorOf(
  question: string,
  cursor: string | null | undefined,
  parts: number,
): string[] | null {
  const key = decodeCursor(cursor, parts + 1);
  if (key === null) return null;
  if (key.shift() !== question) throw new InvalidCursor();
  return key;
}

function parseKey(cursor: string): string[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(key) && key.every((part) => typeof part === 'string') ? key : null;
  } catch {
    return null;
  }
}
