/** One SQLite connection: the few calls of libsql that are safe to make, and no others. */

import { pathToFileURL } from 'node:url';
import Database from 'libsql';

export type Value = string | number | null | Uint8Array;
/** Columns in the order of the SELECT. */
export type Row = readonly (string | number | null)[];

/** Runs a prepared statement; returns how many rows it changed. */
export type Write = (values: readonly Value[]) => number;
/** Runs a prepared query; returns all of its rows. */
export type Query = (values: readonly Value[]) => Row[];

/**
 * libsql aborts the whole process when `get` finds no row, mistakes a lone null for an object of named
 * values, and ignores its own `readonly` option. So rows are always read with `all`, values always go in
 * one array, and a read-only connection is asked for by URI. Its prepared statements outlive `close`; here
 * they fail.
 */
export class Connection {
  readonly #database: Database.Database;
  #open = true;

  private constructor(name: string) {
    this.#database = new Database(name, { timeout: 0 });
  }

  /** Opens a file, or `:memory:`, for reading and writing. The file is created when it is not there. */
  static writable(path: string): Connection {
    return new Connection(path);
  }

  /** Opens an existing file; SQLite itself refuses every write. */
  static readOnly(path: string): Connection {
    return new Connection(`${pathToFileURL(path).href}?mode=ro`);
  }

  /** True between BEGIN and its end; SQLite ends a transaction by itself when the disk is full. */
  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  prepare(sql: string): Write {
    const statement = this.#database.prepare(sql);
    return (values) => {
      this.#checkOpen();
      return statement.run(values).changes;
    };
  }

  query(sql: string): Query {
    const statement = this.#database.prepare(sql).raw();
    return (values) => {
      this.#checkOpen();
      return statement.all(values) as Row[];
    };
  }

  /** Runs statements that return nothing, several at once if need be. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Sets or reads a pragma; returns the first column of its answer, or null when it gives none. */
  pragma(source: string): string | number | null {
    const [row] = this.#database.pragma(source) as Record<string, string | number | null>[];
    return Object.values(row ?? {})[0] ?? null;
  }

  close(): void {
    this.#open = false;
    this.#database.close();
  }

  #checkOpen(): void {
    if (!this.#open) throw new Error('the connection is closed');
  }
}
