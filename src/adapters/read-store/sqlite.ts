/** The read store's SQLite file: a disposable database, opened, or set aside and made anew when it is damaged. */

import { isUtf8 } from 'node:buffer';
import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import {
  ReadStoreFault,
  type SqlConnection,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
} from '../../ports/read-store.port.js';

/** Prepared statements kept for each connection. */
const STATEMENTS_MAX = 200;
const CACHE_KIB = 32_768;
/** Of a new file, in bytes. Every page that a batch touches costs two calls to write: so, few pages. */
const PAGE_BYTES = 8_192;
const CHECKPOINT_PAGES = 5_000;
/** A larger file is not checked page by page at its opening, which would cost seconds; its damage shows in use. */
const CHECKED_BYTES_MAX = 64 * 1024 * 1024;
/** Rows whose texts are looked through at once. */
const CHECKED_ROWS = 1_000;

type Statement = Database.Statement;

const silent = (): void => undefined;

/** One SQLite connection. Statements run at once, on the calling thread, which should decide nothing. */
export class SqliteConnection implements SqlConnection {
  readonly flavour = 'sqlite';
  private readonly statements = new Map<string, Statement>();

  /** @param onFault told of every statement that failed for another reason than its rows */
  constructor(
    private readonly database: Database.Database,
    private readonly onFault: (fault: Error) => void = silent,
  ) {
    database.defaultSafeIntegers(true);
  }

  async execute({ sql, parameters }: SqlStatement): Promise<SqlResult> {
    const values = parameters.map(bindable);
    try {
      const statement = this.prepare(sql);
      if (statement.reader) return { rows: statement.all(values) as SqlRow[], affected: 0 };
      return { rows: [], affected: statement.run(values).changes };
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault.kind === 'fault') this.onFault(fault);
      throw fault;
    }
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private prepare(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    if (!REUSED.test(sql)) return statement;
    const oldest = this.statements.keys().next();
    if (this.statements.size >= STATEMENTS_MAX && !oldest.done) this.statements.delete(oldest.value);
    this.statements.set(sql, statement);
    return statement;
  }
}

const REUSED = /^(select|insert|update|delete|begin|commit|rollback)\b/i;

/** The driver aborts the process on a value it does not know, so everything else is turned away here. */
function bindable(value: unknown): string | bigint | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  throw new ReadStoreFault(`a ${typeof value} cannot be a parameter`, 'contradiction');
}

function faultOf(cause: unknown): ReadStoreFault {
  const isConstraint = codeOf(cause).startsWith('SQLITE_CONSTRAINT');
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ReadStoreFault(message, isConstraint ? 'contradiction' : 'fault', { cause });
}

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Whether a fault says that the file itself is damaged, so that only another file can help. */
export const isDamage = (error: unknown): boolean =>
  /SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error instanceof ReadStoreFault ? error.cause : error));

export interface ReadDatabaseFile {
  /** The only one that writes. */
  readonly writing: SqliteConnection;
  readonly reading: SqliteConnection;
  close(): void;
}

export interface ReadDatabaseOptions {
  /** Told of every statement that failed for another reason than its rows. */
  readonly onFault?: (fault: Error) => void;
  /** Whether a file of moderate size is looked through, page by page and text by text, before it is used. */
  readonly isChecked?: boolean;
  /** Told once when the file was damaged and has been set aside. */
  readonly onSetAside?: (message: string) => void;
}

/**
 * Opens both connections. A file that is no database, or a damaged one, is set aside and an empty one takes its
 * place: what it held can be made again from the ledger.
 * @throws ReadStoreFault when the file can be neither opened nor made
 */
export function openReadDatabase(path: string, options: ReadDatabaseOptions = {}): ReadDatabaseFile {
  const { onFault = silent, onSetAside = silent, isChecked = false } = options;
  try {
    return openBoth(path, onFault, isChecked);
  } catch (error) {
    if (!isDamage(error)) throw faultOf(error);
    onSetAside(setAside(path, faultOf(error).message));
  }
  try {
    return openBoth(path, onFault, false);
  } catch (error) {
    throw faultOf(error);
  }
}

/**
 * Moves a damaged file out of the way, in place of one that was moved before. No connection may be open.
 * @returns one sentence for the log
 */
export function setAside(path: string, reason: string): string {
  const kept = `${path}.damaged`;
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  if (existsSync(path)) renameSync(path, kept);
  return `${path} is damaged (${reason}); it is kept as ${kept} and made anew from the ledger`;
}

function openBoth(path: string, onFault: (fault: Error) => void, isChecked: boolean): ReadDatabaseFile {
  const writing = new Database(path);
  try {
    writing.pragma(`page_size = ${PAGE_BYTES}`);
    writing.pragma('journal_mode = WAL');
    writing.pragma('synchronous = NORMAL');
    writing.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    writing.pragma(`cache_size = -${CACHE_KIB}`);
    writing.prepare('select count(*) from sqlite_master').all();
    if (isChecked && statSync(path).size <= CHECKED_BYTES_MAX) check(writing);
    chmodSync(path, 0o600);
  } catch (error) {
    writing.close();
    throw error;
  }
  const reading = new Database(path);
  reading.pragma('query_only = ON');
  reading.pragma(`cache_size = -${CACHE_KIB}`);
  const connections = {
    writing: new SqliteConnection(writing, onFault),
    reading: new SqliteConnection(reading, onFault),
  };
  return {
    ...connections,
    close() {
      connections.reading.close();
      connections.writing.close();
    },
  };
}

/** @throws an error of SQLite's kind for a file whose pages or texts are not as they were written */
function check(database: Database.Database): void {
  const [row] = database.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw damage(row?.quick_check ?? 'it cannot be checked');
  for (const [table] of rowsOf(database, "select name from sqlite_master where type = 'table'")) {
    checkTexts(database, String(table));
  }
}

/** The driver aborts the process for a text that is not UTF-8, so they are taken as bytes here. */
function checkTexts(database: Database.Database, table: string): void {
  const columns = rowsOf(
    database,
    `select name from pragma_table_info('${table}') where lower(type) = 'text'`,
  );
  if (columns.length === 0) return;
  const texts = columns.map(([name]) => `coalesce("${name}", '')`).join(' || ');
  const sql = `select rowid, cast(${texts} as blob) from "${table}" where rowid > ? order by rowid limit ${CHECKED_ROWS}`;
  const page = database.prepare(sql).raw();
  for (let last: unknown = 0; ; ) {
    const rows = page.all([last]) as [unknown, Uint8Array][];
    for (const [, bytes] of rows) if (!isUtf8(bytes)) throw damage(`a text in ${table} is not UTF-8`);
    if (rows.length < CHECKED_ROWS) return;
    last = rows.at(-1)?.[0];
  }
}

const rowsOf = (database: Database.Database, sql: string): unknown[][] =>
  database.prepare(sql).raw().all() as unknown[][];

const damage = (what: string): Error => Object.assign(new Error(what), { code: 'SQLITE_CORRUPT' });
