/** HTML that is escaped by construction: what is put into a template is text, unless it is HTML made here. */

import { piecesOf } from '../../domain/unseen.js';

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

/** A text as it is, with what one cannot see in it spelled out. Line breaks and tabs stay. */
export function visible(text: string): Html {
  return html`${piecesOf(text).map((piece) => (piece.unseen === null ? piece.text : spelled(piece.unseen)))}`;
}

const spelled = (name: string): Html =>
  html`<b class="odd" title="a character that is not seen">⟨${name}⟩</b>`;
