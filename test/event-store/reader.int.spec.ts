/** The read-only reader that a second thread uses beside the store. */

import { join } from 'node:path';
import { StoreOpenError } from '../../src/adapters/event-store-sqlite/failure.js';
import { openSqliteEventReader } from '../../src/adapters/event-store-sqlite/reader.js';
import { NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from './samples.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

const stream = 'tenant-acme';
let directory: TemporaryDirectory;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory.path, 'a #strange? 100% name', 'events.db');
});
afterEach(() => directory.remove());

describe('event reader', () => {
  it('sees every append that was acknowledged, while the store is open', async () => {
    const store = await directory.openStore({ path });
    const reader = openSqliteEventReader(path);
    for (let i = 0; i < 20; i++) {
      const result = await store.append(stream, i - 1, sampleBatch({ stream }));
      expect(result).toMatchObject({ kind: 'appended', position: await reader.headPosition() });
    }
    expect(await reader.readStream(stream, { revision: 5, limit: 3 })).toEqual(
      await store.readStream(stream, { revision: 5, limit: 3 }),
    );
    expect(await reader.readAll({ position: 7, limit: 100 })).toEqual(
      await store.readAll({ position: 7, limit: 100 }),
    );
    reader.close();
    await store.close();
  });

  it('tells its subscribers of each newer position once', async () => {
    await (await directory.openStore({ path })).close();
    const reader = openSqliteEventReader(path);
    const told: number[] = [];
    const leave = reader.onAppended((position) => void told.push(position));
    for (const position of [3, 3, 2, 5]) reader.notify(position);
    leave();
    reader.notify(6);
    expect(told).toEqual([3, 5]);
    reader.close();
  });

  it('fails with a fault once it is closed', async () => {
    const store = await directory.openStore({ path });
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    const reader = openSqliteEventReader(path);
    reader.close();
    await expect(reader.headPosition()).rejects.toMatchObject({ name: 'StoreFault' });
    await store.close();
  });

  it('does not make a store that is not there', () => {
    expect(() => openSqliteEventReader(path)).toThrow(StoreOpenError);
  });
});
