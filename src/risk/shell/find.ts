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

/** What it finds, written as patterns: a start and the name that is asked for. */
function foundPaths(args: readonly Argument[], invocation: Invocation): readonly Argument[] {
  const firstOption = args.findIndex((word) => /^[-(!]/.test(word.text));
  const starts = (firstOption < 0 ? args : args.slice(0, firstOption)).filter((word) => word.text !== '');
  const filter = args.find((_, index) => FILTERS.includes(args[index - 1]?.text ?? ''));
  const narrow = filter !== undefined && !/^[*./]*$/.test(filter.text);
  const here: Argument = { text: '.', known: true, taint: 'none', span: invocation.span, raw: '.' };
  return (starts.length === 0 ? [here] : starts).map((start) => {
    const base = start.text.replace(/\/+$/, '');
    return { ...start, text: narrow ? `${base}/${filter.text.replace(/^\*\//, '')}` : start.text };
  });
}

function deleteFound(invocation: Invocation, found: readonly Argument[]): void {
  for (const path of found) {
    touch(invocation.analysis, {
      path: path.text,
      access: 'delete-tree',
      directory: invocation.directory,
      place: invocation.place,
      span: path.span,
    });
  }
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
