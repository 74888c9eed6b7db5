/** What programs leave in files of the text that they are given, as `>` does. */
import { judgeWritten } from '../written.js';
import { type Argument, parseArguments, unknownValue } from './argument.js';
import type { Invocation } from './invocation.js';

/** Where a program writes what it reads, and whether behind what is there. */
interface Target {
  readonly file: Argument;
  readonly appends: boolean;
}

/** Remembers what a file holds from here on, where the program writes what it was given. */
export function leaveText(invocation: Invocation): void {
  const { analysis, stdin, directory, place, span } = invocation;
  const { files } = analysis;
  if (files.isEmpty && stdin === null) return;
  for (const [from, to] of copiesOf(invocation)) {
    files.copy(from, to, { directory, place });
    const copied = files.content(to, { directory, place });
    if (copied !== undefined)
      judgeWritten({ path: to, text: copied, standing: { directory, place }, span }, analysis);
  }
  const text = stdin ?? unknownValue('the input');
  for (const { file, appends } of targetsOf(invocation)) {
    if (!file.known) continue;
    const standing = { directory, place };
    judgeWritten({ path: file.text, text, standing, span: file.span }, analysis);
    if (appends) files.append(file.text, standing, text, files.content(file.text, standing));
    else files.write(file.text, standing, text);
  }
}

const COPIERS = /^(?:cp|mv|ln|install|ditto|rsync|gcp|rename|link)$/;

/** Which file a program puts in the place of which, under another name or in another folder. */
function copiesOf({ name, args, analysis }: Invocation): readonly (readonly [string, string])[] {
  if (analysis.files.isEmpty) return [];
  if (name === 'dd') {
    const of = (key: string): string | undefined =>
      args.find(({ text }) => text.startsWith(key))?.text.slice(key.length);
    const [from, to] = [of('if='), of('of=')];
    return from === undefined || to === undefined ? [] : [[from, to]];
  }
  if (!COPIERS.test(name)) return [];
  const { flags, operands } = parseArguments(args, COPY_SYNTAX);
  const folder = (flags.get('-t') ?? flags.get('--target-directory'))?.[0]?.text;
  const target = folder ?? operands.at(-1)?.text;
  if (target === undefined) return [];
  const sources = folder === undefined ? operands.slice(0, -1) : operands;
  const own = sources.length === 0 && name === 'ln' ? operands : sources;
  return own.map(({ text }) => [text, own === operands && folder === undefined ? '.' : target] as const);
}

const COPY_SYNTAX = {
  valueFlags: ['-t', '--target-directory', '-m', '-o', '-g', '-S', '--exclude', '-e'],
  singleDash: false,
  stopAtOperand: false,
};

function targetsOf({ name, args }: Invocation): readonly Target[] {
  const flags = args.filter(({ text }) => text.startsWith('-') && text !== '-');
  const operands = args.filter(({ text }) => !text.startsWith('-'));
  switch (name) {
    case 'tee':
    case 'sponge': {
      const appends = flags.some(({ text }) => /^-[a-z]*a|^--append$/.test(text));
      return operands.map((file) => ({ file, appends }));
    }
    case 'dd': {
      if (args.some(({ text }) => text.startsWith('if='))) return [];
      const output = args.find(({ text }) => text.startsWith('of='));
      const file = output && { ...output, text: output.text.slice(3) };
      return file === undefined ? [] : [{ file, appends: false }];
    }
    case 'cp':
    case 'install':
    case 'mv': {
      const [source, file] = operands.slice(-2);
      const isInput =
        source !== undefined && /^\/dev\/(?:stdin|fd\/0)$|^\/proc\/self\/fd\/0$/.test(source.text);
      return isInput && file !== undefined ? [{ file, appends: false }] : [];
    }
    default:
      return [];
  }
}
