/** Rows that join the one of their key, in memory and in the database, by the same rules. */

import { type RawBuilder, sql } from 'kysely';
import type { Value, Values } from './shapes.js';
import type { FoldRule } from './table.js';

/** Joins a further row to one that is kept, in place. */
export function foldedInto(kept: Values, further: Values, rules: Readonly<Record<string, FoldRule>>): void {
  for (const [column, rule] of Object.entries(rules)) {
    kept[column] = joined(rule, kept[column] ?? null, further[column] ?? null);
  }
}

function joined(rule: FoldRule, kept: Value, further: Value): Value {
  if (kept === null || further === null) return kept ?? further;
  switch (rule) {
    case 'sum':
      return BigInt(kept) + BigInt(further);
    case 'max':
      return further > kept ? further : kept;
    case 'first':
      return kept;
    case 'last':
      return further;
  }
}

/** The same in SQL: what a column becomes when a row of a key that is there is inserted into `table`. */
export function joinOf(table: string, column: string, rule: FoldRule): RawBuilder<Value> {
  const kept = sql.ref(`${table}.${column}`);
  const further = sql.ref(`excluded.${column}`);
  switch (rule) {
    case 'sum':
      return sql`coalesce(${kept} + ${further}, ${kept}, ${further})`;
    case 'max':
      return sql`case when ${further} > ${kept} then ${further} else coalesce(${kept}, ${further}) end`;
    case 'first':
      return sql`coalesce(${kept}, ${further})`;
    case 'last':
      return sql`coalesce(${further}, ${kept})`;
  }
}
