/** The read store's SQLite file: a disposable database, opened, or made anew when it cannot be. */

import { chmodSync, rmSync } from 'node:fs';
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
const CHECKPOINT_PAGES = 10_000;

type Statement = Database.Statement;

/** One SQLite connection. Statements run at once, on the calling thread, which should decide nothing. */
export class SqliteConnection implements SqlConnection {
  readonly flavour = 'sqlite';
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly database: Database.Database) {
    database.defaultSafeIntegers(true);
  }

  async execute({ sql, parameters }: SqlStatement): Promise<SqlResult> {
    const values = parameters.map(bindable);
    try {
      const statement = this.prepare(sql);
      if (statement.reader) return { rows: statement.all(values) as SqlRow[], affected: 0 };
      return { rows: [], affected: statement.run(values).changes };
    } catch (cause) {
      throw faultOf(cause);
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

export interface ReadDatabaseFile {
  /** The only one that writes. */
  readonly writing: SqliteConnection;
  readonly reading: SqliteConnection;
  close(): void;
}

/**
 * Opens both connections. A file that is no database, or a corrupt one, is replaced by an empty one: what it
 * held can be made again from the ledger.
 * @throws ReadStoreFault when the file can be neither opened nor made
 */
export function openReadDatabase(path: string): ReadDatabaseFile {
  try {
    return openBoth(path);
  } catch (error) {
    if (!/SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error))) throw faultOf(error);
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  try {
    return openBoth(path);
  } catch (error) {
    throw faultOf(error);
  }
}

function openBoth(path: string): ReadDatabaseFile {
  const writing = new Database(path);
  try {
    writing.pragma('journal_mode = WAL');
    writing.pragma('synchronous = NORMAL');
    writing.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    writing.pragma(`cache_size = -${CACHE_KIB}`);
    writing.prepare('select count(*) from sqlite_master').all();
    chmodSync(path, 0o600);
  } catch (error) {
    writing.close();
    throw error;
  }
  const reading = new Database(path);
  reading.pragma('query_only = ON');
  reading.pragma(`cache_size = -${CACHE_KIB}`);
  const connections = { writing: new SqliteConnection(writing), reading: new SqliteConnection(reading) };
  return {
    ...connections,
    close() {
      connections.reading.close();
      connections.writing.close();
    },
  };
}
