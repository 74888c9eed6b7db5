/** Opens what a store consists of, in order: directory, lock, database, log. */

import type { Connection } from './connection.js';
import { prepareDirectory } from './file.js';
import { takeLock } from './lock.js';
import { EventLog } from './log.js';
import { asOpenError, openDatabase } from './schema.js';

export interface WorkerOptions {
  readonly path: string;
  /** The size the database may grow to, in pages of 4 KiB; the disk's when left out. */
  readonly maxPages?: number;
}

export interface OpenLog {
  readonly log: EventLog;
  /** Folds the write-ahead log into the file, closes it and gives the lock back. */
  close(): void;
}

/** @throws StoreOpenError, holding nothing */
export function openLog({ path, maxPages }: WorkerOptions): OpenLog {
  const inMemory = path === ':memory:';
  if (!inMemory) prepareDirectory(path);
  const unlock = inMemory ? () => {} : takeLock(`${path}.lock`);
  let connection: Connection | undefined;
  try {
    const opened = openDatabase(path);
    connection = opened;
    if (maxPages !== undefined) opened.pragma(`max_page_count = ${maxPages}`);
    return {
      log: new EventLog(opened),
      close: () => {
        foldIn(opened);
        opened.close();
        unlock();
      },
    };
  } catch (error) {
    connection?.close();
    unlock();
    throw asOpenError(path, error);
  }
}

/** A full disk may leave no room for it; the write-ahead log then keeps everything for the next start. */
function foldIn(connection: Connection): void {
  try {
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // Nothing is lost, and closing must not fail for it.
  }
}
