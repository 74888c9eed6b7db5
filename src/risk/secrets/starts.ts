/** Finds where a pattern can begin in a text, which is much cheaper than to try an expression at every place of it. */

/** Where a pattern can begin, in order; it need not begin at all of them. */
export type Starts = (text: string) => readonly number[];

/** As long as names may be, and one more. */
const NAME_MAX = 82;
const SPACES_MAX = 4;
const SCHEME_MAX = 31;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

const isNamePart = members(/[\w.-]/);
const isNameStart = members(/[A-Za-z_]/);
const isSchemePart = members(/[A-Za-z0-9+.-]/);
const isLetter = members(/[A-Za-z]/);

/** Where names before a sign begin, as in `NAME=` or `\"name\": `. */
export function namesBefore(sign: string): Starts {
  return (text) => {
    const starts: number[] = [];
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      const end = nameEnd(text, at);
      let start = end;
      while (end - start < NAME_MAX && isNamePart(text.charCodeAt(start - 1))) start -= 1;
      if (start < end && isNameStart(text.charCodeAt(start))) starts.push(start);
    }
    return starts;
  };
}

/** Where schemes of addresses may begin: behind what is no letter. */
export function schemes(text: string): readonly number[] {
  const starts: number[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 1)) {
    let start = at;
    while (at - start < SCHEME_MAX && isSchemePart(text.charCodeAt(start - 1))) start -= 1;
    for (; start < at; start += 1) {
      if (isLetter(text.charCodeAt(start)) && !isLetter(text.charCodeAt(start - 1))) starts.push(start);
    }
  }
  return starts;
}

/** Every place of a word. */
export function placesOf(word: string): Starts {
  return (text) => {
    const starts: number[] = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) starts.push(at);
    return starts;
  };
}

/** Between a name and its sign there may be an escaped quote and some spaces. */
function nameEnd(text: string, sign: number): number {
  let end = sign;
  while (sign - end < SPACES_MAX && isSpace(text.charCodeAt(end - 1))) end -= 1;
  const before = text.charCodeAt(end - 1);
  if (before === DOUBLE_QUOTE || before === SINGLE_QUOTE) end -= 1;
  return text.charCodeAt(end - 1) === BACKSLASH ? end - 1 : end;
}

function isSpace(code: number): boolean {
  return (
    code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0xa0 && /\s/.test(String.fromCharCode(code)))
  );
}

/** Whether the sign of a code is one of those that an expression describes. */
function members(expression: RegExp): (code: number) => boolean {
  const table = Array.from({ length: 128 }, (_, code) => expression.test(String.fromCharCode(code)));
  return (code) => code < 128 && table[code] === true;
}
