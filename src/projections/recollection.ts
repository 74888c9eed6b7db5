/** Rows of a read model's own tables that it has to know before it can say what a batch of events changes. */

import type { Kysely } from 'kysely';
import type { Value, Values } from './shapes.js';
import { type AnyTables, type TableDefinition, tableName } from './table.js';

/** All rows of a table that have these values. */
export interface Need {
  readonly table: TableDefinition;
  readonly where: Readonly<Record<string, string>>;
}

/** Values of one query's list; SQLite takes some tens of thousands, and nobody is to wait for more at once. */
const LISTED_MAX = 500;

export class Recollection {
  private readonly tables = new Map<TableDefinition, Map<Value, Values>>();

  /** Reads what is needed: one query for all needs that differ in nothing but the value of their last column. */
  async read(db: Kysely<AnyTables>, generation: number, needs: Iterable<Need>): Promise<void> {
    for (const { table, where, last, listed } of grouped(needs)) {
      const rows = this.rowsOf(table);
      for (let from = 0; from < listed.length; from += LISTED_MAX) {
        let select = db.selectFrom(tableName(table.name, generation)).selectAll();
        for (const [column, value] of where) select = select.where(column, '=', value);
        select = select.where(last, 'in', listed.slice(from, from + LISTED_MAX));
        for (const row of await select.execute()) rows.set(idOf(table, row as Values), row as Values);
      }
    }
  }

  find(table: TableDefinition, key: Values): Values | undefined {
    return this.tables.get(table)?.get(idOf(table, key));
  }

  matching(table: TableDefinition, where: Values): Values[] {
    const conditions = Object.entries(where);
    return [...(this.tables.get(table)?.values() ?? [])].filter((row) =>
      conditions.every(([column, value]) => row[column] === value),
    );
  }

  put(table: TableDefinition, row: Values): void {
    this.rowsOf(table).set(idOf(table, row), { ...row });
  }

  private rowsOf(table: TableDefinition): Map<Value, Values> {
    let rows = this.tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.tables.set(table, rows);
    }
    return rows;
  }
}

interface Group {
  readonly table: TableDefinition;
  readonly where: readonly (readonly [column: string, value: string])[];
  readonly last: string;
  readonly listed: string[];
}

function grouped(needs: Iterable<Need>): Iterable<Group> {
  const groups = new Map<string, Group>();
  const seen = new Set<string>();
  for (const { table, where } of needs) {
    // Nearly all needs of a batch are the same few, so those are told from the others by one text.
    let need = table.name;
    for (const column in where) need += `\n${column}\n${where[column]}`;
    if (seen.has(need)) continue;
    seen.add(need);
    const columns = Object.entries(where);
    const [last, value] = columns.pop() ?? ['', ''];
    const name = JSON.stringify([table.name, columns, last]);
    let group = groups.get(name);
    if (group === undefined) {
      group = { table, where: columns, last, listed: [] };
      groups.set(name, group);
    }
    group.listed.push(value);
  }
  return groups.values();
}

/** What tells a row from all others of its table: the key itself where it is one column, as it mostly is. */
export function idOf({ name, primaryKey }: TableDefinition, values: Values): Value {
  const [first = '', ...others] = primaryKey;
  let id = values[first];
  for (const column of others) {
    const value = values[column];
    if (value === undefined) throw new Error(`${name} needs its key column ${column}`);
    id = `${id} | ${value}`;
  }
  if (id === undefined) throw new Error(`${name} needs its key column ${first}`);
  return id;
}
