/** `find`: what it lists, and what it does with what it finds. */
import { reads } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

const FILTERS = ['-name', '-iname', '-path', '-ipath', '-wholename', '-regex'];
const LISTS = reads('It only lists files.');

export function runFind(invocation: Invocation): Value {
  const { args } = invocation;
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
  const filter = args.find(
    (_, index) =>
      FILTERS.includes(args[index - 1]?.text ?? '') && !/^(?:!|-not)$/.test(args[index - 2]?.text ?? ''),
  );
  const narrow = filter !== undefined && !/^[*./]*$/.test(filter.text);
  return startsOf(args, invocation).map((start) => {
    const base = start.text.replace(/\/+$/, '');
    return {
      ...start,
      text: narrow ? `${base}/**/${filter.text.replace(/^\*\//, '')}` : everythingBelow(start.text),
    };
  });
}

/** A start that cannot be seen stays as it is written, since an empty one means something else. */
function everythingBelow(start: string): string {
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
  const words = end < 0 ? rest : rest.slice(0, end);
  const command = words.flatMap((word) => {
    if (word.text === '{}') return found;
    if (!word.text.includes('{}')) return [word];
    return [{ ...word, text: word.text.replaceAll('{}', found[0]?.text ?? '.'), raw: '' }];
  });
  invocation.run(command, null, invocation.place);
}
