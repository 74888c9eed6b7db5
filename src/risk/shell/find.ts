/** `find` and `fd`: what they list, and what they do with what they find. */
import { reads } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, type ParsedArguments, parseArguments, unknownValue, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

const FILTERS = ['-name', '-iname', '-path', '-ipath', '-wholename', '-regex'];
const EITHER = /^(?:-o|-or|,)$/;
const LISTS = reads('It only lists files.');

export function runFind(invocation: Invocation): Value {
  const { args, name } = invocation;
  if (/^fd/.test(name)) return runFd(invocation);
  const found = foundPaths(args, invocation);
  invocation.analysis.report(LISTS, { target: 'files', span: invocation.span });
  for (const path of startsOf(args, invocation)) reach(invocation, path, 'read');
  if (args.some((word) => word.text === '-delete')) deleteFound(invocation, found);
  args.forEach((word, index) => {
    if (/^-(?:exec|execdir|ok|okdir)$/.test(word.text)) runOnFound(invocation, index + 1, found);
  });
  return {
    text: found.map((path) => path.text).join('\n'),
    known: found.every((path) => path.known),
    taint: 'none',
  };
}

/** Where it begins to look; here, unless it is told otherwise. */
function startsOf(args: readonly Argument[], { span }: Invocation): readonly Argument[] {
  const firstOption = args.findIndex((word) => /^[-(!]/.test(word.text));
  const starts = (firstOption < 0 ? args : args.slice(0, firstOption)).filter((word) => word.text !== '');
  return starts.length > 0 ? starts : [{ text: '.', known: true, taint: 'none', span, raw: '.' }];
}

/** What it finds, written as patterns: a start and the name that is asked for. */
function foundPaths(args: readonly Argument[], invocation: Invocation): readonly Argument[] {
  const filters = args.filter(
    (_, index) =>
      FILTERS.includes(args[index - 1]?.text ?? '') && !/^(?:!|-not)$/.test(args[index - 2]?.text ?? ''),
  );
  // Of several that must all fit one is enough; of several of which one must fit, each finds its own.
  const isEither = args.some(({ text }) => EITHER.test(text));
  const asked = isEither ? filters : filters.slice(0, 1);
  const isNarrow = asked.length > (isEither ? 1 : 0) && asked.every(({ text }) => !/^[*./]*$/.test(text));
  return startsOf(args, invocation).flatMap((start) => {
    if (!isNarrow) return [{ ...start, text: everythingBelow(start.text) }];
    const base = start.text.replace(/\/+$/, '');
    return asked.map(({ text }) => ({ ...start, text: `${base}/**/${text.replace(/^\*\//, '')}` }));
  });
}

/** A start that cannot be seen stays as it is written, since an empty one means something else. */
export function everythingBelow(start: string): string {
  return start.startsWith('$') ? start : `${start.replace(/\/+$/, '')}/**`;
}

function deleteFound(invocation: Invocation, found: readonly Argument[]): void {
  for (const path of found) reach(invocation, path, 'delete-tree');
}

function reach(
  { analysis, directory, place }: Invocation,
  path: Argument,
  access: 'read' | 'delete-tree',
): void {
  touch(analysis, { path: path.text, access, directory, place, span: path.span });
}

/** `-exec command {} ;` is the command with what was found in place of the braces. */
function runOnFound(invocation: Invocation, from: number, found: readonly Argument[]): void {
  const rest = invocation.args.slice(from);
  const end = rest.findIndex((word) => word.text === ';' || word.text === '+');
  runWith(end < 0 ? rest : rest.slice(0, end), found, invocation);
}

function runWith(words: readonly Argument[], found: readonly Argument[], invocation: Invocation): void {
  const command = words.flatMap((word) => {
    if (word.text === '{}') return found;
    if (!word.text.includes('{}')) return [word];
    return [{ ...word, text: word.text.replaceAll('{}', found[0]?.text ?? '.'), raw: '' }];
  });
  invocation.run(command, null, invocation.place);
}

const FD_SYNTAX = {
  valueFlags: [
    '-e',
    '-t',
    '-d',
    '-E',
    '-S',
    '-c',
    '-j',
    '-o',
    '--extension',
    '--type',
    '--exclude',
    '--max-depth',
  ],
  singleDash: false,
  stopAtOperand: false,
};
const FD_RUNS = /^(?:-x|-X|--exec|--exec-batch)$/;
/** `{}`, `{.}`, `{/}`, `{//}`: what was found, or a part of it. */
const FD_PLACEHOLDER = /\{\/{0,2}\.?\}/g;

/** `fd pattern folder -x command`: without braces what was found comes last. */
function runFd(invocation: Invocation): Value {
  const { args, analysis, span } = invocation;
  const at = args.findIndex((word) => FD_RUNS.test(word.text));
  const parsed = parseArguments(at < 0 ? args : args.slice(0, at), FD_SYNTAX);
  analysis.report(LISTS, { target: 'files', span });
  for (const start of parsed.operands.slice(1)) reach(invocation, start, 'read');
  if (at < 0) return unknownValue('output');
  const end = args.findIndex((word, index) => index > at && word.text === ';');
  const words = args
    .slice(at + 1, end < 0 ? args.length : end)
    .map((word) => ({ ...word, text: word.text.replace(FD_PLACEHOLDER, '{}') }));
  const takes = words.some((word) => word.text.includes('{}'));
  const found = foundByFd(parsed, invocation);
  runWith(takes ? words : [...words, ...found], found, invocation);
  return unknownValue('output');
}

/** Letters narrow what is found; a pattern of signs around them finds some of it. */
function partOf(pattern: string): string {
  if (/^[\w-]+$/.test(pattern)) return `*${pattern}*`;
  const literal = pattern.replace(/\[[^\]]*\]|\\[a-zA-Z]/g, ' ');
  return /[A-Za-z]{2}/.test(literal) && !literal.includes('|') ? '*' : '';
}

/** A pattern of letters or an ending narrows what is found; a pattern with signs may stand for everything. */
function foundByFd({ flags, operands }: ParsedArguments, invocation: Invocation): readonly Argument[] {
  const [pattern, ...starts] = operands;
  const ending = (flags.get('-e') ?? flags.get('--extension'))?.[0]?.text;
  const part = partOf(pattern?.text ?? '');
  const name = ending === undefined ? part : `${part === '' ? '*' : part}.${ending.replace(/^\./, '')}`;
  return startsOf(starts, invocation).map((start) => ({
    ...start,
    text: name === '' ? everythingBelow(start.text) : `${start.text.replace(/\/+$/, '')}/**/${name}`,
  }));
}
