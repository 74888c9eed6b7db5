/** What callers see when the writing thread ends without being asked to. */

import { Worker } from 'node:worker_threads';
import { storeOver } from '../../src/adapters/event-store-sqlite/store.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from './samples.js';

const stream = 'tenant-acme';

/** A thread that opens in good order and ends in the given way at its first request. */
const dying = (how: string): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', () => { ${how} });
     parentPort.postMessage(['opened', 7]);`,
    { eval: true },
  );

describe.each([
  ['exits', 'process.exit(1)'],
  ['throws', "throw new Error('out of luck')"],
])('a writing thread that %s', (_what, how) => {
  let store: EventStore;
  const logged: string[] = [];

  beforeEach(async () => {
    logged.length = 0;
    store = await storeOver(dying(how), { path: 'nowhere', log: (message) => logged.push(message) });
  });

  it('leaves every pending append unknown and every pending read failed', async () => {
    const pending = await Promise.allSettled([
      store.append(stream, NO_STREAM, sampleBatch({ stream })),
      store.append('tenant-b', NO_STREAM, sampleBatch({ stream })),
      store.headPosition(),
    ]);
    expect(pending).toMatchObject([
      { status: 'rejected', reason: { name: 'StoreFault', outcome: 'unknown' } },
      { status: 'rejected', reason: { name: 'StoreFault', outcome: 'unknown' } },
      { status: 'rejected', reason: { name: 'StoreFault' } },
    ]);
    expect(store.stats()).toMatchObject({ appendsQueued: 0, readsQueued: 0, bytesQueued: 0 });
    expect(logged.join()).toContain("the event store's thread");
  });

  it('fails what comes later with certainty, and still closes', async () => {
    await expect(store.headPosition()).rejects.toMatchObject({ name: 'StoreFault' });
    await expect(store.append(stream, NO_STREAM, sampleBatch({ stream }))).rejects.toMatchObject({
      outcome: 'not_written',
      message: 'the event store has stopped: its thread ended',
    });
    await store.close();
  });
});
