/** Free-text search in lists. */

import { type Expression, sql } from 'kysely';

/**
 * Whether any of the columns has a text in it, whatever the case of its letters. The database folds A to Z alone:
 * other letters are found as they were typed, all in lower case, or all in upper case.
 */
export function anyContains(columns: readonly string[], text: string): Expression<boolean> {
  const each = columns.flatMap((column) =>
    writingsOf(text).map((written) => sql`lower(${sql.ref(column)}) like ${patternOf(written)} escape '\\'`),
  );
  return sql<boolean>`(${sql.join(each, sql` or `)})`;
}

const ASCII = /^[\0-\x7f]*$/;

const writingsOf = (text: string): readonly string[] => {
  const writings = ASCII.test(text) ? [text] : [text, text.toLowerCase(), text.toUpperCase()];
  return [...new Set(writings.map(folded))];
};

/** As the database's own `lower` has it, which knows the letters A to Z alone. */
const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`;
