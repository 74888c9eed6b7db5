/** What is on the server: readable by its own tools, apart from other programs', and safe from deletion. */

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { openEventStoreDbReader } from '../../src/adapters/event-store-eventstoredb/reader.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { DoubleStage } from './eventstoredb-stage.js';
import { eventually } from './eventually.js';
import { sampleBatch } from './samples.js';

let stage: DoubleStage;
let store: EventStore;
let stream: string;
/** The vendor's own client, as another program would use it. */
let other: EventStoreDBClient;
beforeEach(async () => {
  stage = await DoubleStage.begin();
  store = await stage.open();
  ({ stream } = stage);
  other = EventStoreDBClient.connectionString(stage.double.connectionString);
});
afterEach(async () => {
  await other.dispose();
  await stage.end();
});

describe('our events on the server', () => {
  it('are JSON that its own client reads', async () => {
    const batch = sampleBatch({ stream, count: 2, claims: ['a "quoted" \\ claim'] });
    await store.append(stream, NO_STREAM, batch);
    const seen: unknown[] = [];
    for await (const { event } of other.readStream(stage.stored)) {
      seen.push({ id: event?.id, type: event?.type, data: event?.data, isJson: event?.isJson });
      expect(event?.metadata).toMatchObject({ hash: batch[seen.length - 1]?.metadata.hash });
    }
    expect(seen).toEqual(
      batch.map(({ id, event }) => ({ id, type: event.type, data: event.data, isJson: true })),
    );
  });

  it('are read apart from those of other programs', async () => {
    await other.appendToStream('orders-1', jsonEvent({ type: 'Ordered', data: { lines: 1 } }));
    const first = await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    await other.appendToStream('orders-1', jsonEvent({ type: 'Ordered', data: { lines: 2 } }));
    expect(await store.readAll({ position: 0, limit: 10 })).toMatchObject([{ stream, revision: 0 }]);
    expect(await store.headPosition()).toBe((first as { position: number }).position);
    expect(await store.readStream('orders-1', { revision: 0, limit: 10 })).toEqual([]);
  });

  it('cannot be deleted or truncated, nor can that be allowed', async () => {
    await store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3 }));
    await expect(other.deleteStream(stage.stored)).rejects.toMatchObject({ type: 'access-denied' });
    await expect(other.tombstoneStream(stage.stored)).rejects.toMatchObject({ type: 'access-denied' });
    await expect(other.setStreamMetadata(stage.stored, { truncateBefore: 2 })).rejects.toMatchObject({
      type: 'access-denied',
    });
    expect(await store.readStream(stream, { revision: 0, limit: 10 })).toHaveLength(3);
  });

  it('are written even where we may not protect them, and that is said once', async () => {
    stage.double.log.isMetadataForbidden = true;
    for (const each of [stream, `${stream}-b`]) {
      const batch = sampleBatch({ stream: each });
      expect(await store.append(each, NO_STREAM, batch)).toMatchObject({ kind: 'appended' });
    }
    expect(stage.logged).toEqual([expect.stringContaining('not protected from deletion')]);
  });

  it.each([
    ['nobody', [], []],
    ['its administrators', [], '$admins'],
  ])('are not called unprotected where the server lets %s delete them', async (_whom, $d, $mw) => {
    await other.appendToStream(
      `$$${stage.stored}`,
      jsonEvent({ type: '$metadata', data: { $acl: { $d, $mw } } }),
    );
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    expect(stage.logged).toEqual([]);
  });

  it.each([
    ['somebody else', ['$admins', 'somebody'], '$admins'],
    ['whomever it lets by default', undefined, '$admins'],
  ])('are called unprotected where the server lets %s delete them', async (_whom, $d, $mw) => {
    await other.appendToStream(
      `$$${stage.stored}`,
      jsonEvent({ type: '$metadata', data: { $acl: { $d, $mw } } }),
    );
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    expect(stage.logged).toEqual([expect.stringContaining('not protected from deletion')]);
  });

  it('are not called unprotected by a node that comes second', async () => {
    await store.append(stream, NO_STREAM, sampleBatch({ stream }));
    const second = await stage.open();
    expect(await second.append(stream, NO_STREAM, sampleBatch({ stream }))).toEqual({
      kind: 'wrong_revision',
      actual: 0,
    });
    expect(stage.logged).toEqual([]);
  });
});

