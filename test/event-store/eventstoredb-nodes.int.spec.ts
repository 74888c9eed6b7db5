/** Several nodes on one log, each with an idempotency index that is a cache and nothing more. */

import { rm, truncate, writeFile } from 'node:fs/promises';
import type { Claim } from '../../src/domain/ids.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { DoubleStage } from './eventstoredb-stage.js';
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

const claim = 'reserve||k' as Claim;

describe('two nodes', () => {
  it('let exactly one of them append at a revision', async () => {
    const other = await stage.open();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? store : other).append(stream, NO_STREAM, sampleBatch({ stream })),
      ),
    );
    expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'wrong_revision')).toHaveLength(19);
  });

  it('hold one claim between them', async () => {
    const other = await stage.open();
    await store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3, claims: [null, claim] }));
    expect(await other.findClaim(stream, claim)).toBe(1);
    const again = sampleBatch({ stream, claims: [claim] });
    expect(await other.append(stream, 2, again)).toEqual({ kind: 'claimed', claim, revision: 1 });
  });

  it('find a claim that the other made since the last look', async () => {
    const other = await stage.open();
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    expect(await other.findClaim(stream, claim)).toBeNull();
    await store.append(stream, 0, sampleBatch({ stream, count: 2, claims: [claim] }));
    expect(await other.findClaim(stream, claim)).toBe(1);
  });

  it('know each other’s event ids', async () => {
    const other = await stage.open();
    const batch = sampleBatch({ stream, count: 2 });
    const first = await store.append(stream, NO_STREAM, batch);
    await other.findClaim(stream, claim);
    expect(await other.append(stream, NO_STREAM, batch)).toEqual(first);
    const known = sampleBatch({ stream, ids: [batch[1]?.id ?? ''], reason: 'other bytes' });
    expect(await other.append(stream, 1, known)).toEqual({ kind: 'id_conflict', id: batch[1]?.id });
  });
});

describe('the idempotency index', () => {
  /** Fills more than a page of the log, closes the node, does something to its index and opens it again. */
  async function reopened(spoil: (path: string) => Promise<void>): Promise<EventStore> {
    for (let i = 0; i < 5; i++) {
      const claims = i === 1 ? [null, claim] : [];
      await store.append(stream, i * 150 - 1, sampleBatch({ stream, count: 150, claims }));
    }
    await store.close();
    const path = stage.indexPath(0);
    await spoil(path);
    return stage.open({ indexPath: path });
  }

  it.each<[string, (path: string) => Promise<void>]>([
    ['kept', async () => undefined],
    ['removed', (path) => rm(path)],
    ['cut off in the middle', (path) => truncate(path, 5_000)],
    ['filled with something else', (path) => writeFile(path, 'this is no index, '.repeat(1_000))],
  ])('holds every claim again after its file was %s', async (_what, spoil) => {
    const again = await reopened(spoil);
    expect(await again.append(stream, 749, sampleBatch({ stream, claims: [claim] }))).toEqual({
      kind: 'claimed',
      claim,
      revision: 151,
    });
    expect(await again.findClaim(stream, claim)).toBe(151);
    expect(await again.append(stream, 749, sampleBatch({ stream }))).toMatchObject({ revision: 750 });
  });

  it('that belongs to another log is forgotten, and nothing is taken for truncated', async () => {
    const elsewhere = await DoubleStage.begin();
    try {
      const before = await elsewhere.open({ indexPath: stage.indexPath(9) });
      await before.append(stream, NO_STREAM, sampleBatch({ stream, count: 3, claims: [claim] }));
      await before.close();
    } finally {
      await elsewhere.end();
    }
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    const node = await stage.open({ indexPath: stage.indexPath(9) });
    expect(await node.findClaim(stream, claim)).toBeNull();
    expect(await node.append(stream, 0, sampleBatch({ stream, claims: [claim] }))).toMatchObject({
      kind: 'appended',
    });
    expect(stage.truncated).toEqual([]);
  });

  it('is held by one process at a time', async () => {
    await expect(stage.open({ indexPath: stage.indexPath(0) })).rejects.toThrow('the idempotency index');
  });
});
