/** What every event store must do, whatever it is made of: a second store joins by calling this suite. */

import { randomUUID } from 'node:crypto';
import { chainHash, type SealedEvent } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';
import { type EventStore, NO_STREAM, type StoredEvent } from '../../src/ports/event-store.port.js';
import { eventually } from '../event-store/eventually.js';
import { sampleBatch } from '../event-store/samples.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** Closes the store and opens what it kept; null for a store that keeps nothing. */
  readonly reopen: (() => Promise<EventStore>) | null;
  dispose(): Promise<void>;
}

export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    let underTest: StoreUnderTest;
    let store: EventStore;
    let stream: string;

    beforeEach(async () => {
      underTest = await makeStore();
      store = underTest.store;
      stream = `tenant-${randomUUID()}`;
    });
    afterEach(() => underTest.dispose());

    const appended = async (events: readonly SealedEvent[], expected = NO_STREAM): Promise<number> => {
      const result = await store.append(stream, expected, events);
      if (result.kind !== 'appended') throw new Error(`the test's set-up was answered ${result.kind}`);
      return result.position;
    };

    describe('expected revisions', () => {
      it.each([
        // events there, expected, kind, revision after or actual
        [0, -1, 'appended', 1],
        [0, 0, 'wrong_revision', -1],
        [0, 5, 'wrong_revision', -1],
        [1, -1, 'wrong_revision', 0],
        [1, 0, 'appended', 2],
        [1, 1, 'wrong_revision', 0],
        [3, -1, 'wrong_revision', 2],
        [3, 0, 'wrong_revision', 2],
        [3, 2, 'appended', 4],
        [3, 3, 'wrong_revision', 2],
      ])(
        'a stream of %i events answers an append of two at %i with %s %i',
        async (there, expected, kind, place) => {
          if (there > 0) await appended(sampleBatch({ stream, count: there }));
          const result = await store.append(stream, expected, sampleBatch({ stream, count: 2 }));
          expect(result).toMatchObject(
            kind === 'appended' ? { kind, revision: place } : { kind, actual: place },
          );
          const events = await store.readStream(stream, { revision: 0, limit: 10 });
          expect(events).toHaveLength(kind === 'appended' ? there + 2 : there);
        },
      );
    });

    describe('resends', () => {
      it('answers an identical batch at the head like the first time and writes nothing', async () => {
        const batch = sampleBatch({ stream, count: 3, claims: ['a', null, 'b'] });
        const first = await store.append(stream, NO_STREAM, batch);
        expect(await store.append(stream, NO_STREAM, batch)).toEqual(first);
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(3);
      });

      it('answers an identical batch behind the head with its original place', async () => {
        const batch = sampleBatch({ stream, count: 2 });
        const first = await store.append(stream, NO_STREAM, batch);
        await appended(sampleBatch({ stream, count: 2 }), 1);
        expect(await store.append(stream, NO_STREAM, batch)).toEqual(first);
      });

      it('recognises a batch in the middle of a stream', async () => {
        await appended(sampleBatch({ stream, count: 2 }));
        const batch = sampleBatch({ stream, count: 2, reason: 'middle' });
        const first = await store.append(stream, 1, batch);
        await appended(sampleBatch({ stream, count: 2 }), 3);
        expect(await store.append(stream, 1, batch)).toEqual(first);
      });

      it('does not take a batch that only begins like a stored one for the same', async () => {
        const [first, second] = sampleBatch({ stream, count: 2 });
        if (first === undefined || second === undefined) throw new Error('no sample');
        await appended([first]);
        const result = await store.append(stream, NO_STREAM, [first, second]);
        expect(result).toEqual({ kind: 'wrong_revision', actual: 0 });
      });

      it('does not take a batch that only ends like a stored one for the same', async () => {
        const [first, second] = sampleBatch({ stream, count: 2 });
        const [stranger] = sampleBatch({ stream, reason: 'stranger' });
        if (first === undefined || second === undefined || stranger === undefined)
          throw new Error('no sample');
        await appended([first, second]);
        const result = await store.append(stream, NO_STREAM, [stranger, second]);
        expect(result).toEqual({ kind: 'wrong_revision', actual: 1 });
      });

      it('answers an identical batch at another expected revision as stale', async () => {
        const batch = sampleBatch({ stream, count: 1 });
        await appended(sampleBatch({ stream, count: 1 }));
        await appended(batch, 0);
        expect(await store.append(stream, NO_STREAM, batch)).toEqual({ kind: 'wrong_revision', actual: 1 });
      });

      it('recognises a resend that overtakes its own first answer', async () => {
        const batch = sampleBatch({ stream, count: 2 });
        const [first, second] = await Promise.all([
          store.append(stream, NO_STREAM, batch),
          store.append(stream, NO_STREAM, batch),
        ]);
        expect(first.kind).toBe('appended');
        expect(second).toEqual(first);
      });
    });

    describe('known ids', () => {
      it.each([
        ['at the head', 1, 0],
        ['behind the head', 1, -1],
        ['behind a longer stream', 3, -1],
        ['beyond the head', 1, 7],
      ])('rejects a known id with other bytes %s', async (_where, there, expected) => {
        const batch = sampleBatch({ stream, count: there });
        await appended(batch);
        const id = batch[0]?.id ?? '';
        const other = sampleBatch({ stream, ids: [id], reason: 'other bytes' });
        expect(await store.append(stream, expected, other)).toEqual({ kind: 'id_conflict', id });
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(there);
      });

      it('rejects an id that another stream holds', async () => {
        const batch = sampleBatch({ stream });
        await appended(batch);
        const id = batch[0]?.id ?? '';
        const elsewhere = sampleBatch({ stream: `${stream}-b`, ids: [id] });
        expect(await store.append(`${stream}-b`, NO_STREAM, elsewhere)).toEqual({ kind: 'id_conflict', id });
      });

      it('rejects the whole batch when only its last id is known', async () => {
        const batch = sampleBatch({ stream });
        await appended(batch);
        const id = batch[0]?.id ?? '';
        const next = sampleBatch({ stream, count: 3, ids: [randomUUID(), randomUUID(), id], reason: 'next' });
        expect(await store.append(stream, 0, next)).toEqual({ kind: 'id_conflict', id });
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(1);
      });
    });

    describe('concurrency', () => {
      it('lets exactly one of many appends at the same revision win', async () => {
        const results = await Promise.all(
          Array.from({ length: 50 }, () =>
            store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3 })),
          ),
        );
        expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
        expect(results.filter(({ kind }) => kind === 'wrong_revision')).toHaveLength(49);
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(3);
      });

      it('keeps many streams apart, and one stream’s refusals from its neighbours', async () => {
        const streams = Array.from({ length: 20 }, (_, i) => `${stream}-${i}`);
        const rounds = 15;
        await Promise.all(streams.map((each) => contend(store, each, rounds)));
        for (const each of streams) {
          const events = await store.readStream(each, { revision: 0, limit: 1_000 });
          expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: rounds }, (_, i) => i));
          expectChain(events);
        }
      });
    });

    describe('claims', () => {
      it('finds a claim and the revision that answered it', async () => {
        await appended(sampleBatch({ stream, count: 3, claims: [null, 'reserve||k1', null] }));
        expect(await store.findClaim(stream, 'reserve||k1' as Claim)).toBe(1);
        expect(await store.findClaim(stream, 'reserve||k2' as Claim)).toBeNull();
        expect(await store.findClaim(`${stream}-b`, 'reserve||k1' as Claim)).toBeNull();
      });

      it('refuses a batch with a held claim whole', async () => {
        await appended(sampleBatch({ stream, count: 2, claims: [null, 'k'] }));
        const batch = sampleBatch({ stream, count: 3, claims: ['fresh', null, 'k'] });
        expect(await store.append(stream, 1, batch)).toEqual({ kind: 'claimed', claim: 'k', revision: 1 });
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(2);
        expect(await store.findClaim(stream, 'fresh' as Claim)).toBeNull();
        expect(await store.append(stream, 1, sampleBatch({ stream, claims: ['fresh'] }))).toMatchObject({
          kind: 'appended',
          revision: 2,
        });
      });

      it('reports a stale revision before a held claim', async () => {
        await appended(sampleBatch({ stream, claims: ['k'] }));
        const batch = sampleBatch({ stream, claims: ['k'] });
        expect(await store.append(stream, NO_STREAM, batch)).toEqual({ kind: 'wrong_revision', actual: 0 });
      });

      it('holds a claim in one stream only', async () => {
        await appended(sampleBatch({ stream, claims: ['k'] }));
        const other = await store.append(`${stream}-b`, NO_STREAM, sampleBatch({ stream, claims: ['k'] }));
        expect(other).toMatchObject({ kind: 'appended', revision: 0 });
      });

      it.each([
        ['with a zero character', 'key\0a', 'key\0b'],
        ['with half a surrogate pair', 'key\ud800', 'key\udbff'],
        ['that differ in case', 'key-a', 'key-A'],
        ['of accents composed and not', 'caf\u00e9', 'cafe\u0301'],
      ])('tells claims %s apart', async (_what, one, other) => {
        await appended(sampleBatch({ stream, claims: [one] }));
        await appended(sampleBatch({ stream, claims: [other] }), 0);
        expect(await store.findClaim(stream, one as Claim)).toBe(0);
        expect(await store.findClaim(stream, other as Claim)).toBe(1);
      });
    });

    describe('sizes', () => {
      it('takes 200 events in one append', async () => {
        const batch = sampleBatch({ stream, count: 200 });
        expect(await store.append(stream, NO_STREAM, batch)).toMatchObject({
          kind: 'appended',
          revision: 199,
        });
        expectChain(await store.readStream(stream, { revision: 0, limit: 200 }));
      });

      it('takes 900 KiB in one append and gives the same bytes back', async () => {
        const reason = 'é'.repeat(440 * 1024);
        const batch = sampleBatch({ stream, reason });
        expect(await store.append(stream, NO_STREAM, batch)).toMatchObject({ kind: 'appended' });
        const [event] = await store.readStream(stream, { revision: 0, limit: 1 });
        expect(event?.data).toBe(batch[0]?.dataJson);
        expect(event?.metadata).toBe(batch[0]?.metadataJson);
      });

      it.each([
        ['no events', 0, 'x'],
        ['201 events', 201, 'x'],
        ['more than 900 KiB', 2, 'x'.repeat(500 * 1024)],
      ])('treats an append of %s as a bug of its caller', async (_what, count, reason) => {
        const batch = sampleBatch({ stream, count, reason });
        await expect(store.append(stream, NO_STREAM, batch)).rejects.toThrow('an append has');
      });

      it('keeps every character of an event', async () => {
        const reason = 'nul \0, quote ", backslash \\, newline \n, astral 😀, half \ud83d, bidi \u202e';
        const batch = sampleBatch({ stream, reason });
        await appended(batch);
        const [event] = await store.readStream(stream, { revision: 0, limit: 1 });
        expect(event?.data).toBe(batch[0]?.dataJson);
        expect(JSON.parse(event?.data ?? '')).toEqual({ reason });
      });
    });

    describe('reading', () => {
      it('pages through a stream from any revision', async () => {
        await appended(sampleBatch({ stream, count: 10 }));
        const revisions = async (revision: number, limit: number): Promise<number[]> =>
          (await store.readStream(stream, { revision, limit })).map((event) => event.revision);
        expect(await revisions(0, 4)).toEqual([0, 1, 2, 3]);
        expect(await revisions(4, 4)).toEqual([4, 5, 6, 7]);
        expect(await revisions(8, 4)).toEqual([8, 9]);
        expect(await revisions(10, 4)).toEqual([]);
      });

      it('reads an unknown stream as empty', async () => {
        expect(await store.readStream('tenant-nobody', { revision: 0, limit: 10 })).toEqual([]);
      });

      it('reads all streams in the order of their positions, each contiguous', async () => {
        const start = await store.headPosition();
        const streams = Array.from({ length: 5 }, (_, i) => `${stream}-${i}`);
        await Promise.all(streams.map((each) => contend(store, each, 8)));
        const events = await readEverything(store, start, 7);
        expect(events).toHaveLength(40);
        const positions = events.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
        expect(positions.at(-1)).toBe(await store.headPosition());
        for (const each of streams) expectChain(events.filter((event) => event.stream === each));
      });

      it('starts at position 0 and answers an append with the position of its last event', async () => {
        const before = await store.headPosition();
        const position = await appended(sampleBatch({ stream, count: 3 }));
        expect(position).toBeGreaterThan(before);
        expect(await store.headPosition()).toBe(position);
        expect((await store.readAll({ position: before, limit: 10 })).at(-1)?.position).toBe(position);
        expect(await store.readAll({ position, limit: 10 })).toEqual([]);
      });
    });

    describe('following', () => {
      it('wakes a follower often enough that it misses nothing', async () => {
        const start = await store.headPosition();
        const seen: StoredEvent[] = [];
        const unsubscribe = follow(store, start, seen);
        const streams = Array.from({ length: 10 }, (_, i) => `${stream}-${i}`);
        await Promise.all(streams.map((each) => contend(store, each, 10)));
        await eventually(() => expect(seen).toHaveLength(100));
        unsubscribe();
        const positions = seen.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      });

      it('tells each subscriber once, until it leaves', async () => {
        const told: [number[], number[]] = [[], []];
        const listener = (position: number): void => void told[0].push(position);
        const leaveFirst = store.onAppended(listener);
        const leaveSecond = store.onAppended((position) => void told[1].push(position));
        const first = await appended(sampleBatch({ stream }));
        await eventually(() => expect(told).toEqual([[first], [first]]));
        leaveFirst();
        const second = await appended(sampleBatch({ stream }), 0);
        await eventually(() => expect(told).toEqual([[first], [first, second]]));
        leaveSecond();
      });

      it('does not wake anybody for an append that wrote nothing', async () => {
        const told: number[] = [];
        const leave = store.onAppended((position) => void told.push(position));
        await store.append(stream, 5, sampleBatch({ stream }));
        const position = await appended(sampleBatch({ stream }));
        await eventually(() => expect(told).toEqual([position]));
        leave();
      });
    });

    describe('closing', () => {
      it('finishes what it accepted and fails what comes later', async () => {
        const accepted = Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            store.append(`${stream}-${i}`, NO_STREAM, sampleBatch({ stream })),
          ),
        );
        const closed = store.close();
        expect((await accepted).every(({ kind }) => kind === 'appended')).toBe(true);
        await closed;
        await expect(store.append(stream, NO_STREAM, sampleBatch({ stream }))).rejects.toMatchObject({
          name: 'StoreFault',
          outcome: 'not_written',
        });
        await expect(store.readAll({ position: 0, limit: 1 })).rejects.toMatchObject({ name: 'StoreFault' });
      });

      it('keeps events, claims, ids and places over a reopen', async () => {
        if (underTest.reopen === null) return;
        const batch = sampleBatch({ stream, count: 5, claims: ['a', null, 'b\0'] });
        const first = await store.append(stream, NO_STREAM, batch);
        const before = await store.readStream(stream, { revision: 0, limit: 10 });
        store = await underTest.reopen();
        expect(await store.readStream(stream, { revision: 0, limit: 10 })).toEqual(before);
        expect(await store.findClaim(stream, 'b\0' as Claim)).toBe(2);
        expect(await store.append(stream, NO_STREAM, batch)).toEqual(first);
        const known = sampleBatch({ stream, ids: [batch[3]?.id ?? ''], reason: 'other' });
        expect(await store.append(stream, 4, known)).toMatchObject({ kind: 'id_conflict' });
        const claimed = await store.append(stream, 4, sampleBatch({ stream, claims: ['a'] }));
        expect(claimed).toEqual({ kind: 'claimed', claim: 'a', revision: 0 });
        const next = await store.append(stream, 4, sampleBatch({ stream }));
        expect(next).toMatchObject({ kind: 'appended', revision: 5 });
      });
    });
  });
}

