/** Snapshots in their file: the newest that nobody has touched, or none. */

import { join } from 'node:path';
import Database from 'libsql';
import { openReadDatabase, type ReadDatabaseFile } from '../../src/adapters/read-store/sqlite.js';
import type { Snapshot } from '../../src/ports/snapshot-store.port.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import { Snapshots } from '../../src/projections/snapshots.js';
import type { AnyTables } from '../../src/projections/table.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';

const KEY = new Uint8Array(32).fill(1);

const snapshot = (revision: number, more: Partial<Snapshot> = {}): Snapshot => ({
  tenantId: 'acme',
  revision,
  stateVersion: 1,
  chainHash: 'ab'.repeat(32),
  state: new TextEncoder().encode(`{"revision":${revision},"name":"Zoë"}`),
  ...more,
});

describe('snapshots', () => {
  let directory: TemporaryDirectory;
  let file: ReadDatabaseFile;
  let snapshots: Snapshots;

  const open = async (macKey = KEY): Promise<void> => {
    file = openReadDatabase(join(directory.path, 'snapshots.db'));
    snapshots = new Snapshots(exclusiveDatabase<AnyTables>(file.writing), macKey);
    await snapshots.createSchema();
  };
  const tamper = (sql: string): void => {
    const other = new Database(join(directory.path, 'snapshots.db'));
    other.exec(sql);
    other.close();
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    await open();
  });
  afterEach(async () => {
    file.close();
    await directory.remove();
  });

  it('come back newest first, of their own tenant and state version only', async () => {
    expect(await snapshots.latest('acme', 1)).toBeNull();
    for (const revision of [10, 30, 20]) await snapshots.save(snapshot(revision));
    await snapshots.save(snapshot(99, { tenantId: 'beta' }));
    expect(await snapshots.latest('acme', 1)).toEqual(snapshot(30));
    expect(await snapshots.latest('acme', 2)).toBeNull();
    await snapshots.save(snapshot(5, { stateVersion: 2 }));
    expect(await snapshots.latest('acme', 1)).toBeNull();
    expect(await snapshots.latest('acme', 2)).toEqual(snapshot(5, { stateVersion: 2 }));
  });

  it('are kept two a tenant', async () => {
    for (const revision of [10, 20, 30, 40]) await snapshots.save(snapshot(revision));
    const { rows } = await file.reading.execute({
      sql: 'select revision from snapshots order by revision',
      parameters: [],
    });
    expect(rows.map(({ revision }) => revision)).toEqual([30n, 40n]);
  });

  it('are ignored when a byte was changed, and the one before is used', async () => {
    await snapshots.save(snapshot(10));
    await snapshots.save(snapshot(20));
    tamper(`update snapshots set state = '{"revision":21}' where revision = 20`);
    expect(await snapshots.latest('acme', 1)).toEqual(snapshot(10));
    tamper(`update snapshots set revision = 11 where revision = 10`);
    expect(await snapshots.latest('acme', 1)).toBeNull();
    await snapshots.save(snapshot(20));
    expect(await snapshots.latest('acme', 1)).toEqual(snapshot(20));
  });

  it('are ignored under another key', async () => {
    await snapshots.save(snapshot(10));
    file.close();
    await open(new Uint8Array(32).fill(2));
    expect(await snapshots.latest('acme', 1)).toBeNull();
  });
});
