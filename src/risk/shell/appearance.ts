/** Writes a command as it looks: without signs that nobody sees, and with letters for those that only resemble them. */
import type { ParsedScript, Statement } from 'unbash';
import { EMPTY, sequence, type Value } from './argument.js';

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

/** What is done with the parts of a script. */
interface Reader {
  /** Runs statements as they stand. */
  readonly run: (statements: readonly Statement[]) => Value;
  /** Looks at a part of the text as it looks. */
  readonly look: (plain: string, from: number, until: number) => void;
}

/**
 * Reads a script as it stands, and whatever has unusual signs in it as it looks, too, since whoever shows it, or runs
 * it in another shell, may take it for that. It follows its statement: the rest of a long script is not read twice.
 * What stands between two statements, such as a comment, may look like more than that. A text with errors is looked
 * at as a whole, since nobody knows where its statements end.
 */
export function alsoAsItLooks(
  { commands, errors = [] }: ParsedScript,
  text: string,
  { run, look }: Reader,
): Value {
  const lookAt = (from: number, until: number): void => {
    const plain = asItLooks(text.slice(from, until));
    if (plain !== null) look(plain, from, until);
  };
  if (asItLooks(text) === null) return run(commands);
  let output: Value = EMPTY;
  let from = 0;
  for (const [index, statement] of commands.entries()) {
    output = sequence(output, run([statement]));
    if (errors.length > 0) continue;
    const until = commands[index + 1]?.pos ?? text.length;
    lookAt(from, until);
    from = until;
  }
  lookAt(from, text.length);
  return output;
}
