/** The nodes' agreement on their keys: who comes first is believed, and who comes with others is told apart. */

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import {
  type Agreement,
  compareKeys,
  type KeyChecks,
} from '../../src/adapters/event-store-eventstoredb/keys.js';
import { StoreFault } from '../../src/ports/event-store.port.js';
import { EsdbDouble } from '../esdb-double/server.js';

const OURS: KeyChecks = { masterKey: 'master-1', adminKey: 'admin-1' };

let double: EsdbDouble;
beforeEach(async () => {
  double = await EsdbDouble.start();
});
afterEach(() => double.close());

const compare = (checks: KeyChecks, mayChangeAdminKey = false, timeoutMs = 10_000): Promise<Agreement> =>
  compareKeys({
    connectionString: double.connectionString,
    insecureAllowed: false,
    onTruncated: () => undefined,
    readTimeoutMs: timeoutMs,
    appendTimeoutMs: timeoutMs,
    checks,
    mayChangeAdminKey,
  });
const told = () => double.log.all.filter(({ stream }) => stream === 'keys-of-countersign');

it('is reached by nodes with the same keys, and written down once', async () => {
  for (let node = 0; node < 3; node++) expect(await compare(OURS)).toBe('agreed');
  expect(told()).toHaveLength(1);
});

it('is reached by nodes that start at the same moment', async () => {
  const agreements = await Promise.all(Array.from({ length: 6 }, () => compare(OURS)));
  expect(agreements).toEqual(Array(6).fill('agreed'));
  expect(told()).toHaveLength(1);
});

it('is not reached with another master key, even by who may change the admin key', async () => {
  await compare(OURS);
  const other = { masterKey: 'master-2', adminKey: 'admin-2' };
  expect(await compare(other)).toBe('other_master_key');
  expect(await compare(other, true)).toBe('other_master_key');
  expect(await compare(OURS)).toBe('agreed');
});

it('is not reached with another admin key, until that is made the one of all', async () => {
  await compare(OURS);
  const next = { ...OURS, adminKey: 'admin-2' };
  expect(await compare(next)).toBe('other_admin_key');
  expect(await compare(next, true)).toBe('admin_key_changed');
  expect(await compare(next, true)).toBe('agreed');
  expect(await compare(OURS)).toBe('other_admin_key');
});

it('is a stream that nobody may delete, and no part of the ledger', async () => {
  await compare(OURS);
  expect(double.log.delete('keys-of-countersign', false)).toBe('access_denied');
  expect(double.log.all.filter(({ stream }) => stream.startsWith('countersign-'))).toEqual([]);
});

it('is found again when an answer was lost after writing', async () => {
  double.faults.answersLost = 2;
  await expect(compare(OURS, false, 500)).rejects.toThrow(StoreFault);
  double.faults.answersLost = 0;
  expect(await compare(OURS)).toBe('agreed');
  expect(told()).toHaveLength(1);
});

it('is not known where the stream is somebody else’s', async () => {
  const other = EventStoreDBClient.connectionString(double.connectionString);
  await other.appendToStream('keys-of-countersign', jsonEvent({ type: 'Other', data: { masterKey: 'x' } }));
  await other.dispose();
  expect(await compare(OURS)).toBe('not_ours_to_know');
  expect(told()).toHaveLength(1);
});

it('is a fault, and no disagreement, while the store is away', async () => {
  double.kill();
  await expect(compare(OURS)).rejects.toThrow(StoreFault);
});
