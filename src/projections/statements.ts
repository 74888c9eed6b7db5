/** The statements that write rows: compiled once a shape, since compiling costs more than running them. */

import { CompiledQuery, type Kysely } from 'kysely';
import { type AnyTables, tableName } from './table.js';

type Value = string | bigint | number | null;
export type Values = Record<string, Value>;

/** Any value: it only has to become a parameter. */
const PLACEHOLDER = 0;

/** Writes rows of one generation of a read model's tables. */
export class Statements {
  private readonly compiled = new Map<string, string>();

  constructor(private readonly generation: number) {}

  /** Inserts rows that all have exactly these columns. */
  async insert(
    db: Kysely<AnyTables>,
    table: string,
    { columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly Values[] },
  ): Promise<void> {
    const sql = this.sqlOf(`insert ${table} ${rows.length} ${columns.join()}`, () => {
      const row = Object.fromEntries(columns.map((column) => [column, PLACEHOLDER]));
      return db
        .insertInto(tableName(table, this.generation))
        .values(rows.map(() => row))
        .compile().sql;
    });
    const parameters: (Value | undefined)[] = [];
    for (const row of rows) for (const column of columns) parameters.push(row[column]);
    await db.executeQuery(CompiledQuery.raw(sql, parameters));
  }

  /** Sets columns in the rows that have these values; answers how many there were. */
  async update(
    db: Kysely<AnyTables>,
    table: string,
    { where, values }: { readonly where: Values; readonly values: Values },
  ): Promise<number> {
    const keys = Object.keys(where);
    const columns = Object.keys(values);
    const sql = this.sqlOf(`update ${table} ${columns.join()} where ${keys.join()}`, () => {
      const set = Object.fromEntries(columns.map((column) => [column, PLACEHOLDER]));
      let update = db.updateTable(tableName(table, this.generation)).set(set);
      for (const key of keys) update = update.where(key, '=', PLACEHOLDER);
      return update.compile().sql;
    });
    const parameters = [...Object.values(values), ...Object.values(where)];
    const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(sql, parameters));
    return Number(numAffectedRows ?? 0n);
  }

  private sqlOf(shape: string, compile: () => string): string {
    let sql = this.compiled.get(shape);
    if (sql === undefined) {
      sql = compile();
      this.compiled.set(shape, sql);
    }
    return sql;
  }
}
