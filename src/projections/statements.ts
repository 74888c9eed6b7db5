/** The statements that write rows: compiled once a shape, since compiling costs more than running them. */

import { CompiledQuery, type Kysely } from 'kysely';
import { flavourOf } from './dialect.js';
import { joinOf } from './folds.js';
import type { Shape, Value, Values } from './shapes.js';
import { type AnyTables, type TableDefinition, tableName } from './table.js';

/** Any value: it only has to become a parameter. */
const PLACEHOLDER = 0;
/** Rows of one insert statement; halved for the rest, so that few statements need preparing. */
const INSERT_ROWS_MAX = 64;
/** From so many rows on it pays to look for columns in which all are the same. */
const COMPARED_ROWS_MIN = 16;
/** Texts kept; past it all are forgotten, and those in use are made again. */
const COMPILED_MAX = 1_000;

/** Writes rows of one generation of a read model's tables. */
export class Statements {
  private readonly compiled = new Map<string, string>();

  constructor(private readonly generation: number) {}

  /**
   * Inserts rows. To hand a parameter to the driver costs more than to store it, and most columns of a batch say
   * the same in every row (a status, a unit, often the tenant), so such a column is one parameter for all rows.
   */
  async insert(db: Kysely<AnyTables>, table: string, { columns, rows }: Shape): Promise<void> {
    const isSame = sameColumns(rows);
    const same = (rows[0] ?? []).filter((_, column) => isSame[column]);
    const form = `insert ${table} ${columns.join()} ${isSame.map(Number).join('')}`;
    let done = 0;
    for (let size = INSERT_ROWS_MAX; size >= 1; size = size / 2) {
      while (rows.length - done >= size) {
        const sql = this.sqlOf(`${form} ${size}`, () =>
          insertSql(tableName(table, this.generation), columns, {
            isSame,
            rows: size,
            sign: flavourOf(db) === 'postgres' ? '$' : '?',
          }),
        );
        const parameters = [...same];
        for (let row = done; row < done + size; row++) pushOwn(parameters, rows[row] ?? [], isSame);
        await db.executeQuery(CompiledQuery.raw(sql, parameters));
        done += size;
      }
    }
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

  /** Inserts a row, or joins it to the one of its key by the table's rules. */
  async fold(db: Kysely<AnyTables>, table: TableDefinition, row: Values): Promise<void> {
    const { name, primaryKey, folds = {} } = table;
    const columns = Object.keys(row);
    const sql = this.sqlOf(`fold ${name} ${columns.join()}`, () => {
      const stored = tableName(name, this.generation);
      const first = Object.fromEntries(columns.map((column) => [column, PLACEHOLDER]));
      const joined = columns.filter((column) => folds[column] !== undefined);
      return db
        .insertInto(stored)
        .values(first)
        .onConflict((conflict) =>
          conflict
            .columns([...primaryKey])
            .doUpdateSet(
              Object.fromEntries(
                joined.map((column) => [column, joinOf(stored, column, folds[column] ?? 'last')]),
              ),
            ),
        )
        .compile().sql;
    });
    await db.executeQuery(CompiledQuery.raw(sql, Object.values(row)));
  }

  private sqlOf(form: string, compile: () => string): string {
    let sql = this.compiled.get(form);
    if (sql === undefined) {
      sql = compile();
      if (this.compiled.size >= COMPILED_MAX) this.compiled.clear();
      this.compiled.set(form, sql);
    }
    return sql;
  }
}

/** For each column whether all rows have the same value in it. */
function sameColumns(rows: readonly Value[][]): boolean[] {
  const [first = [], ...others] = rows;
  let same = rows.length < COMPARED_ROWS_MIN ? [] : [...first.keys()];
  for (const row of others) {
    // Nearly always they agree in all columns that are left, from the second row on.
    if (!agree(row, first, same)) same = same.filter((column) => row[column] === first[column]);
  }
  const isSame = first.map(() => false);
  for (const column of same) isSame[column] = true;
  return isSame;
}

function agree(row: readonly Value[], other: readonly Value[], columns: readonly number[]): boolean {
  for (const column of columns) if (row[column] !== other[column]) return false;
  return true;
}

/** Adds the values of a row that it does not share with all others. */
function pushOwn(parameters: Value[], row: readonly Value[], isSame: readonly boolean[]): void {
  for (let column = 0; column < row.length; column++) {
    if (!isSame[column]) parameters.push(row[column] as Value);
  }
}

/** Numbered parameters: first those of all rows, then row by row the rows' own. */
function insertSql(
  table: string,
  columns: readonly string[],
  {
    isSame,
    rows,
    sign,
  }: { readonly isSame: readonly boolean[]; readonly rows: number; readonly sign: '?' | '$' },
): string {
  let own = isSame.filter(Boolean).length;
  const tuples = Array.from({ length: rows }, () => {
    let shared = 0;
    const numbers = isSame.map((same) => {
      if (same) shared += 1;
      else own += 1;
      return `${sign}${same ? shared : own}`;
    });
    return `(${numbers.join()})`;
  });
  return `insert into "${table}" ("${columns.join('", "')}") values ${tuples.join()}`;
}
