/** Reads the log from another thread, on a connection of that thread's own. */

import type { EventReader, StoredEvent } from '../../ports/event-store.port.js';
import { StoreFault } from '../../ports/event-store.port.js';
import { messageOf } from './failure.js';
import { Listeners } from './listeners.js';
import { type Flat, unpackStored } from './messages.js';
import { EventQueries } from './queries.js';
import { openForReading } from './schema.js';

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
  const queries = new EventQueries(connection);
  const listeners = new Listeners(0);
  return {
    readStream: (stream, { revision, limit }) => stored(() => queries.readStream(stream, revision, limit)),
    readAll: ({ position, limit }) => stored(() => queries.readAll(position, limit)),
    headPosition: () => attempt(() => queries.headPosition()),
    onAppended: (listener) => listeners.add(listener),
    notify: (position) => listeners.tell(position),
    close: () => connection.close(),
  };
}

const stored = (read: () => Flat): Promise<StoredEvent[]> => attempt(() => unpackStored(read(), 0));

async function attempt<T>(read: () => T): Promise<T> {
  try {
    return read();
  } catch (cause) {
    throw new StoreFault(`the event store could not be read: ${messageOf(cause)}`, 'not_written', { cause });
  }
}
