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

/** What may go on in the statements that follow. */
const OPENS = /<<|["'`(){}[\]]/g;
const countOf = (text: string): number => text.match(OPENS)?.length ?? 0;

/**
 * Reads a script as it stands, and whatever has unusual signs in it as it looks, too, since whoever shows it, or runs
 * it in another shell, may take it for that. It follows its statement: the rest of a long script is not read twice,
 * unless a quote, a bracket or a here-document is among what only looks like one, which may end anywhere. What stands
 * between two statements, such as a comment, may look like more than that. A text with errors is looked at as a whole,
 * since nobody knows where its statements end.
 */
export function alsoAsItLooks(
  { commands, errors = [] }: ParsedScript,
  text: string,
  { run, look }: Reader,
): Value {
  if (asItLooks(text) === null) return run(commands);
  let from = 0;
  const lookUntil = (until: number): void => {
    const part = text.slice(from, until);
    const plain = asItLooks(part);
    const isOpen = plain !== null && countOf(plain) > countOf(part);
    const end = isOpen ? text.length : until;
    if (plain !== null) look(isOpen ? (asItLooks(text.slice(from)) ?? plain) : plain, from, end);
    from = Math.max(from, end);
  };
  let output: Value = EMPTY;
  for (const [index, statement] of commands.entries()) {
    output = sequence(output, run([statement]));
    const until = commands[index + 1]?.pos ?? text.length;
    if (errors.length === 0 && until > from) lookUntil(until);
  }
  if (from < text.length) lookUntil(text.length);
  return output;
}
