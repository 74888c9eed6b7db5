/** What `printf` and `echo -e` print: formats, and the escapes in them. */
import { EMPTY, joinTaint, type Value } from './argument.js';

const ESCAPE = /\\(?:x([\da-fA-F]{1,2})|[uU]([\da-fA-F]{1,8})|0?([0-7]{1,3})|([\s\S]))/g;
const NAMED: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r' };
const DIRECTIVE = /%([-0 #+']*)(\d{0,3})(?:\.(\d{0,3}))?([sbcdiouxXq%])/g;
const ROUNDS_MAX = 64;

/** Replaces `\x72`, `\162`, `\0162`, `\u0072`, `\n` and their like by what they stand for. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    ESCAPE,
    (
      whole: string,
      hex: string | undefined,
      point: string | undefined,
      octal: string | undefined,
      plain: string | undefined,
    ) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (point !== undefined) return codePoint(Number.parseInt(point, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (plain === 't') return '\t';
      return plain === '\\' ? '\\' : (NAMED[plain ?? ''] ?? whole);
    },
  );
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The output of `printf FORMAT WORDS…`; the format is used again while there are words left. */
export function formatted(args: readonly Value[]): Value {
  const [format, ...words] = args;
  if (format === undefined) return EMPTY;
  let used = 0;
  let isPlain = true;
  const next = (): string => words[used++]?.text ?? '';
  const round = (): string =>
    unescaped(format.text).replace(
      DIRECTIVE,
      (_whole, flags: string, width: string, precision: string | undefined, type: string) => {
        const text = type === '%' ? '%' : converted(next(), type);
        isPlain &&= text !== null;
        const cut =
          precision === undefined || type !== 's' ? (text ?? '') : (text ?? '').slice(0, Number(precision));
        return padded(cut, flags, Number(width));
      },
    );
  let text = round();
  for (let rounds = 1; used > 0 && used < words.length && rounds < ROUNDS_MAX; rounds += 1) text += round();
  return {
    text,
    known: isPlain && args.every((word) => word.known),
    taint: args.reduce<Value['taint']>((taint, word) => joinTaint(taint, word.taint), 'none'),
  };
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  return text.padStart(width, flags.includes('0') ? '0' : ' ');
}

/** One word by its directive; null for a number that cannot be seen. */
function converted(word: string, type: string): string | null {
  if (type === 's' || type === 'q') return word;
  if (type === 'b') return unescaped(word);
  if (type === 'c') return word.slice(0, 1);
  const value = /^["']/.test(word) ? word.charCodeAt(1) : Number(word === '' ? '0' : word);
  if (!Number.isInteger(value)) return null;
  if (type === 'o') return value.toString(8);
  if (type === 'x') return value.toString(16);
  return type === 'X' ? value.toString(16).toUpperCase() : String(value);
}
