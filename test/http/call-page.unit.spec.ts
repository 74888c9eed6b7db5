/** A call on the approver's page: all of it, nothing unseen, and no HTML of the agent's. */

import { priceOf } from '../../src/domain/price.js';
import { callView } from '../../src/http/pages/call.js';
import { visible } from '../../src/http/pages/html.js';

const shown = (input: unknown, inputTruncated = false): string =>
  callView({ tool: { input }, inputTruncated }, null).text;

it('says so when the record has only the beginning of the call', () => {
  expect(shown({ command: 'ls… [9000 more characters]' }, true)).toContain('This is not all of the call.');
  expect(shown({ command: 'ls' })).not.toContain('This is not all of the call.');
});

it.each([
  ['a text', 'rm -rf build'],
  ['a list', ['rm -rf build']],
  ['nested', { steps: [{ run: 'rm -rf build' }] }],
])('shows what runs where the arguments are %s', (_what, input) => {
  expect(shown(input)).toContain('rm -rf build');
});

it('takes no HTML from names or values', () => {
  const text = shown({ '"><script>alert(1)</script>': '</pre><form action="/x">' });
  expect(text).not.toMatch(/<script|<form/);
  expect(text).toContain('&lt;/pre&gt;');
});

it.each([
  ['a Hangul filler', '\u3164', 'U+3164'],
  ['a half-width filler', '\uffa0', 'U+FFA0'],
  ['a grapheme joiner', '\u034f', 'U+034F'],
  ['a blank of Braille', '\u2800', 'U+2800'],
  ['half of a character', '\ud800', 'U+D800'],
  ['a variation selector', '\ufe0f', 'U+FE0F'],
  ['a change of direction', '\u202e', 'U+202E'],
  ['a carriage return', '\r', 'U+000D'],
])('spells out %s', (_what, character, name) => {
  expect(visible(`rm${character} x`).text).toContain(`⟨${name}⟩`);
});

it('leaves blanks, line breaks and letters as they are', () => {
  expect(visible('größe 名前 \t\n😀').text).toBe('größe 名前 \t\n😀');
});

it.each([
  ['USD_MICROCENTS', 1_250_000_000n, '12.50 USD'],
  ['USD_MICROCENTS', 1n, '0.00000001 USD'],
  ['USD_MICROCENTS', 100_000_000_000n, '1000.00 USD'],
  ['USD_MICROCENTS', 123_456_780n, '1.2345678 USD'],
  ['TOKENS', 500n, '500 TOKENS'],
] as const)('says what %s %s are', (unit, amount, said) => {
  expect(priceOf({ unit, amount })).toBe(said);
});

it('underlines only what stands in the text', () => {
  const effect = (start: number, end: number) => ({
    verb: 'delete' as const,
    target: 'x',
    environment: 'unknown' as const,
    span: { source: 'input.command', start, end },
    points: 50,
  });
  const assessment = { effects: [effect(0, 2), effect(1, 900), effect(500, 900), effect(5, 4)], factors: [] };
  const view = callView(
    { tool: { input: { command: 'rm -rf x' } }, inputTruncated: false },
    assessment as unknown as Parameters<typeof callView>[1],
  );
  expect(view.text).toContain('<mark>rm -rf x</mark></pre>');
});
