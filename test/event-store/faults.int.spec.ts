/** What the store does when the disk, the database, its own thread or its callers go wrong. */

import { join } from 'node:path';
import { Connection } from '../../src/adapters/event-store-sqlite/connection.js';
import { EventLog } from '../../src/adapters/event-store-sqlite/log.js';
import type { AppendRequest } from '../../src/adapters/event-store-sqlite/messages.js';
import { openDatabase } from '../../src/adapters/event-store-sqlite/schema.js';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { expectChain } from '../contract/chain.js';
import { sampleBatch } from './samples.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

const stream = 'tenant-acme';
let directory: TemporaryDirectory;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory.path, 'events.db');
});
afterEach(() => directory.remove());

const requestOf = (events: readonly SealedEvent[], to: string, expectedRevision: number): AppendRequest => ({
  stream: to,
  expectedRevision,
  events: events.map(({ id, event, dataJson, metadataJson, claim }) => ({
    id,
    type: event.type,
    data: dataJson,
    metadata: metadataJson,
    claim,
  })),
});

const kilobytes = (count: number): string => 'x'.repeat(count * 1_024);

describe('a full disk', () => {
  it('answers not_written, keeps what was acknowledged, and the file opens again', async () => {
    const small = await directory.openStore({ path, maxPages: 60 });
    const revision = await fill(small);
    await expect(
      small.append(stream, revision, sampleBatch({ stream, reason: kilobytes(500) })),
    ).rejects.toMatchObject({
      name: 'StoreFault',
      outcome: 'not_written',
      message: expect.stringContaining('disk is full'),
    });
    expect(await small.readStream(stream, { revision: 0, limit: 1_000 })).toHaveLength(revision + 1);
    expect(small.stats()['faultsTotal']).toBeGreaterThan(0);
    await small.close();

    const large = await directory.openStore({ path });
    const next = sampleBatch({ stream, reason: kilobytes(500) });
    expect(await large.append(stream, revision, next)).toMatchObject({
      kind: 'appended',
      revision: revision + 1,
    });
    await large.close();
  });

  it('takes a whole group with it, and the same log goes on when there is space again', () => {
    const connection = openDatabase(path);
    const log = new EventLog(connection);
    const small = sampleBatch({ stream, claims: ['k'] });
    const large = sampleBatch({ stream: 'tenant-b', reason: kilobytes(800) });
    const group = [requestOf(small, stream, NO_STREAM), requestOf(large, 'tenant-b', NO_STREAM)];
    connection.pragma('max_page_count = 20');
    const faults = log.appendGroup(group);
    expect(faults).toMatchObject([
      { kind: 'fault', outcome: 'not_written' },
      { kind: 'fault', outcome: 'not_written' },
    ]);
    expect(log.position).toBe(0);
    expect(log.readAll(0, 10)).toEqual([]);
    connection.pragma('max_page_count = 100000');
    expect(log.appendGroup(group)).toEqual([
      { kind: 'appended', revision: 0, position: 1 },
      { kind: 'appended', revision: 0, position: 2 },
    ]);
    connection.close();
  });
});

/** Appends until the store says that it cannot; returns the last revision written. */
async function fill(store: EventStore): Promise<number> {
  let revision = NO_STREAM;
  for (;;) {
    const batch = sampleBatch({ stream, count: 5, reason: kilobytes(2) });
    const result = await store.append(stream, revision, batch).catch((error: unknown) => error);
    if (result instanceof Error) return revision;
    revision += 5;
  }
}

