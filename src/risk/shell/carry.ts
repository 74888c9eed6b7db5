/** Finds the commands that a program is given to run among its own arguments. */
import type { Carries } from '../catalogue/program.js';
import { programNamed } from '../catalogue/programs.js';
import { nestedText } from '../excerpt.js';
import { suspect } from '../suspicion.js';
import { type Argument, argumentOf } from './argument.js';
import type { Invocation } from './invocation.js';

const CANDIDATES_MAX = 4;
const TEXT_LENGTH_MAX = 4_000;
const TEXTS_MAX = 64;
/** A text of prose may begin with what is also the name of a program; so much of it is taken for its words. */
const TAIL_WORDS_MAX = 200;
/** After these words the name of a program is only talked about. */
const SPEAKS_OF = /^(?:install|add|remove|uninstall|info|search|list|which|help|man|upgrade|update|use)$/i;

/** A program that runs whatever its words say, as every unknown one may. */
export const ANY_WORDS: Carries = { words: true };

/** Judges what the arguments carry; what is harmless, or no command at all, leaves no trace. */
export function judgeCarried(carries: Carries, invocation: Invocation): void {
  const { analysis } = invocation;
  if (carries.words === true) {
    for (const tail of tailsOf(invocation.args)) {
      if (suspect(analysis, () => invocation.run(tail, invocation.stdin, invocation.place))) break;
    }
    for (const word of invocation.args.filter(mayBeCommandLine).slice(0, TEXTS_MAX)) {
      judgeText(commandIn(word), word, invocation);
    }
  }
  for (const word of flagValues(carries.flags ?? [], invocation.args)) judgeText(word.text, word, invocation);
  const { after } = carries;
  invocation.args.forEach((word, index) => {
    if (after?.test(invocation.args[index - 1]?.text ?? '')) judgeText(commandIn(word), word, invocation);
  });
  for (const pattern of carries.texts ?? [])
    for (const word of invocation.args) judgeMatches(pattern, word, invocation);
  const { stdin, span } = invocation;
  if (stdin?.known === true)
    for (const pattern of carries.piped ?? []) judgeMatches(pattern, argumentOf(stdin, span, ''), invocation);
}

function judgeMatches(pattern: RegExp, word: Argument, invocation: Invocation): void {
  for (const match of word.text.slice(0, TEXT_LENGTH_MAX).matchAll(pattern))
    judgeText(
      match.groups?.command ?? match.slice(1).find((group) => group !== undefined) ?? '',
      word,
      invocation,
    );
}

/** The words from each catalogued program on: alone it counts only as the first word or after `--`. */
function tailsOf(words: readonly Argument[]): readonly (readonly Argument[])[] {
  return words
    .map((word, index) => ({
      word,
      before: words[index - 1]?.text,
      tail: words.slice(index, index + TAIL_WORDS_MAX),
    }))
    .filter(({ word, before, tail }) => {
      const entry = word.known ? programNamed(word.text) : undefined;
      if (entry === undefined || entry.extractor === 'builtin' || SPEAKS_OF.test(before ?? '')) return false;
      return tail.length > 1 || before === undefined || before === '--';
    })
    .slice(0, CANDIDATES_MAX)
    .map(({ tail }) => tail);
}

/** One argument in which a catalogued program is followed by words of its own. */
function mayBeCommandLine(word: Argument): boolean {
  if (!word.known || word.text.length > TEXT_LENGTH_MAX || !/\s/.test(word.text.trim())) return false;
  return namesProgram(commandIn(word));
}

/** True when one of the words of a text, but the last, is a program of the catalogue. */
export function namesProgram(text: string): boolean {
  const words = text.split(/[\s;&|()"'`{}]+/).filter((part) => part !== '');
  return words.slice(0, -1).some((part) => programNamed(part) !== undefined);
}

/** `--command=dropdb app` gives the text behind the sign, `!dropdb app` the one behind the mark. */
function commandIn({ text }: Argument): string {
  return (/^--?[a-z][\w-]*=([\s\S]*)$/i.exec(text)?.[1] ?? text).replace(/^!\s*/, '');
}

function flagValues(flags: readonly string[], words: readonly Argument[]): readonly Argument[] {
  if (flags.length === 0) return [];
  return words.flatMap((word, index) => {
    if (!word.text.startsWith('-')) return [];
    if (flags.includes(word.text)) return words.slice(index + 1, index + 2);
    const flag = flags.find((held) => held.startsWith('--') && word.text.startsWith(`${held}=`));
    return flag === undefined ? [] : [{ ...word, text: word.text.slice(flag.length + 1) }];
  });
}

function judgeText(text: string, word: Argument, { analysis, place, directory }: Invocation): void {
  if (text.trim() === '' || !word.known) return;
  suspect(analysis, () => {
    analysis.read('shell', nestedText(text, word.span, word.raw), { place, directory, names: [] });
  });
}
