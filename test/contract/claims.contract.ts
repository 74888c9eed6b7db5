/** What every event store must do with claims: each is held once in its stream, and found. */

import type { Claim } from '../../src/domain/ids.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from '../event-store/samples.js';
import type { Stage } from './stage.js';

/** Registers the tests of the idempotency index. */
export function claimsContract(stage: Stage): void {
  const { appended } = stage;
  let store: EventStore;
  let stream: string;
  beforeEach(() => {
    ({ store, stream } = stage);
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
}
