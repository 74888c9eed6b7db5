/** The embedded store keeps the contract of an event store, on a file and in memory. */

import { join } from 'node:path';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import { eventStoreContract } from '../contract/event-store.contract.js';
import { temporaryDirectory } from './temporary-directory.js';

eventStoreContract('embedded, in a file', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'events.db');
  let store = await openSqliteEventStore({ path });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openSqliteEventStore({ path });
      return store;
    },
    dispose: async () => {
      await store.close();
      await directory.remove();
    },
  };
});

eventStoreContract('embedded, in memory', async () => {
  const store = await openSqliteEventStore({ path: ':memory:' });
  return { store, reopen: null, dispose: () => store.close() };
});
