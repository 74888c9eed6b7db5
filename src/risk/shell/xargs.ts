/** `xargs` and `parallel`: a command whose last arguments come from the standard input. */
import {
  type Argument,
  EMPTY,
  joinTaint,
  type ParsedArguments,
  parseArguments,
  sequence,
  unknownValue,
  type Value,
} from './argument.js';
import { runSource } from './interpreter.js';
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
    '-N',
    '-S',
    '--max-args',
    '--max-procs',
    '--arg-file',
    '--delimiter',
    '--replace',
    '--jobs',
    '--halt',
    '--colsep',
    '--delay',
    '--timeout',
    '--joblog',
    '--results',
    '--sshlogin',
  ],
  singleDash: false,
  stopAtOperand: true,
};
const WORDS_MAX = 32;

export function runXargs(invocation: Invocation): Value {
  const parsed = parseArguments(invocation.args, SYNTAX);
  if (invocation.name === 'parallel') return runParallel(invocation, parsed);
  const { flags, operands } = parsed;
  const list = (flags.get('-a') ?? flags.get('--arg-file'))?.[0];
  if (list !== undefined) return runXargs({ ...fedBy(list, invocation), args: withoutList(invocation.args) });
  if (operands.length === 0) return invocation.stdin ?? EMPTY;
  const placeholder = flags.get('-I')?.[0]?.text ?? flags.get('--replace')?.[0]?.text ?? null;
  if (placeholder === null || !operands.some((word) => word.text.includes(placeholder)))
    return invocation.run([...operands, ...fed(invocation, separatorOf(flags))], null, invocation.place);
  return fed(invocation, /[\n\0]+/)
    .map((value) => operands.map((word) => filled(word, placeholder, value)))
    .reduce<Value>((output, words) => sequence(output, invocation.run(words, null, invocation.place)), EMPTY);
}

/** Words are parted by any space, unless it is told otherwise. */
function separatorOf(flags: ParsedArguments['flags']): RegExp {
  if (flags.has('-0') || flags.has('--null')) return /\0+/;
  const stated = (flags.get('-d') ?? flags.get('--delimiter'))?.[0]?.text;
  return stated === undefined ? /[\s\0]+/ : /^\\?n$|^\n$/.test(stated) ? /\n+/ : /[\n\0]+/;
}

/** `-a file` takes the words from a file. */
function fedBy(list: Argument, invocation: Invocation): Invocation {
  const content = list.printed ?? invocation.analysis.files.content(list.text, invocation);
  return { ...invocation, stdin: content ?? unknownValue('$STANDARD_INPUT') };
}

function withoutList(args: readonly Argument[]): readonly Argument[] {
  const at = args.findIndex(({ text }) => /^(?:-a|--arg-file)/.test(text));
  const inOne = /^(?:-a.|--arg-file=)/.test(args[at]?.text ?? '');
  return args.filter((_, index) => index !== at && (inOne || index !== at + 1));
}

function filled(word: Argument, placeholder: string, value: Argument): Argument {
  if (!word.text.includes(placeholder)) return word;
  return {
    ...word,
    text: word.text.replaceAll(placeholder, value.text),
    known: word.known && value.known,
    taint: joinTaint(word.taint, value.taint),
    raw: '',
  };
}

/** The values of the standard input; a single one that cannot be seen when the input cannot. */
function fed({ stdin, span }: Invocation, separator: RegExp): readonly Argument[] {
  if (stdin === null || !stdin.known) {
    const text = stdin?.text.startsWith('$(') === true ? stdin.text : '$STANDARD_INPUT';
    return [{ ...unknownValue(text, stdin?.taint), span, raw: '' }];
  }
  const words = stdin.text.split(separator).filter((word) => word !== '');
  return words
    .slice(0, WORDS_MAX)
    .map((text) => ({ text, known: true, taint: stdin.taint, span, raw: text }));
}

const SOURCE = /^:::/;
const FILES = '::::';
/** `{}`, `{.}`, `{/}`, `{1}`: a value or a part of it. */
const PLACEHOLDER = /\{[\d./]{0,4}\}/g;

/** `parallel` gives its words, joined, to a shell for each value; without words the values are the commands. */
function runParallel(invocation: Invocation, { operands }: ParsedArguments): Value {
  const end = operands.findIndex((word) => SOURCE.test(word.text));
  const words = end < 0 ? operands : operands.slice(0, end);
  const values = end < 0 ? fed(invocation, /[\n\0]+/) : valuesAfter(operands.slice(end), invocation);
  const [first] = words;
  return values
    .map((value) => (first === undefined ? value : job(first, words, value)))
    .reduce<Value>(
      (output, command) => sequence(output, runSource({ ...invocation, name: 'eval', args: [command] })),
      EMPTY,
    );
}

function valuesAfter(words: readonly Argument[], invocation: Invocation): readonly Argument[] {
  const values: Argument[] = [];
  let fromFiles = false;
  for (const word of words) {
    if (SOURCE.test(word.text)) fromFiles = word.text.startsWith(FILES);
    else if (!fromFiles) values.push(word);
    else {
      const content = word.known ? invocation.analysis.files.content(word.text, invocation) : undefined;
      values.push(...fed({ ...invocation, stdin: content ?? null }, /[\n\0]+/));
    }
  }
  return values.slice(0, WORDS_MAX);
}

/** A value is quoted as it is put in; one that cannot be seen stays a variable, which the shell does not know. */
function job(first: Argument, words: readonly Argument[], value: Argument): Argument {
  const command = words.map((word) => word.text).join(' ');
  const put = value.known ? `'${value.text.replaceAll("'", "'\\''")}'` : '"$STANDARD_INPUT"';
  const takes = command.search(PLACEHOLDER) >= 0;
  return {
    ...first,
    text: takes ? command.replace(PLACEHOLDER, () => put) : `${command} ${put}`,
    known: true,
    taint: words.reduce((taint, word) => joinTaint(taint, word.taint), value.taint),
    raw: '',
  };
}
