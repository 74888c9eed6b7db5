/** The lock that keeps a second process out of a data directory. */

import { dirname } from 'node:path';
import { Connection } from './connection.js';
import { messageOf, StoreOpenError, sqliteCode } from './failure.js';
import { createPrivateFile } from './file.js';

/**
 * Holds an exclusive transaction on a small database of its own, so that the operating system gives the lock
 * back when the process dies in whatever way.
 * @returns the function that lets go
 * @throws StoreOpenError `locked` when another process (or another store of this one) holds it
 */
export function takeLock(path: string): () => void {
  createPrivateFile(path);
  const connection = Connection.writable(path);
  try {
    connection.execute('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    throw refusal(path, error);
  }
  return () => {
    connection.execute('ROLLBACK');
    connection.close();
  };
}

function refusal(path: string, cause: unknown): StoreOpenError {
  const directory = dirname(path);
  if (sqliteCode(cause).startsWith('SQLITE_BUSY')) {
    return new StoreOpenError('locked', `the data directory ${directory} is in use by another process`, {
      cause,
    });
  }
  return new StoreOpenError('not_writable', `the lock file ${path} cannot be used: ${messageOf(cause)}`, {
    cause,
  });
}
