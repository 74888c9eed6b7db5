/** Patterns in which `*` stands for any run of characters, matched without expressions, so in linear time. */

/** Tells whether a text fits a pattern, compared without case; the pattern is taken apart once. */
export function wildcard(pattern: string): (given: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (given) => {
    const text = given.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first)) return false;
    let from = first.length;
    for (const piece of rest) {
      const at = text.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return text.length - last.length >= from && text.endsWith(last);
  };
}

/** Whether a text fits a pattern that is asked about once. */
export const wildcardFits = (pattern: string, given: string): boolean => wildcard(pattern)(given);