/** Two writers append to one stream until it has `count` events, each retrying at the revision it is told. */
async function contend(store: EventStore, stream: string, count: number): Promise<void> {
  const writer = async (): Promise<void> => {
    for (;;) {
      const last = (await store.readStream(stream, { revision: 0, limit: 1_000 })).at(-1);
      const revision = last?.revision ?? NO_STREAM;
      if (revision >= count - 1) return;
      const previousHash = last === undefined ? undefined : (JSON.parse(last.metadata).hash as string);
      await store.append(
        stream,
        revision,
        sampleBatch(previousHash === undefined ? { stream } : { stream, previousHash }),
      );
    }
  };
  await Promise.all([writer(), writer()]);
}

/** Reads on whenever the store says that there is more. */
function follow(store: EventStore, start: number, seen: StoredEvent[]): () => void {
  let position = start;
  let known = start;
  let reading = false;
  const catchUp = async (): Promise<void> => {
    reading = true;
    while (position < known) {
      const events = await store.readAll({ position, limit: 9 });
      seen.push(...events);
      position = events.at(-1)?.position ?? known;
    }
    reading = false;
  };
  return store.onAppended((newest) => {
    known = newest;
    if (!reading) void catchUp();
  });
}

async function readEverything(store: EventStore, start: number, limit: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let page = await store.readAll({ position: start, limit }); page.length > 0; ) {
    events.push(...page);
    page = await store.readAll({ position: page.at(-1)?.position ?? 0, limit });
  }
  return events;
}

/** Revisions from 0 without a gap, and every hash over the one before. */
export function expectChain(events: readonly StoredEvent[]): void {
  let previousHash = '0'.repeat(64);
  events.forEach((event, i) => {
    const metadata = JSON.parse(event.metadata) as { hash: string; previousHash: string };
    const { stream, id, type, data: dataJson } = event;
    expect(event.revision).toBe(i);
    expect(metadata.previousHash).toBe(previousHash);
    expect(metadata.hash).toBe(chainHash({ previousHash, stream, id, type, dataJson, metadata }));
    previousHash = metadata.hash;
  });
}
