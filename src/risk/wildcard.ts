/** Patterns in which `*` stands for any run of characters, matched without expressions, so in linear time. */

/** Whether a text fits a pattern, compared without case. */
export function wildcardFits(pattern: string, given: string): boolean {
  const pieces = pattern.toLowerCase().split('*');
  const text = given.toLowerCase();
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest.slice(0, -1)) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  const last = rest.at(-1) ?? '';
  return text.length - last.length >= from && text.endsWith(last);
}
