/** What is on disk: the tables, the version of their form, and how a connection to them is set up. */

import { Connection, textOf } from './connection.js';
import { adviceFor, messageOf, StoreOpenError, sqliteCode } from './failure.js';
import { createPrivateFile } from './file.js';

/** The version of the tables below. A file with a higher one was written by a newer program. */
export const FORMAT_VERSION = 1;

/** Of a new file, in bytes. An event takes 2 KiB, and every page costs two calls to write: so, few pages. */
const PAGE_BYTES = 8_192;
/** Pages between checkpoints of the write-ahead log; so many even out the slowest appends. */
const CHECKPOINT_PAGES = 5_000;
const CACHE_KIB = 32_768;

/**
 * `events` grows at its end only, and so does each stream's part of its index. `marks` holds event ids and
 * claims, which are random and would dirty a page each; see marks.ts for how they get there.
 */
const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (id),
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    claim TEXT,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  );
  CREATE UNIQUE INDEX events_by_revision ON events (stream, revision);
  CREATE TABLE marks (mark BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta (name, value) VALUES ('format', ${FORMAT_VERSION}), ('marked_through', 0);
`;

/**
 * Opens the event database for writing and creates its tables in a new or empty file. A file that is not ours
 * is left byte for byte as it is.
 * @throws StoreOpenError
 */
export function openDatabase(path: string): Connection {
  const inMemory = path === ':memory:';
  if (!inMemory) createPrivateFile(path);
  let connection: Connection | undefined;
  try {
    connection = Connection.writable(path);
    const isNew = checkFormat(connection, path);
    configure(connection);
    if (isNew) createTables(connection);
    return connection;
  } catch (error) {
    connection?.close();
    throw asOpenError(path, error);
  }
}

/** Opens the same database in another thread, for reading only. @throws StoreOpenError */
export function openForReading(path: string): Connection {
  try {
    const connection = Connection.readOnly(path);
    if (checkFormat(connection, path))
      throw new StoreOpenError('corrupt', `${path} holds no event store yet`);
    return connection;
  } catch (error) {
    throw asOpenError(path, error);
  }
}

/** Returns whether the file is still empty; throws unless it is empty or a store of a version we know. */
function checkFormat(connection: Connection, path: string): boolean {
  const tables = connection
    .query('SELECT CAST(name AS BLOB) FROM sqlite_master')([])
    .map(([name]) => textOf(name));
  if (tables.length === 0) return true;
  if (!tables.includes('meta') || !tables.includes('events')) {
    throw new StoreOpenError('corrupt', `${path} is a database, but not an event store`);
  }
  const format = connection.query("SELECT value FROM meta WHERE name = 'format'")([])[0]?.[0];
  if (typeof format !== 'number' || format < 1) {
    throw new StoreOpenError('corrupt', `the event store ${path} does not say which format it has`);
  }
  if (format > FORMAT_VERSION) {
    throw new StoreOpenError(
      'newer',
      `the event store ${path} has format ${format}, written by a newer version; this one reads up to ${FORMAT_VERSION}`,
    );
  }
  return false;
}

function configure(connection: Connection): void {
  connection.pragma(`page_size = ${PAGE_BYTES}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.pragma(`cache_size = -${CACHE_KIB}`);
}

function createTables(connection: Connection): void {
  connection.execute('BEGIN IMMEDIATE');
  connection.execute(TABLES);
  connection.execute('COMMIT');
}

/** Why a file could not be opened, in one line that names it. */
export function asOpenError(path: string, error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const code = sqliteCode(error);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    const message = `the event store ${path} is corrupt: ${messageOf(error)}; ${adviceFor(path)}`;
    return new StoreOpenError('corrupt', message, { cause: error });
  }
  return new StoreOpenError('faulty', `the event store ${path} cannot be opened: ${messageOf(error)}`, {
    cause: error,
  });
}
