/** Shows where in a text something stands, for people: one line of it, and `^^^^` below. */

/** A line and what is underlined in it; neither holds anything that a terminal would obey. */
export interface Underlined {
  readonly line: string;
  readonly marks: string;
}

/** How much of a long line is shown before and after what is underlined, in UTF-16 code units. */
const BEFORE_MAX = 40;
const SHOWN_MAX = 100;
/** What a terminal obeys or does not show: controls, what turns directions around, what has no width. */
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]$/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}]$/u;
const TWO_WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$|^\p{Emoji_Presentation}$/u;

/** The line in which a span of a text begins; null when the text has no such place. Half-open, in UTF-16 code units. */
export function underlined(text: string, start: number, end: number): Underlined | null {
  if (start < 0 || end <= start || start >= text.length) return null;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const lineEnd = newline < 0 ? text.length : newline;
  const from = Math.max(lineStart, start - BEFORE_MAX);
  const to = Math.min(lineEnd, Math.max(from + SHOWN_MAX, start + 1));
  const stop = Math.min(Math.max(end, start + 1), to);
  const before = spelled(text.slice(from, start));
  const marked = spelled(text.slice(start, stop));
  const lead = from > lineStart ? '…' : '';
  return {
    line: `${lead}${before}${marked}${spelled(text.slice(stop, to))}${to < lineEnd ? '…' : ''}`,
    marks: `${' '.repeat(lead.length + widthOf(before))}${'^'.repeat(Math.max(1, widthOf(marked)))}${end > to ? '…' : ''}`,
  };
}

/** A text with what cannot be seen spelled out, as in `\u{202e}`; a tab is a blank. */
function spelled(text: string): string {
  return [...text]
    .map((character) =>
      character === '\t'
        ? ' '
        : UNSEEN.test(character)
          ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
          : character,
    )
    .join('');
}

/** Columns of a terminal. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, character) => width + (NO_WIDTH.test(character) ? 0 : TWO_WIDE.test(character) ? 2 : 1),
    0,
  );
}
