/** Rows sorted by which of their columns are set, so that those alike can go into one statement. */

export type Value = string | bigint | number | null;
/** Columns of a row and what is in them. */
export type Values = Record<string, Value>;

/** Rows that have exactly these columns set; each row lists its values in their order. */
export interface Shape {
  readonly columns: readonly string[];
  readonly rows: Value[][];
}

/**
 * Columns that are null are left out. Every event comes by here, so there is one pass over each row, in the order
 * it was made in: to look its columns up by name would cost ten times as much.
 */
export function shapesOf(rows: Iterable<Values>): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const row of rows) {
    const columns: string[] = [];
    const values: Value[] = [];
    for (const column in row) {
      const value = row[column];
      if (value === null || value === undefined) continue;
      columns.push(column);
      values.push(value);
    }
    const known = shapes.find((shape) => areSame(shape.columns, columns));
    if (known !== undefined) known.rows.push(values);
    else shapes.push({ columns, rows: [values] });
  }
  return shapes;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}
