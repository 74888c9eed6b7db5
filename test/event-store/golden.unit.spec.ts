/** Stored bytes never change: neither how an event is written, nor what written bytes mean. */

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { chainHash, GENESIS_HASH } from '../../src/domain/hash-chain.js';
import { EVERY_EVENT, EVERY_TYPE, EXAMPLE_METADATA } from './every-event.js';
import { goldenOf, goldenPath, readGolden } from './golden-file.js';

const codec = createEventCodec();

describe('golden event bytes', () => {
  it('exist for every event type and for no other', () => {
    const files = readdirSync(dirname(goldenPath('any')));
    expect(files.sort()).toEqual(EVERY_TYPE.map((type) => `${type}.json`).sort());
  });

  it.each(EVERY_EVENT.map((event) => [event.type, event] as const))(
    '%s is written with the same bytes and the same hash as ever',
    (type, event) => {
      expect(goldenOf(event)).toEqual(readGolden(type));
    },
  );

  it.each(EVERY_EVENT.map((event) => [event.type, event] as const))(
    '%s still means the same when it is read',
    (type, event) => {
      const { stream, id, data, metadata, hash } = readGolden(type);
      const decoded = codec.decode({ id, type, stream, revision: 4, position: 9, data, metadata });
      expect(decoded).toEqual({
        id,
        type,
        stream,
        revision: 4,
        position: 9,
        data: event.data,
        metadata: { ...EXAMPLE_METADATA, previousHash: GENESIS_HASH, hash },
      });
    },
  );

  it.each(EVERY_TYPE)('%s still has the hash that its bytes give', (type) => {
    const { stream, id, data, metadata, hash } = readGolden(type);
    const parts = { previousHash: GENESIS_HASH, stream, id, type, dataJson: data };
    expect(chainHash({ ...parts, metadata: JSON.parse(metadata) })).toBe(hash);
  });
});
