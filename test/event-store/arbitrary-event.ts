/** Arbitrary events of every type: the examples' shapes with arbitrary values in every place. */

import fc from 'fast-check';
import type { EventMetadata, LedgerEvent } from '../../src/domain/events.js';
import { EVERY_EVENT, EXAMPLE_METADATA } from './every-event.js';
import { underPolicy } from './policy-events.js';

/** Free-form places, where a client's own JSON stands. */
const FREE = new Set(['metadata', 'input', 'policy_keys', 'details', 'metrics', 'dimensions', 'context']);
/** Parts that may be null, amounts among them. */
const NULLABLE = new Set(['estimate', 'gate', 'session', 'caps', 'period', 'details', 'reason', 'note']);

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom('0', '-1', '007', '1n', '__proto__', 'balances'),
);

/** JSON as clients send it: digit strings stay strings, and no negative zero, which JSON does not have. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const jsonObject = fc.dictionary(text, json, { maxKeys: 4, noNullPrototype: true });

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** Anything of the same shape as a template: bigints stay bigints, lists have any length. */
function like(template: unknown, field: string): fc.Arbitrary<unknown> {
  const arbitrary = FREE.has(field) ? jsonObject : likeValue(template);
  return NULLABLE.has(field) ? fc.option(arbitrary, { nil: null }) : arbitrary;
}

function likeValue(template: unknown): fc.Arbitrary<unknown> {
  switch (typeof template) {
    case 'bigint':
      return int64;
    case 'string':
      return text;
    case 'number':
      return fc.integer();
    case 'boolean':
      return fc.boolean();
    default:
      break;
  }
  if (template === null) return fc.option(text, { nil: null });
  if (Array.isArray(template)) {
    return template.length === 0 ? fc.constant([]) : fc.array(likeValue(template[0]), { maxLength: 3 });
  }
  const fields = Object.entries(template as object).map(([field, value]) => [field, like(value, field)]);
  return fc.record(Object.fromEntries(fields), { noNullPrototype: true });
}

export const arbitraryEvent: fc.Arbitrary<LedgerEvent> = fc
  .constantFrom(...EVERY_EVENT, ...EVERY_EVENT.flatMap(underPolicy))
  .chain(({ type, data }) => likeValue(data).map((value) => ({ type, data: value }) as LedgerEvent));

export const arbitraryMetadata: fc.Arbitrary<Omit<EventMetadata, 'hash' | 'previousHash'>> = fc
  .record({ userAgent: fc.option(text, { nil: null }), idempotencyKey: fc.option(text, { nil: null }) })
  .map((changes) => ({ ...EXAMPLE_METADATA, ...changes }));
