/** One SQLite connection: the few calls of libsql that are safe to make, and no others. */

import { Buffer, isUtf8 } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';

export type Value = string | number | null | Uint8Array;
/** Columns in the order of the SELECT. */
export type Row = readonly (string | number | null | Uint8Array)[];

/** Runs a prepared statement; returns how many rows it changed. */
export type Write = (values: readonly Value[]) => number;
/** Runs a prepared query; returns all of its rows. */
export type Query = (values: readonly Value[]) => Row[];

/**
 * The text of a column that was selected as a BLOB.
 * @throws an error of SQLite's kind when its bytes are no text
 */
export function textOf(cell: Row[number] | undefined): string {
  if (cell instanceof Uint8Array && isUtf8(cell))
    return Buffer.from(cell.buffer, cell.byteOffset, cell.length).toString();
  throw malformed('a text is not UTF-8');
}

/** The error that SQLite itself would give for a page that is not as it was written. */
export const malformed = (what: string): Error =>
  Object.assign(new Error(`database disk image is malformed: ${what}`), { code: 'SQLITE_CORRUPT' });

/**
 * libsql aborts the whole process when a text column holds bytes that are not UTF-8, as a damaged file may: what
 * was stored as text is therefore selected as a BLOB. It also aborts when `get` finds no row, mistakes a lone null for an object of named
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
