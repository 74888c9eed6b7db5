/** What commands print that list files, branches or keys: not the names, which nobody knows, but where they lie. */

import { type Argument, parseArguments, type Value } from './argument.js';
import { everythingBelow } from './find.js';
import type { Invocation } from './invocation.js';

/** Programs that hand on a part of the lines that they are fed, or the lines in another form. */
const PASSES_ON =
  /^(?:grep|egrep|fgrep|ggrep|rg|sort|uniq|head|tail|tac|shuf|cut|awk|gawk|mawk|sed|gsed|tr|xargs|tee|cat|column)$/;
/** With these a filter prints something else, or nothing. */
const PRINTS_ELSE: readonly (readonly [RegExp, RegExp])[] = [
  [/grep$|^rg$/, /^-[a-zA-Z]*[cqlL]|^--(?:count|quiet|files)/],
  [/sed$/, /^-[a-zA-Z]*i|^--in-place/],
];
const SEARCHERS = /^(?:grep|egrep|fgrep|ggrep|rg|ag|ack|ugrep)$/;
const NAMES_ONLY = /^-[a-zA-Z]*[lL]|^--(?:files|files-with-matches|files-without-match)$/;
const RECURSIVE = /^-[a-zA-Z]*[rR]|^--(?:recursive|dereference-recursive)$/;
const VALUE_FLAGS = [
  ...['-e', '-f', '-A', '-B', '-C', '-m', '-g', '-t', '-T', '-d', '-j', '-E', '-S', '-c'],
  ...[
    '--glob',
    '--type',
    '--include',
    '--exclude',
    '--exclude-dir',
    '--extension',
    '--pattern',
    '-n',
    '-p',
    '-h',
    '-a',
  ],
];
/** Some files of a folder, which of them is not known. */
const SOME = '**/*';
const KINDS_WITH_DATA =
  /^(?:ns|namespaces?|pvc?|persistentvolume(?:claim)?s?|no|nodes?|crds?|statefulsets?|sts)$/;

/** The output of a command, better known than by `output` where it lists names. */
export function listed(invocation: Invocation, output: Value): Value {
  const { name, stdin } = invocation;
  if (stdin?.lists === true && passesOn(invocation)) return stdin;
  if (output.known) return /^(?:find|gfind)$/.test(name) ? { ...output, lists: true } : output;
  const text = listOf(invocation);
  return text === null ? output : { text, known: true, taint: 'none', lists: true };
}

function passesOn({ name, args }: Invocation): boolean {
  if (!PASSES_ON.test(name)) return false;
  if (name === 'xargs') return args.length === 0;
  const printsElse = PRINTS_ELSE.find(([program]) => program.test(name))?.[1];
  return printsElse === undefined || !args.some(({ text }) => printsElse.test(text));
}

function listOf(invocation: Invocation): string | null {
  const { name, args } = invocation;
  if (args.some(({ known }) => !known)) return null;
  if (SEARCHERS.test(name)) return searched(invocation);
  if (name === 'git') return listedByGit(args.map(({ text }) => text));
  if (name === 'ls') return listedByLs(operandsOf(args));
  if (/^fd/.test(name)) return foundByFd(args);
  if (name === 'mktemp') return temporary(invocation);
  if (/^(?:redis|valkey|keydb)-cli$/.test(name)) return keysOf(args.map(({ text }) => text));
  return name === 'kubectl' || name === 'oc' ? resourcesOf(args.map(({ text }) => text)) : null;
}

/** `grep -rl`, `rg -l`, `rg --files`: some files below where it looks. */
function searched({ name, args }: Invocation): string | null {
  const flags = args.map(({ text }) => text);
  if (!flags.some((flag) => NAMES_ONLY.test(flag))) return null;
  if (/grep$/.test(name) && !flags.some((flag) => RECURSIVE.test(flag))) return null;
  const hasPattern = !flags.some((flag) => /^(?:-e|-f|--files|--regexp|--file)$/.test(flag));
  const starts = operandsOf(args).slice(hasPattern ? 1 : 0);
  return below(starts, SOME);
}

