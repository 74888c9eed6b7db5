/** Row changes of a batch of events, merged in memory so that each row is written once a batch. */

import type { Kysely } from 'kysely';
import { ReadStoreFault } from '../ports/read-store.port.js';
import type { Statements, Values } from './statements.js';
import type { AnyTables, NewRow, TableDefinition } from './table.js';

/** A row to insert whole, or columns to set in a row that is there. */
interface PendingRow {
  readonly table: TableDefinition;
  readonly key: Values;
  readonly isNew: boolean;
  values: Values;
}
interface PendingSweep {
  readonly table: TableDefinition;
  readonly where: Values;
  readonly values: Values;
}
/** Rows in the order of their first change, then one sweep over what those and earlier rows left. */
interface Segment {
  readonly rows: Map<string, PendingRow>;
  sweep: PendingSweep | null;
}

interface Writer {
  readonly db: Kysely<AnyTables>;
  readonly statements: Statements;
}

/** Rows of one insert statement; halved for the rest, so that few statement shapes need preparing. */
const INSERT_ROWS_MAX = 32;

export class Changes {
  private segments: Segment[] = [{ rows: new Map(), sweep: null }];

  /** A row that is not there yet. */
  insert<T extends TableDefinition>(table: T, row: NewRow<T>): void {
    const key = keyOf(table, row as Values);
    const pending: PendingRow = { table, key, isNew: true, values: { ...(row as Values) } };
    const rows = this.segment().rows;
    const id = idOf(table, key);
    if (rows.has(id)) throw contradiction(`a second row ${id}`);
    rows.set(id, pending);
  }

  /** Sets columns of a row that is there; a row that is not is a contradiction when the batch is written. */
  update<T extends TableDefinition>(table: T, key: Partial<NewRow<T>>, values: Partial<NewRow<T>>): void {
    const id = idOf(table, keyOf(table, key as Values));
    const rows = this.segment().rows;
    const pending = rows.get(id);
    if (pending) Object.assign(pending.values, values);
    else rows.set(id, { table, key: key as Values, isNew: false, values: { ...(values as Values) } });
  }

  /** Sets columns of all rows that have these values, none included. */
  updateWhere<T extends TableDefinition>(
    table: T,
    where: Partial<NewRow<T>>,
    values: Partial<NewRow<T>>,
  ): void {
    this.segment().sweep = { table, where: where as Values, values: values as Values };
    this.segments.push({ rows: new Map(), sweep: null });
  }

  /**
   * Writes everything, in the order it was noted.
   * @throws ReadStoreFault of kind `contradiction` when a row to change is not there, or one to insert is
   */
  async write(db: Kysely<AnyTables>, statements: Statements): Promise<void> {
    const writer = { db, statements };
    for (const { rows, sweep } of this.segments) {
      const pending = [...rows.values()];
      await insertAll(
        writer,
        pending.filter((row) => row.isNew),
      );
      for (const row of pending) if (!row.isNew) await updateRow(writer, row);
      if (sweep) await statements.update(db, sweep.table.name, sweep);
    }
  }

  private segment(): Segment {
    const last = this.segments.at(-1);
    if (last === undefined) throw new Error('changes always have a segment');
    return last;
  }
}

async function insertAll(writer: Writer, rows: readonly PendingRow[]): Promise<void> {
  for (const { table, columns, values } of groupByShape(rows)) {
    let done = 0;
    for (let size = INSERT_ROWS_MAX; size >= 1; size = size / 2) {
      while (values.length - done >= size) {
        const chunk = values.slice(done, done + size);
        await writer.statements.insert(writer.db, table.name, { columns, rows: chunk });
        done += size;
      }
    }
  }
}

interface Shape {
  readonly table: TableDefinition;
  readonly columns: readonly string[];
  readonly values: Values[];
}

/** Rows with the same columns set go into one statement; columns that are null are left out. */
function groupByShape(rows: readonly PendingRow[]): Iterable<Shape> {
  const shapes = new Map<string, Shape>();
  for (const { table, values } of rows) {
    const columns = Object.keys(values).filter((column) => values[column] !== null);
    const key = `${table.name} ${columns.join()}`;
    const shape = shapes.get(key);
    if (shape) shape.values.push(values);
    else shapes.set(key, { table, columns, values: [values] });
  }
  return shapes.values();
}

async function updateRow(writer: Writer, { table, key, values }: PendingRow): Promise<void> {
  const affected = await writer.statements.update(writer.db, table.name, { where: key, values });
  if (affected !== 1) throw contradiction(`no row ${idOf(table, key)} to change`);
}

function keyOf(table: TableDefinition, values: Values): Values {
  const key: Values = {};
  for (const column of table.primaryKey) {
    const value = values[column];
    if (value === undefined) throw new Error(`${table.name} needs its key column ${column}`);
    key[column] = value;
  }
  return key;
}

const idOf = (table: TableDefinition, key: Values): string =>
  `${table.name} ${table.primaryKey.map((column) => key[column]).join(' | ')}`;

const contradiction = (what: string): ReadStoreFault =>
  new ReadStoreFault(`the event contradicts the read model: ${what}`, 'contradiction');
