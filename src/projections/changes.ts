/** Row changes of a batch of events, merged in memory so that each row is written once a batch. */

import type { Kysely } from 'kysely';
import { ReadStoreFault } from '../ports/read-store.port.js';
import { type AnyTables, type NewRow, type TableDefinition, tableName } from './table.js';

type Value = string | bigint | number | null;
type Values = Record<string, Value>;

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
   * Writes everything to one generation of the tables.
   * @throws ReadStoreFault of kind `contradiction` when a row to change is not there, or one to insert is
   */
  async write(db: Kysely<AnyTables>, generation: number): Promise<void> {
    for (const { rows, sweep } of this.segments) {
      await insertAll(
        db,
        generation,
        [...rows.values()].filter((row) => row.isNew),
      );
      for (const row of rows.values()) if (!row.isNew) await updateRow(db, generation, row);
      if (sweep) await updateMatching(db, generation, sweep);
    }
  }

  private segment(): Segment {
    const last = this.segments.at(-1);
    if (last === undefined) throw new Error('changes always have a segment');
    return last;
  }
}

async function insertAll(
  db: Kysely<AnyTables>,
  generation: number,
  rows: readonly PendingRow[],
): Promise<void> {
  for (const [table, ofTable] of groupByTable(rows)) {
    const name = tableName(table.name, generation);
    let done = 0;
    for (let size = INSERT_ROWS_MAX; size >= 1; size = size / 2) {
      while (ofTable.length - done >= size) {
        const values = ofTable.slice(done, done + size).map((row) => row.values);
        await db.insertInto(name).values(values).execute();
        done += size;
      }
    }
  }
}

function groupByTable(rows: readonly PendingRow[]): Map<TableDefinition, PendingRow[]> {
  const groups = new Map<TableDefinition, PendingRow[]>();
  for (const row of rows) {
    const group = groups.get(row.table);
    if (group) group.push(row);
    else groups.set(row.table, [row]);
  }
  return groups;
}

async function updateRow(db: Kysely<AnyTables>, generation: number, row: PendingRow): Promise<void> {
  const affected = await updateMatching(db, generation, { ...row, where: row.key });
  if (affected !== 1n) throw contradiction(`no row ${idOf(row.table, row.key)} to change`);
}

async function updateMatching(
  db: Kysely<AnyTables>,
  generation: number,
  sweep: PendingSweep,
): Promise<bigint> {
  let update = db.updateTable(tableName(sweep.table.name, generation)).set(sweep.values);
  for (const [column, value] of Object.entries(sweep.where)) update = update.where(column, '=', value);
  const { numUpdatedRows } = await update.executeTakeFirstOrThrow();
  return numUpdatedRows;
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
