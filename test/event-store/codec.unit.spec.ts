/** The codec gives back what was sealed, and refuses what it does not know. */

import fc from 'fast-check';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import { arbitraryEvent, arbitraryMetadata } from './arbitrary-event.js';
import { sampleBatch } from './samples.js';

const codec = createEventCodec();
const STREAM = 'tenant-acme';

const storedFrom = ({ id, event, dataJson, metadataJson }: SealedEvent): StoredEvent => ({
  id,
  type: event.type,
  stream: STREAM,
  revision: 0,
  position: 1,
  data: dataJson,
  metadata: metadataJson,
});

const sample = (changes: Partial<StoredEvent> = {}): StoredEvent => {
  const [sealed] = sampleBatch({ stream: STREAM });
  if (sealed === undefined) throw new Error('no sample');
  return { ...storedFrom(sealed), ...changes };
};

describe('event codec', () => {
  it('decodes any sealed event of any type to the event that was sealed', () => {
    fc.assert(
      fc.property(arbitraryEvent, arbitraryMetadata, (event, metadata) => {
        const sealed = seal({ id: 'id', event, metadata, claim: null }, STREAM, GENESIS_HASH);
        const decoded = codec.decode(storedFrom(sealed));
        expect(decoded.data).toStrictEqual(event.data);
        expect(decoded.metadata).toStrictEqual(sealed.metadata);
        expect(decoded.type).toBe(event.type);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes what it decoded with the same bytes again', () => {
    fc.assert(
      fc.property(arbitraryEvent, arbitraryMetadata, (event, metadata) => {
        const unsealed = { id: 'id', event, metadata, claim: null };
        const first = seal(unsealed, STREAM, GENESIS_HASH);
        const again = seal({ ...unsealed, event: codec.decode(storedFrom(first)) }, STREAM, GENESIS_HASH);
        expect(again.dataJson).toBe(first.dataJson);
        expect(again.metadata.hash).toBe(first.metadata.hash);
      }),
    );
  });

  it.each(['TenantRenamed', 'toString', '__proto__', ''])('refuses the unknown type %p', (type) => {
    expect(() => codec.decode(sample({ type }))).toThrow('a type that this version does not know');
  });

  it.each([0, 2, 1.5, '1', null])('refuses the unknown schema %p', (schema) => {
    const metadata = JSON.stringify({ ...JSON.parse(sample().metadata), schema });
    expect(() => codec.decode(sample({ metadata }))).toThrow('a schema that this version does not know');
  });

  it.each(['', '{', 'nil'])('refuses data that is not JSON: %p', (data) => {
    expect(() => codec.decode(sample({ data }))).toThrow('is not JSON');
  });

  it.each(['"12x"', '12', 'true', '""', '"0x10"', '" 5"', '{}'])('refuses %s for an amount', (amount) => {
    const data = `{"scope":"s","unit":"TOKENS","spentBefore":${amount},"balances":[]}`;
    expect(() => codec.decode(sample({ type: 'BudgetRolledOver', data }))).toThrow('not a string of digits');
  });

  it('refuses an event that lacks its balances', () => {
    const data = '{"scope":"s","unit":"TOKENS","spentBefore":"1"}';
    expect(() => codec.decode(sample({ type: 'BudgetRolledOver', data }))).toThrow('lacks a part');
  });

  it('lifts an older payload through every upcaster between its schema and the current one', () => {
    const lifting = createEventCodec({
      schema: 4,
      upcasters: {
        TenantSuspended: {
          1: ({ reason }) => ({ reason: `${reason}, lifted` }),
          3: ({ reason }) => ({ reason: `${reason} twice` }),
        },
      },
    });
    const data = '{"reason":"unpaid"}';
    expect(lifting.decode(sample({ data })).data).toEqual({ reason: 'unpaid, lifted twice' });
    const newer = JSON.stringify({ ...JSON.parse(sample().metadata), schema: 4 });
    expect(lifting.decode(sample({ data, metadata: newer })).data).toEqual({ reason: 'unpaid' });
  });
});
