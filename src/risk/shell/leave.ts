/** What programs leave in files of the text that they are given, as `>` does. */
import { type Argument, unknownValue } from './argument.js';
import type { Invocation } from './invocation.js';

/** Where a program writes what it reads, and whether behind what is there. */
interface Target {
  readonly file: Argument;
  readonly appends: boolean;
}

/** Remembers what a file holds from here on, where the program writes what it was given. */
export function leaveText(invocation: Invocation): void {
  const { analysis, stdin, directory, place } = invocation;
  const { files } = analysis;
  const text = stdin ?? unknownValue('the input');
  for (const { file, appends } of targetsOf(invocation)) {
    if (!file.known) continue;
    const standing = { directory, place };
    if (appends) files.append(file.text, standing, text, files.content(file.text, standing));
    else files.write(file.text, standing, text);
  }
}

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
