/** Bodies: exact, bounded, and the same as JSON.parse wherever that is exact. */

import fc from 'fast-check';
import { NESTING_MAX, parseBody, printExact } from '../../src/http/json.js';

describe('parsing a body', () => {
  it('agrees with JSON.parse where numbers are small', () => {
    const noPrototypeKeys = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/__proto__|constructor|\d{16}/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(noPrototypeKeys, (value) => {
        const text = JSON.stringify(value);
        expect(parseBody(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['0000000000000001', null],
    ['1.00000000000000000001', 1],
    ['1e3', 1000],
    ['"12345678901234567890"', '12345678901234567890'],
  ])('reads %s exactly', (text, expected) => {
    const body = `{"n":${text}}`;
    if (expected === null) expect(() => parseBody(body)).toThrow('not valid JSON');
    else expect(parseBody(body)).toEqual({ n: expected });
  });

  it('counts nesting outside of texts only', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}"]]]][[[[\\"{"${']'.repeat(levels)}`;
    expect(() => parseBody(nested(NESTING_MAX))).not.toThrow();
    expect(() => parseBody(nested(NESTING_MAX + 1))).toThrow('nests deeper');
  });

  it('takes the last of equal members, with and without large numbers', () => {
    expect(parseBody('{"a":1,"a":2}')).toEqual({ a: 2 });
    expect(parseBody('{"a":1,"a":9007199254740993}')).toEqual({ a: 9007199254740993n });
  });

  it('names the prototype key that it refuses', () => {
    expect(() => parseBody('{"a":{"__proto__":1}}')).toThrow('a.__proto__ is not allowed');
    expect(() => parseBody('{"a":9007199254740993,"\\u005f\\u005fproto__":1}')).toThrow('__proto__');
    expect(parseBody('{"constructor":1,"prototype":2}')).toEqual({ constructor: 1, prototype: 2 });
  });
});

describe('printing a body', () => {
  it('is JSON.stringify but for bigints, which it prints in full', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(printExact(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(printExact({ a: 9223372036854775807n, b: undefined, c: [1n] })).toBe(
      '{"a":9223372036854775807,"c":[1]}',
    );
  });
});
