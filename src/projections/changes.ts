/** Row changes of a batch of events, merged in memory so that each row is written once a batch. */

import type { Kysely } from 'kysely';
import { ReadStoreFault } from '../ports/read-store.port.js';
import { foldedInto } from './folds.js';
import { idOf, type Recollection } from './recollection.js';
import { shapesOf, type Value, type Values } from './shapes.js';
import type { Statements } from './statements.js';
import type { AnyTables, NewRow, Row, TableDefinition } from './table.js';

/** Columns to set in a row that is there. */
interface PendingUpdate {
  readonly key: Values;
  readonly values: Values;
}
/** Rows of one table, by key: new ones whole, others by what is to be set in them or to join them. */
interface PendingRows {
  readonly inserts: Map<Value, Values>;
  readonly updates: Map<Value, PendingUpdate>;
  readonly folds: Map<Value, Values>;
}
interface PendingSweep {
  readonly table: TableDefinition;
  readonly where: Values;
  readonly values: Values;
}
/** Rows of all tables, then one sweep over what those and earlier rows left. */
interface Segment {
  readonly tables: Map<TableDefinition, PendingRows>;
  sweep: PendingSweep | null;
}

interface Writer {
  readonly db: Kysely<AnyTables>;
  readonly statements: Statements;
}

export class Changes {
  private segment: Segment = { tables: new Map(), sweep: null };
  private readonly segments = [this.segment];

  /** @param recalled the rows that the read model asked to know, for one that does */
  constructor(private readonly recalled: Recollection | null = null) {}

  /**
   * The row of this key as all changes up to now leave it; undefined when there is none, or the read model did not
   * ask for it beforehand.
   */
  known<T extends TableDefinition>(table: T, key: Partial<NewRow<T>>): Row<T> | undefined {
    return this.recalled?.find(table, key as Values) as Row<T> | undefined;
  }

  /** The same of all rows that have these values. */
  knownWhere<T extends TableDefinition>(table: T, where: Partial<NewRow<T>>): Row<T>[] {
    return (this.recalled?.matching(table, where as Values) ?? []) as unknown as Row<T>[];
  }

  /** A row that is not there yet. From then on it belongs to the changes, which may set more in it. */
  insert<T extends TableDefinition>(table: T, row: NewRow<T>): void {
    const { inserts, updates } = this.rowsOf(table);
    const id = idOf(table, row as Values);
    if (inserts.has(id) || updates.has(id)) throw contradiction(`a second row ${id} in ${table.name}`);
    inserts.set(id, row as Values);
    this.recalled?.put(table, row as Values);
  }

  /**
   * Sets columns of a row that is there; a row that is not is a contradiction when the batch is written. The
   * values belong to the changes from then on, too.
   */
  update<T extends TableDefinition>(table: T, key: Partial<NewRow<T>>, values: Partial<NewRow<T>>): void {
    const { inserts, updates } = this.rowsOf(table);
    const id = idOf(table, key as Values);
    const pending = inserts.get(id) ?? updates.get(id)?.values;
    if (pending !== undefined) Object.assign(pending, values);
    else updates.set(id, { key: key as Values, values: values as Values });
    const known = this.recalled?.find(table, key as Values);
    if (known !== undefined) Object.assign(known, values);
  }

  /**
   * A row that joins the one of its key by the table's rules, or is the first. Such a table takes no other changes,
   * and all columns that are neither its key nor named in its rules stay as the first row had them.
   */
  fold<T extends TableDefinition>(table: T, row: NewRow<T>): void {
    const { folds } = this.rowsOf(table);
    const id = idOf(table, row as Values);
    const pending = folds.get(id);
    if (pending === undefined) folds.set(id, { ...(row as Values) });
    else foldedInto(pending, row as Values, table.folds ?? {});
  }

  /** Sets columns of all rows that have these values, none included. */
  updateWhere<T extends TableDefinition>(
    table: T,
    where: Partial<NewRow<T>>,
    values: Partial<NewRow<T>>,
  ): void {
    this.segment.sweep = { table, where: where as Values, values: values as Values };
    this.segment = { tables: new Map(), sweep: null };
    this.segments.push(this.segment);
    for (const known of this.recalled?.matching(table, where as Values) ?? []) Object.assign(known, values);
  }

  /** Whether nothing is to be written. */
  get isEmpty(): boolean {
    return this.segments.every(({ tables, sweep }) => tables.size === 0 && sweep === null);
  }

  /**
   * Writes everything; what one sweep must see or must not see is written before it or after it.
   * @throws ReadStoreFault of kind `contradiction` when a row to change is not there, or one to insert is
   */
  async write(db: Kysely<AnyTables>, statements: Statements): Promise<void> {
    const writer = { db, statements };
    for (const { tables, sweep } of this.segments) {
      for (const [table, rows] of tables) await writeRows(writer, table, rows);
      if (sweep) await statements.update(db, sweep.table.name, sweep);
    }
  }

  private rowsOf(table: TableDefinition): PendingRows {
    const { tables } = this.segment;
    const known = tables.get(table);
    if (known !== undefined) return known;
    const rows: PendingRows = { inserts: new Map(), updates: new Map(), folds: new Map() };
    tables.set(table, rows);
    return rows;
  }
}

async function writeRows({ db, statements }: Writer, table: TableDefinition, rows: PendingRows) {
  for (const shape of shapesOf(rows.inserts.values())) await statements.insert(db, table.name, shape);
  for (const [id, { key, values }] of rows.updates) {
    const affected = await statements.update(db, table.name, { where: key, values });
    if (affected !== 1) throw contradiction(`no row ${id} to change in ${table.name}`);
  }
  for (const row of rows.folds.values()) await statements.fold(db, table, row);
}

const contradiction = (what: string): ReadStoreFault =>
  new ReadStoreFault(`the event contradicts the read model: ${what}`, 'contradiction');