describe('one bad append in a group', () => {
  it('fails alone when the database rejects it', () => {
    const connection = openDatabase(path);
    const log = new EventLog(connection);
    const append = (to: string, expected: number): AppendRequest =>
      requestOf(sampleBatch({ stream: to, count: 2, claims: [`${to}${expected}`] }), to, expected);
    log.appendGroup([append('tenant-a', NO_STREAM), append('tenant-b', NO_STREAM)]);
    // A row that only a second writer could have put there, past the lock.
    connection.execute(
      "INSERT INTO events SELECT 900, stream, 3, 'intruder', type, claim, data, metadata FROM events WHERE position = 1",
    );
    const outcomes = log.appendGroup([
      append('tenant-b', 1),
      append('tenant-a', 1),
      append('tenant-c', NO_STREAM),
    ]);
    expect(outcomes).toMatchObject([
      { kind: 'appended', revision: 3, position: 6 },
      { kind: 'fault', outcome: 'not_written' },
      { kind: 'appended', revision: 1, position: 8 },
    ]);
    const positions = log.readAll(4, 10).filter((_cell, i) => i % 7 === 4);
    expect(positions).toEqual([5, 6, 7, 8, 900]);
    expect(log.appendGroup([append('tenant-a', 1)])).toEqual([{ kind: 'wrong_revision', actual: 3 }]);
    connection.close();
  });

  it('leaves its neighbours standing when it is stale, claimed or in conflict', () => {
    const connection = openDatabase(':memory:');
    const log = new EventLog(connection);
    const known = sampleBatch({ stream, claims: ['k'] });
    const outcomes = log.appendGroup([
      requestOf(known, stream, NO_STREAM),
      requestOf(sampleBatch({ stream }), stream, NO_STREAM),
      requestOf(sampleBatch({ stream, claims: ['k'] }), stream, 0),
      requestOf(sampleBatch({ stream: 'tenant-b', ids: [known[0]?.id ?? ''] }), 'tenant-b', NO_STREAM),
      requestOf(sampleBatch({ stream }), stream, 0),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'appended',
      'wrong_revision',
      'claimed',
      'id_conflict',
      'appended',
    ]);
    connection.close();
  });
});

describe('company', () => {
  it('shares one transaction among the appends that waited while the disk was busy', async () => {
    const store = await directory.openStore({ path });
    const tenants = Array.from({ length: 200 }, (_, i) => `tenant-${i}`);
    await Promise.all(tenants.map((each) => store.append(each, NO_STREAM, sampleBatch({ stream: each }))));
    expect(store.stats()).toMatchObject({ appendsTotal: 200, eventsTotal: 200, headPosition: 200 });
    expect(store.stats()['groupsTotal']).toBeLessThan(100);
  });
});

describe('a queue that is full', () => {
  it('turns appends away at once, and only while it is full', async () => {
    const store = await directory.openStore({ path: ':memory:', maxQueueLength: 3 });
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) => store.append(`tenant-${i}`, NO_STREAM, sampleBatch({ stream }))),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(results[4]).toMatchObject({ reason: { name: 'StoreFault', outcome: 'not_written' } });
    expect(store.stats()).toMatchObject({
      appendsQueued: 0,
      bytesQueued: 0,
      appendsTotal: 3,
      turnedAwayTotal: 2,
    });
    expect(await store.append('tenant-4', NO_STREAM, sampleBatch({ stream }))).toMatchObject({
      kind: 'appended',
    });
    await store.close();
  });

  it('counts bytes too, so that large appends cannot fill the memory', async () => {
    const store = await directory.openStore({ path: ':memory:' });
    const results = await Promise.allSettled(
      Array.from({ length: 80 }, (_, i) =>
        store.append(`tenant-${i}`, NO_STREAM, sampleBatch({ stream, reason: kilobytes(890) })),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    expect(store.stats()['bytesQueued']).toBe(0);
    await store.close();
  });

  it('bounds reads as well', async () => {
    const store = await directory.openStore({ path: ':memory:', maxQueueLength: 2 });
    const reads = await Promise.allSettled(Array.from({ length: 4 }, () => store.headPosition()));
    expect(reads.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await store.close();
  });
});

describe('a database that breaks while it is open', () => {
  it('fails reads and appends with a fault and does not take the process down', async () => {
    const store = await directory.openStore({ path });
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    const vandal = Connection.writable(path);
    vandal.execute('DROP TABLE events');
    vandal.close();
    await expect(store.readStream(stream, { revision: 0, limit: 1 })).rejects.toMatchObject({
      name: 'StoreFault',
    });
    await expect(store.append(stream, 0, sampleBatch({ stream }))).rejects.toMatchObject({
      name: 'StoreFault',
      outcome: 'not_written',
    });
    await store.close();
  });
});

describe('opening and closing again', () => {
  it('continues a chain over many reopenings', async () => {
    let previousHash = '0'.repeat(64);
    for (let i = 0; i < 5; i++) {
      const store = await directory.openStore({ path });
      const [event] = sampleBatch({ stream, previousHash });
      if (event === undefined) throw new Error('no sample');
      previousHash = event.metadata.hash;
      expect(await store.append(stream, i - 1, [event])).toEqual({
        kind: 'appended',
        revision: i,
        position: i + 1,
      });
      await store.close();
      await store.close();
    }
    const store = await directory.openStore({ path });
    expectChain(await store.readStream(stream, { revision: 0, limit: 10 }));
    await store.close();
  });
});
