/** Underlining a place in a text that somebody else chose. */

import { underlined } from '../../src/cli/underlined.js';

const shown = (text: string, what: string): readonly [string, string] => {
  const start = text.indexOf(what);
  const found = underlined(text, start, start + what.length);
  return [found?.line ?? '', found?.marks ?? ''];
};

describe('a place in a text', () => {
  it('is underlined on its own line', () => {
    expect(shown('cd /tmp\nls; rm -rf /\ntrue', 'rm -rf /')).toEqual(['ls; rm -rf /', '    ^^^^^^^^']);
  });

  it('that goes on for lines is underlined to the end of its first', () => {
    expect(shown('rm -rf \\\n /', 'rm -rf \\\n /')).toEqual(['rm -rf \\', '^^^^^^^^…']);
  });

  it('is aligned behind what a terminal would obey or not show, which is spelled out', () => {
    const [line, marks] = shown('a\u202eb\u001b[2Jc\u200b; rm x', 'rm x');
    expect(line).toBe('a\\u{202e}b\\u{1b}[2Jc\\u{200b}; rm x');
    expect(marks).toBe(`${' '.repeat(line.indexOf('rm x'))}^^^^`);
  });

  it('is aligned behind wide and combining characters, by columns of a terminal', () => {
    expect(shown('日本; rm x', 'rm x')[1]).toBe(`${' '.repeat(6)}^^^^`);
    expect(shown('e\u0301; rm x', 'rm x')[1]).toBe(`${' '.repeat(3)}^^^^`);
    expect(shown('🚀 rm x', 'rm x')[1]).toBe(`${' '.repeat(3)}^^^^`);
  });

  it('far inside a long line is shown with what is around it', () => {
    const [line, marks] = shown(`${'x'.repeat(500)} rm y ${'z'.repeat(500)}`, 'rm y');
    expect(line).toMatch(/^…x+ rm y z+…$/);
    expect(line.length).toBe(102);
    expect(marks.indexOf('^')).toBe(line.indexOf('rm y'));
  });

  it('that is not there is not shown', () => {
    expect([underlined('abc', 3, 4), underlined('abc', -1, 2), underlined('abc', 2, 2)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
