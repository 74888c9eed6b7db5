/** HTML that is escaped by construction: what is put into a template is text, unless it is HTML made here. */

/** A piece of HTML. Only the tag below makes one. */
export class Html {
  private constructor(readonly text: string) {}

  static of(strings: TemplateStringsArray, values: readonly Part[]): Html {
    return new Html(strings.reduce((text, piece, nth) => text + textOf(values[nth - 1] ?? null) + piece));
  }
}

type Part = Html | string | number | bigint | null | undefined | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** Attributes are written with double quotes around what is put in. */
export const html = (strings: TemplateStringsArray, ...values: readonly Part[]): Html =>
  Html.of(strings, values);

/** Everything that changes how a line reads without being seen: controls, direction marks, odd blanks, fillers, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const EACH_UNSEEN = new RegExp(`(${UNSEEN.source})`, 'u');

/** A text as it is, with what one cannot see in it spelled out. Line breaks and tabs stay. */
export function visible(text: string): Html {
  return html`${text.split(EACH_UNSEEN).map((piece) => (isUnseen(piece) ? spelled(piece) : piece))}`;
}

const isUnseen = (piece: string): boolean => piece !== '\n' && piece !== '\t' && UNSEEN.test(piece);

function spelled(character: string): Html {
  const name = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return html`<b class="odd" title="a character that is not seen">⟨${name}⟩</b>`;
}
