/** Rows sorted by which of their columns are set, so that those alike can go into one statement. */

import type { TableDefinition } from './table.js';

export type Value = string | bigint | number | null;
/** Columns of a row and what is in them. */
export type Values = Record<string, Value>;

/** Rows that have exactly these columns set; each row lists its values in their order. */
export interface Shape {
  readonly columns: readonly string[];
  readonly rows: Value[][];
}

/** Bits of a mask, which must stay a small integer. */
const MASK_BITS = 30;

const columnsOf = new WeakMap<TableDefinition, readonly string[]>();

/** Columns that are null are left out. One pass over each row, since every event comes by here. */
export function shapesOf(table: TableDefinition, rows: Iterable<Values>): Iterable<Shape> {
  let columns = columnsOf.get(table);
  if (columns === undefined) {
    columns = Object.keys(table.columns);
    columnsOf.set(table, columns);
  }
  const shapes = new Map<string, Shape>();
  for (const row of rows) {
    const { key, values } = valuesOf(row, columns);
    const shape = shapes.get(key);
    if (shape !== undefined) shape.rows.push(values);
    else shapes.set(key, { columns: columns.filter((column) => isSet(row[column])), rows: [values] });
  }
  return shapes.values();
}

/** The values that are set, and a key that says which they are. */
function valuesOf(row: Values, columns: readonly string[]): { key: string; values: Value[] } {
  const values: Value[] = [];
  let key = '';
  let mask = 0;
  for (let i = 0; i < columns.length; i++) {
    const value = row[columns[i] as string];
    if (isSet(value)) {
      values.push(value);
      mask |= 1 << (i % MASK_BITS);
    }
    if (i % MASK_BITS === MASK_BITS - 1) {
      key += `${mask} `;
      mask = 0;
    }
  }
  return { key: key + mask, values };
}

const isSet = (value: Value | undefined): value is Exclude<Value, null> =>
  value !== null && value !== undefined;