describe('a stream whose beginning is gone', () => {
  beforeEach(async () => {
    await store.append(stream, NO_STREAM, sampleBatch({ stream, count: 5 }));
  });

  it('raises the alarm once and is served no more, while others are', async () => {
    stage.double.log.truncate(stage.stored, 2);
    await expect(store.readStream(stream, { revision: 0, limit: 10 })).rejects.toThrow('truncated');
    await expect(store.readStream(stream, { revision: 3, limit: 10 })).rejects.toThrow('truncated');
    await expect(store.append(stream, 4, sampleBatch({ stream }))).rejects.toMatchObject({
      outcome: 'not_written',
    });
    expect(stage.truncated).toEqual([[stream, 2]]);
    expect(store.stats()).toMatchObject({ streamsTruncated: 1 });
    const elsewhere = sampleBatch({ stream: `${stream}-b` });
    expect(await store.append(`${stream}-b`, NO_STREAM, elsewhere)).toMatchObject({ kind: 'appended' });
  });

  it('is noticed by a reader on a connection of its own', async () => {
    stage.double.log.truncate(stage.stored, 1);
    const found: unknown[] = [];
    const reader = openEventStoreDbReader({
      connectionString: stage.double.connectionString,
      insecureAllowed: false,
      onTruncated: (...told) => found.push(told),
    });
    await expect(reader.readStream(stream, { revision: 0, limit: 10 })).rejects.toThrow('truncated');
    expect(found).toEqual([[stream, 1]]);
    await reader.close();
  });

  it('is noticed when the node comes back to a stream that was deleted meanwhile', async () => {
    await store.append(`${stream}-b`, NO_STREAM, sampleBatch({ stream }));
    await store.close();
    stage.double.log.erase(`${stage.stored}-b`);
    const again = await stage.open({ indexPath: stage.indexPath(0) });
    await expect(again.append(`${stream}-b`, 0, sampleBatch({ stream }))).rejects.toThrow('truncated');
    expect(stage.truncated).toEqual([[`${stream}-b`, null]]);
  });

  it('is noticed when it is begun anew after a deletion', async () => {
    stage.double.log.erase(stage.stored);
    const stranger = await stage.open();
    await expect(stranger.append(stream, NO_STREAM, sampleBatch({ stream }))).rejects.toThrow('truncated');
    expect(stage.truncated).toEqual([[stream, 5]]);
  });

  it('is noticed when it was deleted for good', async () => {
    stage.double.log.erase(stage.stored, true);
    await expect(store.readStream(stream, { revision: 0, limit: 1 })).rejects.toThrow('deleted');
    expect(stage.truncated).toEqual([[stream, null]]);
  });
});

describe('a reader on a connection of its own', () => {
  it('follows what any node appends', async () => {
    const reader = openEventStoreDbReader({
      connectionString: stage.double.connectionString,
      insecureAllowed: false,
      onTruncated: () => undefined,
    });
    const told: number[] = [];
    reader.onAppended((position) => told.push(position));
    const appended = await store.append(stream, NO_STREAM, sampleBatch({ stream, count: 3 }));
    await eventually(() => expect(told.at(-1)).toBe((appended as { position: number }).position));
    expect(await reader.readAll({ position: 0, limit: 10 })).toHaveLength(3);
    await reader.close();
    await expect(reader.headPosition()).rejects.toMatchObject({ name: 'StoreFault' });
  });
});
