/** Pages of a list that is in memory, with cursors like those of the read models. */

import { hash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import { HttpFailure } from './failure.js';

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Opaque; null after the last page. */
  readonly nextCursor: string | null;
}

/**
 * The items after the cursor, in the order of their keys.
 * @param items their keys are all different
 * @param question what was asked: its cursors are good for nothing else
 * @throws HttpFailure 400 for a cursor that was not given out for this question
 */
export function listPage<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
  question: object,
): ListPage<T> {
  const asked = hash('sha256', canonicalJson(question), 'base64url').slice(0, 16);
  const after = afterOf(cursor, asked);
  const following = [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === null || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shown = following.slice(0, limit);
  const last = following.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ item }) => item),
    nextCursor: last === undefined ? null : encode([asked, last.key]),
  };
}

const encode = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');

function afterOf(cursor: string | null, asked: string): string | null {
  if (cursor === null || cursor === '') return null;
  const [question, key] = decode(cursor);
  if (question === asked && typeof key === 'string') return key;
  const message = 'cursor is not one that this list has given out for this query.';
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'cursor' });
}

function decode(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.length === 2 ? parts : [];
  } catch {
    return [];
  }
}
