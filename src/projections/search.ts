/** Free-text search in lists. */

import { type Expression, sql } from 'kysely';

/** Whether any of the columns has a text in it, whatever the case of its letters from A to Z. */
export function anyContains(columns: readonly string[], text: string): Expression<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`;
  const each = columns.map((column) => sql`${sql.ref(column)} like ${pattern} escape '\\'`);
  return sql<boolean>`(${sql.join(each, sql` or `)})`;
}
