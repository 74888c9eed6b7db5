/** What every event store must give back: streams by revision, everything by position, news to followers. */

import type { EventStore, StoredEvent } from '../../src/ports/event-store.port.js';
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
