/** What the store on EventStoreDB makes of a server's bad days: nothing lost, nothing twice, nothing guessed. */

import { setImmediate } from 'node:timers/promises';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';
import {
  type AppendResult,
  type EventStore,
  NO_STREAM,
  StoreFault,
} from '../../src/ports/event-store.port.js';
import { DoubleStage } from './eventstoredb-stage.js';
import { eventually } from './eventually.js';
import { sampleBatch } from './samples.js';

let stage: DoubleStage;
let store: EventStore;
let stream: string;
beforeEach(async () => {
  stage = await DoubleStage.begin();
  store = await stage.open();
  ({ stream } = stage);
});
afterEach(() => stage.end());

/** The fault that an append ends in. */
async function faultOf(appending: Promise<AppendResult>): Promise<StoreFault> {
  try {
    throw new Error(`it was answered ${(await appending).kind}`);
  } catch (error) {
    if (error instanceof StoreFault) return error;
    throw error;
  }
}

/** Sends the identical batch until the outcome is known, as a tenant's writer does. */
async function appendUntilKnown(batch: readonly SealedEvent[], expected = NO_STREAM): Promise<AppendResult> {
  for (;;) {
    try {
      return await store.append(stream, expected, batch);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      await setImmediate();
    }
  }
}

/** Writes the stream's first event, and has the idempotency index look at the log that is not empty any more. */
async function begin(): Promise<void> {
  await store.append(stream, NO_STREAM, sampleBatch({ stream }));
  await store.findClaim(stream, 'no claim of anybody' as Claim);
}

async function revisions(): Promise<number[]> {
  return (await store.readStream(stream, { revision: 0, limit: 100 })).map(({ revision }) => revision);
}

describe('an append whose answer is lost', () => {
  it('has an unknown outcome, and its identical resend finds it written once', async () => {
    await begin();
    stage.double.faults.answersLost = 1;
    const batch = sampleBatch({ stream, count: 3, claims: ['a'] });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'unknown' });
    expect(await store.append(stream, 0, batch)).toMatchObject({ kind: 'appended', revision: 3 });
    expect(await revisions()).toEqual([0, 1, 2, 3]);
    const [last] = (await store.readAll({ position: 0, limit: 10 })).slice(-1);
    expect(await store.append(stream, 0, batch)).toMatchObject({ position: last?.position });
  });

  it('is known by its place on a connection that broke after the write', async () => {
    await begin();
    stage.double.faults.dropsAfterCommit = 1;
    const batch = sampleBatch({ stream, count: 2 });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'unknown' });
    expect(await appendUntilKnown(batch, 0)).toMatchObject({ kind: 'appended', revision: 2 });
    expect(await revisions()).toEqual([0, 1, 2]);
  });

  it('is not taken for written when other bytes come under its ids', async () => {
    await begin();
    stage.double.faults.answersLost = 1;
    const batch = sampleBatch({ stream, count: 2 });
    await faultOf(store.append(stream, 0, batch));
    const ids = batch.map(({ id }) => id);
    const other = sampleBatch({ stream, count: 2, ids, reason: 'other bytes' });
    expect(await store.append(stream, 0, other)).toEqual({ kind: 'id_conflict', id: ids[0] });
  });

  it('holds its claims once the index has read them from the log', async () => {
    await begin();
    stage.double.faults.answersLost = 1;
    await faultOf(store.append(stream, 0, sampleBatch({ stream, claims: ['k'] })));
    const next = sampleBatch({ stream, claims: ['k'] });
    expect(await store.append(stream, 1, next)).toEqual({ kind: 'claimed', claim: 'k', revision: 1 });
  });

  it('takes the appends beside it to an unknown outcome as well, and each is found once', async () => {
    const streams = Array.from({ length: 10 }, (_, i) => `${stream}-${i}`);
    await Promise.all(streams.map((each) => store.append(each, NO_STREAM, sampleBatch({ stream: each }))));
    stage.double.faults.dropsAfterCommit = 1;
    const batches = streams.map((each) => sampleBatch({ stream: each }));
    const resend = async (each: string, i: number): Promise<AppendResult> => {
      for (;;) {
        try {
          return await store.append(each, 0, batches[i] ?? []);
        } catch (error) {
          expect(error).toMatchObject({ name: 'StoreFault', outcome: 'unknown' });
        }
      }
    };
    const results = await Promise.all(streams.map(resend));
    expect(results.map(({ kind }) => kind)).toEqual(streams.map(() => 'appended'));
    expect(await store.readAll({ position: 0, limit: 100 })).toHaveLength(20);
  });
});

