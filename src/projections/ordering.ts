/** Orders of lists as they are asked for, and the cursors by which a list goes on where a page ended. */

import { type Expression, type SelectQueryBuilder, sql } from 'kysely';
import type { ReadTables } from './database.js';
import { decodeCursorOf, InvalidCursor, type PageRequest } from './page.js';

export type SortDirection = 'asc' | 'desc';

/** One value that rows are ordered by; never null. */
export interface SortKey<Row> {
  readonly by: Expression<unknown>;
  /** The same value of a row, as a cursor holds it. */
  readonly valueOf: (row: Row) => string;
  readonly parse: (text: string) => string | bigint;
}

/** @param by the column itself, unless it is an expression that gives the same as `valueOf` */
export const textKey = <Column extends string>(
  column: Column,
  by: Expression<unknown> = sql.ref(column),
): SortKey<{ readonly [C in Column]: string }> => ({
  by,
  valueOf: (row) => row[column],
  parse: (text) => text,
});

export const integerKey = <Column extends string>(
  column: Column,
): SortKey<{ readonly [C in Column]: bigint }> => ({
  by: sql.ref(column),
  valueOf: (row) => String(row[column]),
  parse: integerOf,
});

export interface Ordering<Row> {
  /** What the next page begins after: the question, and a row's values. */
  readonly keyOf: (row: Row) => readonly string[];
  /** Orders what is selected, and begins it after the page's cursor. */
  readonly applyTo: <Table extends keyof ReadTables, Selected>(
    select: SelectQueryBuilder<ReadTables, Table, Selected>,
    page: PageRequest,
  ) => SelectQueryBuilder<ReadTables, Table, Selected>;
}

/**
 * An order by one key after another, all in one direction.
 * @param question what was asked, this order included: its cursors are good for nothing else
 * @param keys no two rows have all of them equal, so that the order is total
 */
export function orderedBy<Row>(
  question: string,
  keys: readonly SortKey<Row>[],
  direction: SortDirection,
): Ordering<Row> {
  return {
    keyOf: (row) => [question, ...keys.map((key) => key.valueOf(row))],
    applyTo: (select, page) => {
      const after = decodeCursorOf(question, page.cursor, keys.length);
      const begun = after === null ? select : select.where(rowAfter(after, keys, direction));
      return keys.reduce((sorted, { by }) => sorted.orderBy(by, direction), begun);
    },
  };
}

function rowAfter<Row>(
  after: readonly string[],
  keys: readonly SortKey<Row>[],
  direction: SortDirection,
): Expression<boolean> {
  const columns = sql.join(keys.map(({ by }) => by));
  const values = sql.join(keys.map(({ parse }, nth) => sql`${parse(after[nth] ?? '')}`));
  return sql<boolean>`(${columns}) ${direction === 'desc' ? sql`<` : sql`>`} (${values})`;
}

/** As asked for; a list that is only told by what to sort comes descending, and one that is told nothing ascending. */
export const directionOf = (
  sortBy: string | undefined,
  direction: SortDirection | undefined,
): SortDirection => direction ?? (sortBy === undefined ? 'asc' : 'desc');

const INTEGER = /^-?\d{1,19}$/;

/** @throws InvalidCursor */
export function integerOf(text: string): bigint {
  if (!INTEGER.test(text)) throw new InvalidCursor();
  return BigInt(text);
}
