/** What every event store must do with an append: once, whole, at the revision it expects. */

import { randomUUID } from 'node:crypto';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from '../event-store/samples.js';
import { expectChain } from './chain.js';
import { contend, type Stage } from './stage.js';

/** Registers the tests of revisions, resends, ids, concurrency and sizes. */
export function appendingContract(stage: Stage): void {
  const { appended } = stage;
  let store: EventStore;
  let stream: string;
  beforeEach(() => {
    ({ store, stream } = stage);
  });

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
      if (first === undefined || second === undefined || stranger === undefined) throw new Error('no sample');
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
        Array.from({ length: 50 }, () => store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3 }))),
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

    it('takes 200 events that are 900 KiB together, and as many again after them', async () => {
      const reason = 'x'.repeat(4_000);
      for (const expected of [NO_STREAM, 199]) {
        const batch = sampleBatch({ stream, count: 200, reason });
        const kind = (await store.append(stream, expected, batch)).kind;
        expect(kind).toBe('appended');
        const events = await store.readStream(stream, { revision: expected + 1, limit: 200 });
        expect(events.map(({ data }) => data)).toEqual(batch.map(({ dataJson }) => dataJson));
      }
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
}
