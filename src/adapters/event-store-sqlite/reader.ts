/** Reads the log from another thread, on a connection of that thread's own. */

import type { EventReader, StoredEvent } from '../../ports/event-store.port.js';
import { StoreFault } from '../../ports/event-store.port.js';
import type { Connection } from './connection.js';
import { messageOf } from './failure.js';
import { Listeners } from './listeners.js';
import { type Flat, unpackStored } from './messages.js';
import { EventQueries } from './queries.js';
import { asOpenError, openForReading } from './schema.js';

export interface SqliteEventReader extends EventReader {
  /** Tells the subscribers that the log has reached a position; whoever owns the store relays it. */
  notify(position: number): void;
  close(): void;
}

/**
 * Opens an existing store's file for reading only. Queries block the calling thread, so it should be one that
 * decides nothing. Every read sees all that was acknowledged before it.
 * @throws StoreOpenError
 */
export function openSqliteEventReader(path: string): SqliteEventReader {
  const connection = openForReading(path);
  const queries = prepare(connection, path);
  const listeners = new Listeners(0);
  return {
    readStream: (stream, { revision, limit }) =>
      stored(path, () => queries.readStream(stream, revision, limit)),
    readAll: ({ position, limit }) => stored(path, () => queries.readAll(position, limit)),
    headPosition: () => attempt(path, () => queries.headPosition()),
    onAppended: (listener) => listeners.add(listener),
    notify: (position) => listeners.tell(position),
    close: () => connection.close(),
  };
}

function prepare(connection: Connection, path: string): EventQueries {
  try {
    return new EventQueries(connection);
  } catch (error) {
    connection.close();
    throw asOpenError(path, error);
  }
}

const stored = (path: string, read: () => Flat): Promise<StoredEvent[]> =>
  attempt(path, () => unpackStored(read(), 0));

async function attempt<T>(path: string, read: () => T): Promise<T> {
  try {
    return read();
  } catch (cause) {
    throw new StoreFault(`the event store ${path} could not be read: ${messageOf(cause)}`, 'not_written', {
      cause,
    });
  }
}
