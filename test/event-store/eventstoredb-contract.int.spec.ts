/**
 * The store on EventStoreDB keeps the contract of an event store: on the double, and on a real server where
 * `COUNTERSIGN_TEST_ESDB` names one.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { openEventStoreDb } from '../../src/adapters/event-store-eventstoredb/store.js';
import { NO_STREAM } from '../../src/ports/event-store.port.js';
import { eventStoreContract } from '../contract/event-store.contract.js';
import type { StoreUnderTest } from '../contract/stage.js';
import { type Relay, relayTo } from '../esdb-double/relay.js';
import { EsdbDouble } from '../esdb-double/server.js';
import { sampleBatch } from './samples.js';
import { temporaryDirectory } from './temporary-directory.js';

const REAL_SERVER = process.env['COUNTERSIGN_TEST_ESDB'];

eventStoreContract('EventStoreDB, the double', async () => {
  const double = await EsdbDouble.start();
  const underTest = await storeOn(double.connectionString);
  return {
    ...underTest,
    dispose: async () => {
      await underTest.dispose();
      double.close();
    },
  };
});

if (REAL_SERVER === undefined) {
  describe('event store contract: EventStoreDB, a real server', () => {
    it.skip('did not run: COUNTERSIGN_TEST_ESDB names no server', () => undefined);
  });
} else {
  eventStoreContract('EventStoreDB, a real server', () => storeOn(REAL_SERVER));
}

/**
 * Somebody whom the server knows and who is no administrator: as COUNTERSIGN_TEST_ESDB_OTHER_USER says, else the
 * server's own `ops` with the password that the administrator was given. Null for a server without users.
 */
function strangerTo(server: string): string | null {
  const [, password] = /^\w+(?:\+\w+)?:\/\/[^@/]*:([^@/]*)@/.exec(server) ?? [];
  if (password === undefined || /[?&]tls=false/i.test(server)) return null;
  const credentials = process.env['COUNTERSIGN_TEST_ESDB_OTHER_USER'] ?? `ops:${password}`;
  return server.replace(/:\/\/[^@/]*@/, `://${credentials}@`);
}

const stranger = REAL_SERVER === undefined ? null : strangerTo(REAL_SERVER);

describe('our streams on a real server', () => {
  if (REAL_SERVER === undefined || stranger === null) {
    it.skip('were not deleted by anybody: COUNTERSIGN_TEST_ESDB names no server with users', () => undefined);
    return;
  }

  it('cannot be deleted or truncated by whoever is no administrator', async () => {
    const { store, dispose, prefix } = await storeOn(REAL_SERVER);
    const other = EventStoreDBClient.connectionString(stranger);
    const stored = `${prefix}tenant-a`;
    const denied = { type: 'access-denied' };
    try {
      await store.append('tenant-a', NO_STREAM, sampleBatch({ stream: 'tenant-a', count: 3 }));
      await expect(other.deleteStream(stored)).rejects.toMatchObject(denied);
      await expect(other.tombstoneStream(stored)).rejects.toMatchObject(denied);
      await expect(other.setStreamMetadata(stored, { truncateBefore: 2 })).rejects.toMatchObject(denied);
      expect(await store.readStream('tenant-a', { revision: 0, limit: 10 })).toHaveLength(3);
    } finally {
      await other.dispose();
      await dispose();
    }
  });
});

/** A store among streams of its own, so that a server may be shared, and behind a relay that can be cut. */
async function storeOn(server: string): Promise<StoreUnderTest & { readonly prefix: string }> {
  const directory = await temporaryDirectory();
  const relayed = await behindRelay(server);
  const options = {
    connectionString: relayed?.connectionString ?? server,
    insecureAllowed: true,
    indexPath: join(directory.path, 'claims.db'),
    onTruncated: (stream: string) => {
      throw new Error(`the stream ${stream} was truncated`);
    },
    streamPrefix: `countersign-test-${randomUUID()}-`,
  };
  let store = await openEventStoreDb(options);
  return {
    store,
    prefix: options.streamPrefix,
    reopen: async () => {
      await store.close();
      store = await openEventStoreDb(options);
      return store;
    },
    ...(relayed === null ? {} : { interrupt: relayed.relay.cut }),
    dispose: async () => {
      await store.close();
      await relayed?.relay.close();
      await directory.remove();
    },
  };
}

/**
 * Null where a relay would not do: the nodes of a cluster send clients on to one another by their own addresses,
 * and a certificate names the host it is of.
 */
async function behindRelay(
  server: string,
): Promise<{ readonly relay: Relay; readonly connectionString: string } | null> {
  const [whole, before = '', host = '', port = '2113', after = ''] =
    /^(esdb:\/\/(?:[^@/]*@)?)([^,:/?]+)(?::(\d+))?((?:[/?].*)?)$/.exec(server) ?? [];
  const isLocal = ['localhost', '127.0.0.1'].includes(host);
  if (whole === undefined || !(isLocal || /[?&]tls=false/i.test(after))) return null;
  const relay = await relayTo({ host, port: Number(port) });
  return { relay, connectionString: `${before}localhost:${relay.port}${after}` };
}
