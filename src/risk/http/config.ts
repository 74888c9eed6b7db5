/** The files of options that `curl -K` takes. */
import { type Argument, parseArguments } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { VALUE_FLAGS } from './options.js';

const CONFIG_LINES_MAX = 200;
const CONFIG_FLAGS = ['-K', '--config'];
const MAY_CONFIGURE = /^-[^-]*K|^--config/;

/** `-K file` adds options from a file; one that cannot be seen could say anything. */
export function withConfig(invocation: Invocation): readonly Argument[] {
  const { args } = invocation;
  if (!args.some(({ text }) => MAY_CONFIGURE.test(text))) return args;
  const { flags } = parseArguments(args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const paths = CONFIG_FLAGS.flatMap((flag) => flags.get(flag) ?? []);
  return [...args, ...paths.flatMap((path) => wordsOfConfig(path, invocation))];
}

function wordsOfConfig(path: Argument, invocation: Invocation): readonly Argument[] {
  const { stdin, analysis } = invocation;
  const content = path.text === '-' ? stdin : analysis.files.content(path.text, invocation);
  if (content?.known !== true) {
    analysis.files.doubtAll();
    return [
      { ...path, text: '--data', known: true },
      { ...path, text: '$CONFIG', known: false },
      { ...path, text: '$CONFIG', known: false },
    ];
  }
  const extra = content.text
    .split('\n')
    .slice(0, CONFIG_LINES_MAX)
    .flatMap((line) => configWords(line, path));
  return extra;
}

function configWords(line: string, path: Argument): readonly Argument[] {
  const match = /^\s*-{0,2}([\w-]+)\s*(?:[=:\s]\s*(.*?))?\s*$/.exec(line.slice(0, 4_096));
  if (match === null) return [];
  const [, name = '', value = ''] = match;
  const flag = name.length === 1 ? `-${name}` : `--${name}`;
  const quoted = /^"([\s\S]*)"$/.exec(value);
  const text = quoted === null ? value : (quoted[1] ?? '').replace(/\\(["\\])/g, '$1');
  return value === ''
    ? [{ ...path, text: flag }]
    : [
        { ...path, text: flag },
        { ...path, text },
      ];
}
