/** Finds the string literals of Python, JavaScript and similar code, with their escapes resolved. */

export interface Literal {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const LITERAL =
  /"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|`((?:[^`\\]|\\[\s\S])*)`/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/** The literals in order; neighbours joined by nothing or a `+` become one. */
export function literalsOf(code: string): readonly Literal[] {
  const found: Literal[] = [];
  for (const match of code.matchAll(LITERAL)) {
    const inside = match.slice(1).find((group) => group !== undefined) ?? '';
    const literal = { text: unescaped(inside), start: match.index, end: match.index + match[0].length };
    const last = found.at(-1);
    if (last !== undefined && /^\s*[+.]?\s*[rbfu]?$/.test(code.slice(last.end, literal.start))) {
      found[found.length - 1] = { text: last.text + literal.text, start: last.start, end: literal.end };
    } else {
      found.push(literal);
    }
  }
  return found;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g,
    (
      _,
      braced: string | undefined,
      four: string | undefined,
      two: string | undefined,
      plain: string | undefined,
    ) => {
      const hex = braced ?? four ?? two;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16));
      return plain === undefined || plain === '\n' ? '' : (ESCAPES[plain] ?? plain);
    },
  );
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