describe('a server that hangs', () => {
  it('leaves an append unknown after its time, and a resend after it woke finds it once', async () => {
    await begin();
    stage.double.faults.freeze();
    const batch = sampleBatch({ stream, count: 2 });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'unknown' });
    stage.double.faults.thaw();
    expect(await appendUntilKnown(batch, 0)).toMatchObject({ kind: 'appended', revision: 2 });
    expect(await revisions()).toEqual([0, 1, 2]);
  });

  it('fails a read after its time', async () => {
    stage.double.faults.freeze();
    await expect(store.readStream(stream, { revision: 0, limit: 1 })).rejects.toThrow('in time');
    await expect(store.headPosition()).rejects.toMatchObject({ name: 'StoreFault' });
    stage.double.faults.thaw();
    expect(await store.headPosition()).toBe(0);
  });

  it('is given no more than it can hold: what is beyond is turned away and not written', async () => {
    stage.double.faults.freeze();
    const under = Array.from({ length: 1_024 }, (_, i) =>
      store.append(`${stream}-${i}`, NO_STREAM, sampleBatch({ stream })).catch(() => undefined),
    );
    const beyond = await faultOf(store.append(stream, NO_STREAM, sampleBatch({ stream })));
    expect(beyond).toMatchObject({ outcome: 'not_written' });
    expect(store.stats()).toMatchObject({ appendsQueued: 1_024, turnedAwayTotal: 1 });
    stage.double.faults.thaw();
    await Promise.all(under);
    expect(await revisions()).toEqual([]);
  });

  it('is waited for while it is only slow', async () => {
    stage.double.faults.delayMs = 20;
    expect(await store.append(stream, NO_STREAM, sampleBatch({ stream }))).toMatchObject({ revision: 0 });
    expect(await revisions()).toEqual([0]);
  });
});

describe('a server that is not ready', () => {
  it('has certainly not written what it turned away', async () => {
    await begin();
    stage.double.faults.isNotReady = true;
    const batch = sampleBatch({ stream });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'not_written' });
    stage.double.faults.isNotReady = false;
    expect(await store.append(stream, 0, batch)).toMatchObject({ kind: 'appended', revision: 1 });
  });
});

describe('a server that is not the leader', () => {
  it('sends appends and reads on to the leader, with nothing written twice', async () => {
    const leader = await stage.another();
    await begin();
    stage.double.faults.leader = { host: '127.0.0.1', port: leader.port };
    const batch = sampleBatch({ stream });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'unknown' });
    expect(await appendUntilKnown(batch, 0)).toMatchObject({ kind: 'appended', revision: 1 });
    expect(await revisions()).toEqual([0, 1]);
    expect(leader.appends.count).toBe(1);
  });

  it('is passed by when the leader is found by gossip', async () => {
    const leader = await stage.another();
    const members = [
      { port: stage.double.port, isLeader: false },
      { port: leader.port, isLeader: true },
    ];
    stage.double.members = members;
    leader.members = members;
    const hosts = members.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const clustered = await stage.open({ connectionString: `esdb://${hosts}?tls=false` });
    expect(await clustered.append(stream, NO_STREAM, sampleBatch({ stream }))).toMatchObject({ revision: 0 });
    expect(stage.double.appends.count).toBe(0);
  });
});

describe('a server that restarts', () => {
  it('is found again on the same port, with every append there once', async () => {
    await begin();
    stage.double.kill();
    const batch = sampleBatch({ stream, count: 2 });
    expect(await faultOf(store.append(stream, 0, batch))).toMatchObject({ outcome: 'unknown' });
    await stage.double.restart();
    expect(await appendUntilKnown(batch, 0)).toMatchObject({ kind: 'appended', revision: 2 });
    expect(await revisions()).toEqual([0, 1, 2]);
  });

  it('may be down when the store is opened', async () => {
    stage.double.kill();
    const early = await stage.open();
    await expect(early.headPosition()).rejects.toMatchObject({ name: 'StoreFault' });
    await stage.double.restart();
    await eventually(async () => expect(await early.headPosition()).toBe(0));
    expect(await early.append(stream, NO_STREAM, sampleBatch({ stream }))).toMatchObject({ revision: 0 });
  });
});

describe('following over a lost connection', () => {
  it.each([
    ['the subscription is dropped', async () => stage.double.reads.killSubscriptions()],
    ['the subscription brings what is not understood', async () => stage.double.reads.garbleSubscriptions()],
    [
      'the server restarts',
      async () => {
        stage.double.kill();
        await stage.double.restart();
      },
    ],
  ])('tells of what another node appended when %s', async (_what, lose) => {
    const other = await stage.open();
    const told: number[] = [];
    store.onAppended((position) => void told.push(position));
    await eventually(() => expect(stage.double.reads.subscriptionCount).toBe(1));
    const first = await other.append(stream, NO_STREAM, sampleBatch({ stream }));
    await eventually(() => expect(told.at(-1)).toBe((first as { position: number }).position));
    await lose();
    let second: AppendResult | null = null;
    const batch = sampleBatch({ stream });
    await eventually(async () => {
      second = await other.append(stream, 0, batch);
    });
    await eventually(() => expect(told.at(-1)).toBe((second as unknown as { position: number }).position));
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(stage.logged).toEqual([
      expect.stringMatching(/^the subscription to the event store is lost: ./),
      'the subscription to the event store is back',
    ]);
  });
});
