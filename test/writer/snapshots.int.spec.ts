/** Snapshots made by the worker from the log on disk: right, checked, and never in anybody's way. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { WorkerSnapshotStore } from '../../src/adapters/read-store/snapshots.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { createIds } from '../../src/adapters/system/ids.js';
import { STATE_VERSION } from '../../src/domain/state.js';
import { serializeState } from '../../src/domain/state-codec.js';
import type { EventStore } from '../../src/ports/event-store.port.js';
import type { Snapshot, SnapshotStore } from '../../src/ports/snapshot-store.port.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import { eventually } from '../event-store/eventually.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';
import { MemoryReadModels } from '../simulation/simulated-read-models.js';
import { ACME, commit, createBudget, openTenant, origin, reserve } from './requests.js';

const WORKER = new URL('../../src/snapshot-worker.js', import.meta.url);
const EVERY = 20;
const STREAM = 'tenant-acme';

/** A cache that never has anything. */
const NO_SNAPSHOTS: SnapshotStore = { latest: async () => null, take: async () => undefined };

describe('the snapshot worker', () => {
  let directory: TemporaryDirectory;
  let store: EventStore;
  let snapshots: WorkerSnapshotStore;
  let writers: Writers;
  let trouble: string[];
  const file = (): string => join(directory.path, 'snapshots.db');

  const openSnapshots = (more: { idleMs?: number; worker?: URL } = {}): void => {
    snapshots = new WorkerSnapshotStore({
      worker: WORKER,
      eventStore: join(directory.path, 'ledger.db'),
      snapshotsPath: file(),
      macKey: new Uint8Array(32).fill(7),
      onTrouble: (message) => trouble.push(message),
      // Whoever waits for a snapshot here keeps the thread busy with asking.
      patienceMs: 0,
      ...more,
    });
  };
  const startWriters = (from: SnapshotStore = snapshots): Writers => {
    const readModels = new MemoryReadModels();
    return createWriters({
      store,
      codec: createEventCodec(),
      clock: systemClock,
      ids: createIds(),
      snapshots: from,
      dueTimes: readModels,
      history: readModels,
      limits: { snapshotEvery: EVERY },
      log: {
        warn: (_fields, message) => trouble.push(message),
        error: (_fields, message) => trouble.push(message),
      },
    });
  };
  /** Reserves, and settles every second reservation. */
  const work = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const held = reserve(1n);
      await writers.execute(ACME, held, origin(`r${held.reservationId}`));
      if (i % 2 === 0)
        await writers.execute(ACME, commit(held.reservationId, 1n), origin(`c${held.reservationId}`));
    }
  };
  const latest = (): Promise<Snapshot | null> => snapshots.latest(ACME, STATE_VERSION);
  const headRevision = async (): Promise<number> =>
    (await store.readStream(STREAM, { revision: 0, limit: 1_000 })).length - 1;
  const hashAt = async (revision: number): Promise<unknown> => {
    const [stored] = await store.readStream(STREAM, { revision, limit: 1 });
    return JSON.parse(stored?.metadata ?? '{}').hash;
  };
  /** Entries in no particular order: one that was restored is as good as one that was folded. */
  const stateFrom = async (from: SnapshotStore): Promise<string[]> => {
    const fresh = startWriters(from);
    const text = await fresh.read(ACME, serializeState);
    await fresh.drain();
    return text.split('\n').sort();
  };
  const damage = (sql: string): void => {
    const database = new Database(file());
    database.exec(sql);
    database.close();
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    trouble = [];
    store = await directory.openStore({ path: join(directory.path, 'ledger.db') });
    openSnapshots();
    writers = startWriters();
    await writers.execute(ACME, openTenant(), origin());
    await writers.execute(ACME, createBudget('tenant:acme', 1_000n), origin());
  });
  afterEach(async () => {
    await writers.drain();
    await snapshots.close();
    await directory.remove();
  });

  it('makes one after enough events, of the state that the chain had there', async () => {
    expect(await latest()).toBeNull();
    await work(20);
    await eventually(() => expect(writers.stats().snapshots).toBeGreaterThan(0));
    const made = await latest();
    expect(made?.revision).toBeGreaterThanOrEqual(EVERY - 1);
    expect(made?.chainHash).toBe(await hashAt(made?.revision ?? -1));
    expect(await stateFrom(snapshots)).toEqual(await stateFrom(NO_SNAPSHOTS));
    expect(trouble).toEqual([]);
  });

  it('makes the next from the one before', async () => {
    await work(3);
    await snapshots.take(ACME, 3);
    expect((await latest())?.revision).toBe(3);
    // Nothing but the tail can be read: a fold from the beginning would find the first event gone.
    const [first] = await store.readStream(STREAM, { revision: 0, limit: 1 });
    const database = new Database(join(directory.path, 'ledger.db'));
    database.exec(`update events set data = 'gone' where position = ${first?.position}`);
    database.close();
    await snapshots.take(ACME, 5);
    expect((await latest())?.revision).toBe(5);
    expect((await latest())?.chainHash).toBe(await hashAt(5));
    damage('delete from snapshots');
    await expect(snapshots.take(ACME, 5)).rejects.toThrow('not JSON');
    expect(await latest()).toBeNull();
  });

  it('is not believed when a snapshot was damaged, and makes a sound one', async () => {
    await work(10);
    const head = await headRevision();
    await snapshots.take(ACME, head);
    const sound = await latest();
    damage(`update snapshots set state = replace(state, '"amount":"1"', '"amount":"2"')`);
    expect(await latest()).toBeNull();
    expect(await stateFrom(snapshots)).toEqual(await stateFrom(NO_SNAPSHOTS));
    await snapshots.take(ACME, head);
    expect(await latest()).toEqual(sound);
  });

  it('starts again with an empty file when the file is no database', async () => {
    await work(4);
    await snapshots.take(ACME, 4);
    await snapshots.close();
    for (const suffix of ['', '-wal', '-shm']) await writeFile(file() + suffix, 'no database'.repeat(500));
    openSnapshots();
    expect(await latest()).toBeNull();
    await snapshots.take(ACME, 4);
    expect((await latest())?.revision).toBe(4);
  });

  it('answers those who ask for one tenant at the same time together', async () => {
    await work(4);
    const first = snapshots.take(ACME, 4);
    expect(snapshots.take(ACME, 5)).toBe(first);
    await first;
    expect((await latest())?.revision).toBe(4);
    await snapshots.take(ACME, 5);
    expect((await latest())?.revision).toBe(5);
  });

  it('ends when nobody needs it, and comes back when somebody does', async () => {
    await snapshots.close();
    openSnapshots({ idleMs: 0 });
    await snapshots.take(ACME, 1);
    await eventually(() => expect(snapshots.isMaking).toBe(false));
    expect((await latest())?.revision).toBe(1);
  });

  it('closes in the middle of its work, and the next one goes on', async () => {
    await work(10);
    const head = await headRevision();
    const outcome = snapshots.take(ACME, head).then(
      () => 'made',
      (error: Error) => error.name,
    );
    await snapshots.close();
    expect(['made', 'ReadStoreFault']).toContain(await outcome);
    await expect(latest()).rejects.toThrow('closed');
    openSnapshots();
    await snapshots.take(ACME, head);
    expect((await latest())?.revision).toBe(head);
    expect(await stateFrom(snapshots)).toEqual(await stateFrom(NO_SNAPSHOTS));
  });

  it('that cannot start costs the writers nothing', async () => {
    await writers.drain();
    await snapshots.close();
    openSnapshots({ worker: new URL('data:text/javascript,throw new Error("no")') });
    writers = startWriters();
    await work(20);
    await eventually(() => expect(trouble).toContain('a snapshot was not made'));
    expect(trouble).toContain('a snapshot is ignored');
    expect(await headRevision()).toBe(31);
  });
});
