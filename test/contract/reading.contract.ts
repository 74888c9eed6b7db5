/** What every event store must give back: streams by revision, everything by position, news to followers. */

import { setImmediate } from 'node:timers/promises';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import { type EventStore, type StoredEvent, StoreFault } from '../../src/ports/event-store.port.js';
import { eventually } from '../event-store/eventually.js';
import { sampleBatch } from '../event-store/samples.js';
import { expectChain } from './chain.js';
import { contend, type Stage } from './stage.js';

/** Registers the tests of reading and following. */
export function readingContract(stage: Stage): void {
  const { appended } = stage;
  let store: EventStore;
  let stream: string;
  beforeEach(() => {
    ({ store, stream } = stage);
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

  describe('paging', () => {
    it.each([1, 2, 3, 7, 100])(
      'gives everything once in pages of %i, from any position on',
      async (limit) => {
        const start = await store.headPosition();
        for (let i = 0; i < 6; i++) {
          await store.append(`${stream}-${i % 3}`, i < 3 ? -1 : 1, sampleBatch({ stream, count: 2 }));
        }
        const events = await readEverything(store, start, 100);
        expect(events).toHaveLength(12);
        for (const [i, { position }] of events.entries()) {
          expect(await readEverything(store, position, limit)).toEqual(events.slice(i + 1));
        }
      },
    );

    it('reads an event alike by its stream and by its position', async () => {
      const start = await store.headPosition();
      await appended(sampleBatch({ stream, count: 5, claims: ['a', null, 'b "c"'] }));
      expect(await store.readStream(stream, { revision: 0, limit: 10 })).toEqual(
        await store.readAll({ position: start, limit: 10 }),
      );
    });
  });

  describe('following', () => {
    it('goes from any position through what is there to what comes, without gap or double', async () => {
      const start = await store.headPosition();
      await contend(store, stream, 20);
      const there = await readEverything(store, start, 100);
      const followers = [start, ...there.map(({ position }) => position)].map((from) => {
        const seen: StoredEvent[] = [];
        return { from, seen, leave: follow(store, from, seen) };
      });
      await Promise.all(Array.from({ length: 4 }, (_, i) => contend(store, `${stream}-${i}`, 10)));
      const everything = await readEverything(store, start, 100);
      expect(everything).toHaveLength(60);
      for (const { from, seen, leave } of followers) {
        const expected = everything.filter(({ position }) => position > from);
        await eventually(() => expect(seen).toHaveLength(expected.length));
        leave();
        expect(seen).toEqual(expected);
      }
    });

    it('goes on over a lost connection, without gap or double', async () => {
      const { interrupt } = stage;
      if (interrupt === null) return;
      const start = await store.headPosition();
      const seen: StoredEvent[] = [];
      const leave = follow(store, start, seen);
      let previous = -1;
      for (let round = 0; round < 4; round++) {
        const batch = sampleBatch({ stream, count: 5 });
        if (round > 0) interrupt();
        previous = await appendedAtLast(store, { stream, expected: previous, batch });
      }
      await eventually(() => expect(seen).toHaveLength(20));
      leave();
      expect(seen).toEqual(await readEverything(store, start, 100));
    });

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
}

/** Sends the identical batch until it is known to be written; the revision it ends at. */
async function appendedAtLast(
  store: EventStore,
  { stream, expected, batch }: { stream: string; expected: number; batch: readonly SealedEvent[] },
): Promise<number> {
  for (;;) {
    try {
      const result = await store.append(stream, expected, batch);
      expect(result.kind).toBe('appended');
      return expected + batch.length;
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      await setImmediate();
    }
  }
}

/**
 * Reads what is there, then on whenever the store says that there is more. A read that fails is tried again,
 * as whoever pulls events does.
 */
function follow(store: EventStore, start: number, seen: StoredEvent[]): () => void {
  let position = start;
  let asked = 1;
  let isReading = false;
  let isGone = false;
  const catchUp = async (): Promise<void> => {
    isReading = true;
    for (let answered = 0; answered < asked && !isGone; ) {
      const before = asked;
      try {
        const events = await store.readAll({ position, limit: 9 });
        seen.push(...events);
        position = events.at(-1)?.position ?? position;
        if (events.length === 0) answered = before;
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        await setImmediate();
      }
    }
    asked = 1;
    isReading = false;
  };
  const leave = store.onAppended(() => {
    asked += 1;
    if (!isReading) void catchUp();
  });
  void catchUp();
  return () => {
    isGone = true;
    leave();
  };
}

async function readEverything(store: EventStore, start: number, limit: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let page = await store.readAll({ position: start, limit }); page.length > 0; ) {
    events.push(...page);
    page = await store.readAll({ position: page.at(-1)?.position ?? 0, limit });
  }
  return events;
}
