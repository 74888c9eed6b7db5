/** `xargs` and `parallel`: a command whose last arguments come from the standard input. */
import { type Argument, EMPTY, joinTaint, parseArguments, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

const SYNTAX = {
  valueFlags: [
    '-I',
    '-n',
    '-P',
    '-L',
    '-d',
    '-s',
    '-E',
    '-a',
    '-j',
    '--max-args',
    '--max-procs',
    '--arg-file',
    '--delimiter',
    '--replace',
  ],
  singleDash: false,
  stopAtOperand: true,
};
const WORDS_MAX = 32;

export function runXargs(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, SYNTAX);
  if (operands.length === 0) return invocation.stdin ?? EMPTY;
  const placeholder =
    flags.get('-I')?.[0]?.text ??
    flags.get('--replace')?.[0]?.text ??
    (invocation.name === 'parallel' ? '{}' : null);
  const fed = fedWords(invocation);
  const replaced = placeholder !== null && operands.some((word) => word.text.includes(placeholder));
  const words = replaced ? operands.flatMap((word) => filled(word, placeholder, fed)) : [...operands, ...fed];
  return invocation.run(words, null, invocation.place);
}

function filled(word: Argument, placeholder: string, fed: readonly Argument[]): readonly Argument[] {
  if (!word.text.includes(placeholder)) return [word];
  return fed.map((value) => ({
    ...word,
    text: word.text.replaceAll(placeholder, value.text),
    known: word.known && value.known,
    taint: joinTaint(word.taint, value.taint),
    raw: '',
  }));
}

function fedWords({ stdin, span }: Invocation): readonly Argument[] {
  const unknown: Argument = {
    text: stdin?.text.startsWith('$(') === true ? stdin.text : '$STANDARD_INPUT',
    known: false,
    taint: stdin?.taint ?? 'none',
    span,
    raw: '',
  };
  if (stdin === null || !stdin.known) return [unknown];
  const words = stdin.text.split(/[\s\0]+/).filter((word) => word !== '');
  return words
    .slice(0, WORDS_MAX)
    .map((text) => ({ text, known: true, taint: stdin.taint, span, raw: text }));
}
