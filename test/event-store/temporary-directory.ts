/** Directories of a test's own, with the stores in them. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openSqliteEventStore,
  type SqliteEventStoreOptions,
} from '../../src/adapters/event-store-sqlite/store.js';
import type { EventStore } from '../../src/ports/event-store.port.js';

export interface TemporaryDirectory {
  readonly path: string;
  /** Opens a store, in here or in memory, that is closed at the end even when the test fails. */
  openStore(options: SqliteEventStoreOptions): Promise<EventStore>;
  /** Closes all stores and removes the directory with all that is in it. */
  remove(): Promise<void>;
}

export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'countersign-store-'));
  const stores: EventStore[] = [];
  return {
    path,
    openStore: async (options) => {
      const store = await openSqliteEventStore(options);
      stores.push(store);
      return store;
    },
    remove: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await rm(path, { recursive: true, force: true });
    },
  };
}
