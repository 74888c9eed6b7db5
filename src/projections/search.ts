/** Free-text search in lists. */

import { type Expression, sql } from 'kysely';

/**
 * Whether any of the columns has a text in it, whatever the case of its letters. The database folds A to Z alone:
 * other letters are found as they were typed, all in lower case, or all in upper case.
 */
export function anyContains(columns: readonly string[], text: string): Expression<boolean> {
  const each = columns.flatMap((column) =>
    writingsOf(text).map((written) => sql`${sql.ref(column)} like ${patternOf(written)} escape '\\'`),
  );
  return sql<boolean>`(${sql.join(each, sql` or `)})`;
}

const ASCII = /^[\0-\x7f]*$/;

const writingsOf = (text: string): readonly string[] =>
  ASCII.test(text) ? [text] : [...new Set([text, text.toLowerCase(), text.toUpperCase()])];

const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`;
