/** What every event store must do, whatever it is made of: a second store joins by calling this suite. */

import type { Claim } from '../../src/domain/ids.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from '../event-store/samples.js';
import { appendingContract } from './appending.contract.js';
import { claimsContract } from './claims.contract.js';
import { readingContract } from './reading.contract.js';
import { Stage, type StoreUnderTest } from './stage.js';

/** Registers the whole suite for one store. */
export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    const stage = new Stage(makeStore);
    beforeEach(() => stage.begin());
    afterEach(() => stage.end());

    appendingContract(stage);
    claimsContract(stage);
    readingContract(stage);
    closingContract(stage);
  });
}

function closingContract(stage: Stage): void {
  let store: EventStore;
  let stream: string;
  beforeEach(() => {
    ({ store, stream } = stage);
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
      const { reopen } = stage;
      if (reopen === null) return;
      const batch = sampleBatch({ stream, count: 5, claims: ['a', null, 'b\0'] });
      const first = await store.append(stream, NO_STREAM, batch);
      const before = await store.readStream(stream, { revision: 0, limit: 10 });
      store = await reopen();
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
}
