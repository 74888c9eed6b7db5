/** Writing for people: colour where a terminal is, plain text everywhere else. */

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const plain = (text: string): string => text;
const code =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const PLAIN: Palette = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };
const COLOURED: Palette = {
  bold: code(1, 22),
  dim: code(2, 22),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
};

/** Colours only on a terminal that wants them (NO_COLOR, no-color.org). */
export function paletteFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Palette {
  const wanted = !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return stream.isTTY === true && wanted ? COLOURED : PLAIN;
}

/** What a person typed cannot be done: one line that says why and what to do instead. Exit code 1. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

export const print = (...lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

/** For machines: one JSON document; integers beyond 2^53 as text. */
export const printJson = (value: unknown): void =>
  print(
    JSON.stringify(value, (_key, held: unknown) => (typeof held === 'bigint' ? held.toString() : held), 2),
  );

/** What a terminal obeys instead of showing: controls, and what turns the direction of text around. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A text that somebody else chose, on one line, with what a terminal would obey spelled out. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Rows in aligned columns, two spaces apart, without trailing blanks; those named hold numbers. */
export function columns(
  given: readonly (readonly string[])[],
  numbers: ReadonlySet<number> = new Set(),
): string[] {
  const rows = given.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (numbers.has(index) ? cell.padStart : cell.padEnd).call(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a text into lines of at most `width` characters, at blanks. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
