/** What changes how a text reads without being seen: controls, direction marks, odd blanks, fillers, halves of characters. */

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const EACH_UNSEEN = new RegExp(`(${UNSEEN.source})`, 'u');

/** A text in pieces: those that are not seen, each with its name, such as `U+202E`, and the others. Line breaks and tabs stay. */
export function piecesOf(text: string): { readonly text: string; readonly unseen: string | null }[] {
  return text
    .split(EACH_UNSEEN)
    .map((piece) => ({ text: piece, unseen: isUnseen(piece) ? nameOf(piece) : null }));
}

/** A text as it is, with what one cannot see in it spelled out, as in `⟨U+202E⟩`. */
export const spelledOut = (text: string): string =>
  piecesOf(text)
    .map((piece) => (piece.unseen === null ? piece.text : `⟨${piece.unseen}⟩`))
    .join('');

const isUnseen = (piece: string): boolean => piece !== '\n' && piece !== '\t' && UNSEEN.test(piece);

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