function below(starts: readonly string[], names: string): string {
  const folders = starts.length === 0 ? ['.'] : starts;
  return folders
    .map((start) =>
      /\.\w+$/.test(start) || start.includes('*') ? start : `${start.replace(/\/+$/, '')}/${names}`,
    )
    .join('\n');
}

function operandsOf(args: readonly Argument[]): readonly string[] {
  const { operands } = parseArguments(args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  return operands.map(({ text }) => text);
}

/** Only `ls-files` without more lists the whole workspace; the others some files or branches of it. */
function listedByGit(args: readonly string[]): string | null {
  const at = args.findIndex((word, index) => !word.startsWith('-') && !/^-[cC]$/.test(args[index - 1] ?? ''));
  const command = args[at];
  const rest = args.slice(at + 1);
  const flags = rest.filter((word) => word.startsWith('-'));
  if (args.slice(0, Math.max(0, at)).includes('-C')) return null;
  if (command === 'ls-files') {
    if (flags.some((flag) => /^(?:-[a-z]*[oi]|--others|--ignored)/.test(flag))) return null;
    const names = rest.filter((word) => !word.startsWith('-'));
    const narrow =
      names.length > 0 ||
      flags.some((flag) => /^(?:-[a-z]*[mdu]|--(?:modified|deleted|unmerged))/.test(flag));
    return narrow ? `./${SOME}` : './**';
  }
  if (command === 'ls-tree' && flags.includes('--name-only')) return flags.includes('-r') ? './**' : './*';
  if (flags.some((flag) => /^--name-only$/.test(flag))) return `./${SOME}`;
  if (command === 'grep' && flags.some((flag) => NAMES_ONLY.test(flag))) return `./${SOME}`;
  return listsBranches(command, rest) ? '*' : null;
}

/** Branches that are merged are none that anybody misses. */
function listsBranches(command: string | undefined, rest: readonly string[]): boolean {
  if (rest.some((word) => /^--(?:merged|show-current|contains|points-at)/.test(word))) return false;
  if (command === 'ls-remote') return true;
  if (command === 'for-each-ref') return !rest.some((word) => word.startsWith('refs/tags'));
  return command === 'branch' && rest.some((word) => /^(?:-[a-z]*[ra]|--remotes|--all)$/.test(word));
}

function listedByLs(operands: readonly string[]): string {
  const folders = operands.length === 0 ? ['.'] : operands;
  return folders.map((one) => (/[*?]|\.\w+$/.test(one) ? one : `${one.replace(/\/+$/, '')}/*`)).join('\n');
}

/** A pattern of letters, an ending or a type of files narrows what is found. */
function foundByFd(args: readonly Argument[]): string {
  const [pattern, ...starts] = operandsOf(args);
  const narrow =
    args.some(({ text }) => /^(?:-e|--extension|-g|--glob)/.test(text)) || /\w{2}/.test(pattern ?? '');
  if (narrow) return below(starts, SOME);
  return starts.length === 0 ? './**' : starts.map(everythingBelow).join('\n');
}

/** A file of its own for each `mktemp` of the input. */
function temporary({ args, span }: Invocation): string | null {
  const words = args.map(({ text }) => text);
  if (words.some((word) => /^(?:-p|--tmpdir=.|-u|--dry-run)/.test(word))) return null;
  const template = words.find((word) => word.includes('XXX'));
  if (template === undefined || !template.includes('/')) return `/tmp/tmp.${span.start}`;
  return template.startsWith('/tmp/') ? template.replace(/X{3,}/, String(span.start)) : null;
}

function keysOf(args: readonly string[]): string | null {
  const at = args.findIndex((word) => /^(?:--pattern|keys)$/i.test(word));
  if (at >= 0) return args[at + 1] ?? '*';
  return args.some((word) => word === '--scan') ? '*' : null;
}

/** `kubectl get namespaces -o name`: what is deleted by such a list takes all that is in it along. */
function resourcesOf(args: readonly string[]): string | null {
  const kind = args[args.indexOf('get') + 1];
  const named = args.some(
    (word, index) =>
      /^(?:-oname|-o=name|--output=name)$/.test(word) || (word === 'name' && args[index - 1] === '-o'),
  );
  return named && kind !== undefined && KINDS_WITH_DATA.test(kind) ? `${kind}/*` : null;
}
