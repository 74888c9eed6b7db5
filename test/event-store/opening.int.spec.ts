/** Opening a store: what is made, and what is refused with one clear line while nothing is changed. */

import { randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../../src/adapters/event-store-sqlite/connection.js';
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
  path = join(directory.path, 'data', 'events.db');
});
afterEach(() => directory.remove());

async function openingError(at = path): Promise<StoreOpenError> {
  const error = await directory.openStore({ path: at }).then(
    (store) => store.close(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreOpenError)) throw new Error(`the store opened, or failed with ${error}`);
  expect(error.message).not.toContain('\n');
  return error;
}

async function makeStore(): Promise<void> {
  const store = await directory.openStore({ path });
  await store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3 }));
  await store.close();
}

describe('opening the embedded store', () => {
  it('makes a directory and files that only their owner can read', async () => {
    const store = await directory.openStore({ path });
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    expect((await stat(join(directory.path, 'data'))).mode & 0o777).toBe(0o700);
    const files = await readdir(join(directory.path, 'data'));
    expect(files).toEqual(expect.arrayContaining(['events.db', 'events.db-wal', 'events.db.lock']));
    for (const file of files) {
      expect((await stat(join(directory.path, 'data', file))).mode & 0o077).toBe(0);
    }
    await store.close();
  });

  it('refuses a second store on the same file while the first is open, and not afterwards', async () => {
    const store = await directory.openStore({ path });
    const error = await openingError();
    expect(error.reason).toBe('locked');
    expect(error.message).toBe(
      `the data directory ${join(directory.path, 'data')} is in use by another process`,
    );
    expect((await openingError()).reason).toBe('locked');
    expect(await store.append(stream, NO_STREAM, sampleBatch({ stream }))).toMatchObject({
      kind: 'appended',
    });
    await store.close();
    await (await directory.openStore({ path })).close();
  });

  it.each([
    ['garbage', (): Promise<void> => writeFile(path, randomBytes(9_000))],
    [
      'a file with a torn header',
      async (): Promise<void> => writeFile(path, (await readFile(path)).fill(1, 0, 60)),
    ],
    ['a file cut short', (): Promise<void> => truncate(path, 5_000)],
    ['another program’s database', async (): Promise<void> => foreignDatabase(`${path}.new`, path)],
  ])('refuses %s as corrupt and leaves it as it is', async (_what, damage) => {
    await makeStore();
    await damage();
    const before = await readFile(path);
    const error = await openingError();
    expect(error.reason).toBe('corrupt');
    expect(error.message).toContain(path);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect((await readdir(join(directory.path, 'data'))).filter((file) => file.endsWith('-wal'))).toEqual([]);
  });

  it('refuses a file of a newer format, names both versions and leaves it as it is', async () => {
    await makeStore();
    setFormat(2);
    const before = await readFile(path);
    const error = await openingError();
    expect(error.reason).toBe('newer');
    expect(error.message).toMatch(/format 2, written by a newer version; this one reads up to 1$/);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(() => openSqliteEventReader(path)).toThrow('written by a newer version');
  });

  it('refuses a file that does not say its format', async () => {
    await makeStore();
    setFormat(0);
    expect((await openingError()).reason).toBe('corrupt');
  });

  it('refuses a directory that cannot be made', async () => {
    await writeFile(join(directory.path, 'file'), '');
    const error = await openingError(join(directory.path, 'file', 'data', 'events.db'));
    expect(error.reason).toBe('not_writable');
    expect(error.message).toContain('is not writable');
  });

  it('refuses a file that cannot be written', async () => {
    await makeStore();
    if (process.getuid?.() === 0) {
      // Permissions do not bind root, so it gets a name that leads nowhere.
      path = join(directory.path, 'data', 'loop.db');
      await symlink(path, path);
    } else {
      await chmod(path, 0o400);
    }
    expect((await openingError()).reason).toBe('not_writable');
  });

  it('opens again after each refusal once the cause is gone', async () => {
    await makeStore();
    setFormat(2);
    await openingError();
    setFormat(1);
    const store = await directory.openStore({ path });
    expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(3);
    await store.close();
  });
});

function setFormat(version: number): void {
  const connection = Connection.writable(path);
  connection.execute(`UPDATE meta SET value = ${version} WHERE name = 'format'`);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.execute('PRAGMA journal_mode = DELETE');
  connection.close();
}

async function foreignDatabase(made: string, wanted: string): Promise<void> {
  const connection = Connection.writable(made);
  connection.execute('CREATE TABLE notes (text)');
  connection.close();
  await writeFile(wanted, await readFile(made));
}
