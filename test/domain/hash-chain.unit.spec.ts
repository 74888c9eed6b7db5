/** Canonical bytes and the hash chain: golden values, and no byte that can change unnoticed. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { LedgerEvent } from '../../src/domain/events.js';
import { chainHash, GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import { originOf } from './ledger.js';

const STREAM = 'tenant-acme';
const EVENT: LedgerEvent = { type: 'TenantSuspended', data: { reason: 'overdue “bill”\n' } };

function sealed(event: LedgerEvent = EVENT, previousHash = GENESIS_HASH): SealedEvent {
  const metadata = {
    ...originOf({ idempotencyKey: 'k-1', requestHash: 'ab' }),
    schema: 1,
    occurredAt: '2026-03-01T10:00:00.000Z',
    causationId: null,
  };
  return seal({ id: '6f1c', event, metadata, claim: null }, STREAM, previousHash);
}

/** The hash as verification recomputes it, from what is stored. */
function recomputed(event: SealedEvent, change: Partial<Parameters<typeof chainHash>[0]> = {}): string {
  const { previousHash } = event.metadata;
  const { id, dataJson } = event;
  const metadata = JSON.parse(event.metadataJson) as object;
  return chainHash({
    previousHash,
    stream: STREAM,
    id,
    type: event.event.type,
    dataJson,
    metadata,
    ...change,
  });
}

describe('The hash chain', () => {
  it('hashes the golden event to its golden hash', () => {
    const { dataJson, metadata } = sealed();
    expect(dataJson).toBe('{"reason":"overdue “bill”\\n"}');
    expect(metadata.hash).toBe('67ee3d902bb9c31681b90677aa8a1802f4933e0162042d22567c69add644e647');
  });

  it('is SHA-256 over six lines', () => {
    const { dataJson, metadata } = sealed();
    const { hash, ...linked } = metadata;
    const lines = [GENESIS_HASH, STREAM, '6f1c', 'TenantSuspended', dataJson, canonicalJson(linked)];
    expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(hash);
  });

  it('is recomputed from the stored bytes', () => {
    const event = sealed();
    expect(recomputed(event)).toBe(event.metadata.hash);
    expect(JSON.parse(event.metadataJson)).toEqual(event.metadata);
  });

  it('links each event to the one before', () => {
    const first = sealed();
    const second = sealed(EVENT, first.metadata.hash);
    expect(second.metadata.previousHash).toBe(first.metadata.hash);
    expect(second.metadata.hash).not.toBe(first.metadata.hash);
  });

  it('breaks when the stream, the id, the type or the predecessor is another', () => {
    const event = sealed();
    const others = [
      { stream: 'tenant-other' },
      { id: '6f1d' },
      { type: 'TenantClosed' },
      { previousHash: 'f'.repeat(64) },
    ];
    for (const other of others) expect(recomputed(event, other)).not.toBe(event.metadata.hash);
  });

  it('breaks when any character of the data changes', () => {
    const event = sealed();
    const property = fc.property(
      fc.nat(event.dataJson.length - 1),
      fc.integer({ min: 1, max: 90 }),
      (at, shift) => {
        const code = event.dataJson.charCodeAt(at) + shift;
        const dataJson =
          event.dataJson.slice(0, at) + String.fromCharCode(code) + event.dataJson.slice(at + 1);
        expect(recomputed(event, { dataJson })).not.toBe(event.metadata.hash);
      },
    );
    fc.assert(property);
  });

  it('breaks when any member of the metadata changes or goes', () => {
    const event = sealed();
    for (const name of Object.keys(event.metadata).filter(
      (key) => key !== 'hash' && key !== 'previousHash',
    )) {
      const { [name]: _gone, ...without } = event.metadata as unknown as Record<string, unknown>;
      expect(recomputed(event, { metadata: without })).not.toBe(event.metadata.hash);
      expect(recomputed(event, { metadata: { ...without, [name]: 'forged' } })).not.toBe(event.metadata.hash);
    }
  });
});

describe('Canonical JSON (RFC 8785)', () => {
  it('serialises the example of section 3.2.2', () => {
    const example = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as the example of section 3.2.3', () => {
    const example = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const members = Object.values(JSON.parse(canonicalJson(Object.entries(example))) as [string, string][]);
    const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const expected = order.map(
      (key) => `${JSON.stringify(key)}:${JSON.stringify(new Map(members).get(key))}`,
    );
    expect(canonicalJson(example)).toBe(`{${expected.join(',')}}`);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [-1 / 3, '-0.3333333333333333'],
  ])('writes the number %p as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x')])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('writes amounts as digits and leaves out what is undefined', () => {
    expect(canonicalJson({ b: 9_223_372_036_854_775_807n, a: undefined })).toBe(
      '{"b":"9223372036854775807"}',
    );
    expect(canonicalJson([undefined, 1])).toBe('[null,1]');
  });

  it('agrees with JSON.parse about every value, whatever order its members come in', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(reversed(value))).toBe(text);
    });
    fc.assert(property);
  });

  it('has one text for one string, quoted as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect(canonicalJson(text)).toBe(JSON.stringify(text)),
      ),
    );
  });
});

/** The same value with its members in the other order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, reversed(member)] as const);
  return Object.fromEntries(members.reverse());
}
