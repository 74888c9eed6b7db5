/** Writes a command as it looks: without signs that nobody sees, and with letters for those that only resemble them. */

const PLAIN = /^[\t\n -~]*$/;
/** Signs that show nothing, turn the direction of writing or move the cursor; and letters that look like others. */
const UNUSUAL =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\p{Script=Greek}\p{Script=Cyrillic}！-～]|(?![ \t\n]|\r\n)[\p{Cc}\p{Zs}]/u;
const LINE_ENDS = /\r(?!\n)|[\f\p{Zl}\p{Zp}\x85]/gu;
const SPACES = /[\v\p{Zs}]/gu;
const UNSEEN = /\p{Cc}\[[\d;?]{0,20}[A-Za-z]|[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?![\t\n\r])\p{Cc}/gu;
/** Letters of Greek and Cyrillic, each before the one that it looks like. */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  [...'аaеeоoрpсcуyхxіiјjѕsԁdһhкkмmтtвbгrпnαaοoρpνvκkιiτtυuγyχxεe'].flatMap((letter, index, all) =>
    index % 2 === 0 ? [[letter, all[index + 1] ?? letter] as const] : [],
  ),
);

/** The text as it looks; null when it is what it looks like. */
export function asItLooks(text: string): string | null {
  if (PLAIN.test(text) || !UNUSUAL.test(text)) return null;
  const plain = text
    .replace(LINE_ENDS, '\n')
    .replace(SPACES, ' ')
    .replace(UNSEEN, '')
    .normalize('NFKC')
    .replace(/[\p{Script=Greek}\p{Script=Cyrillic}]/gu, (letter) => LOOKS_LIKE.get(letter) ?? letter);
  return plain === text ? null : plain;
}
