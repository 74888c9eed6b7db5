/** The store on EventStoreDB over TLS: the server is known by its certificate, and we by our credentials. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEventStoreDb } from '../../src/adapters/event-store-eventstoredb/store.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { makeCertificate } from '../esdb-double/certificate.js';
import { EsdbDouble } from '../esdb-double/server.js';
import { sampleBatch } from './samples.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

let directory: TemporaryDirectory;
let double: EsdbDouble;
const stores: EventStore[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  const certificate = makeCertificate();
  double = await EsdbDouble.start({ certificate });
  double.faults.user = 'ledger:p@ss word';
  await writeFile(join(directory.path, 'trusted.pem'), certificate.certificate);
  await writeFile(join(directory.path, 'stranger.pem'), makeCertificate().certificate);
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  double.close();
  await directory.remove();
});

async function open(user: string, trusted = 'trusted.pem'): Promise<EventStore> {
  const authority = encodeURIComponent(join(directory.path, trusted));
  const store = await openEventStoreDb({
    connectionString: `esdb://${user}@localhost:${double.port}?tlsCAFile=${authority}`,
    insecureAllowed: false,
    indexPath: ':memory:',
    onTruncated: () => undefined,
    appendTimeoutMs: 1_000,
    readTimeoutMs: 1_000,
  });
  stores.push(store);
  return store;
}

const batch = sampleBatch({ stream: 'tenant-a' });

it('appends and reads with the credentials of the connection string', async () => {
  const store = await open('ledger:p%40ss%20word');
  expect(await store.append('tenant-a', NO_STREAM, batch)).toMatchObject({ kind: 'appended' });
  expect(await store.readStream('tenant-a', { revision: 0, limit: 10 })).toHaveLength(1);
});

it('has written nothing with the wrong credentials', async () => {
  const store = await open('ledger:wrong');
  await expect(store.append('tenant-a', NO_STREAM, batch)).rejects.toMatchObject({ outcome: 'not_written' });
  await expect(store.headPosition()).rejects.toThrow('Unauthenticated');
  expect(double.log.all).toEqual([]);
});

it('does not speak to a server whose certificate it cannot trust', async () => {
  const store = await open('ledger:p%40ss%20word', 'stranger.pem');
  await expect(store.append('tenant-a', NO_STREAM, batch)).rejects.toMatchObject({ name: 'StoreFault' });
  expect(double.log.all).toEqual([]);
});

it('is not opened with a certificate file that is not there', async () => {
  await expect(open('ledger:p%40ss%20word', 'missing.pem')).rejects.toThrow('certificate');
});
