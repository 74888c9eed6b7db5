/** Commands that are the shell's own, and small filters whose output can be computed. */
import { reads } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, arrayOf, EMPTY, joinTaint, unknownValue, type Value } from './argument.js';
import { formatted, unescaped } from './format.js';
import { runSource } from './interpreter.js';
import type { Invocation } from './invocation.js';
import { runVariable } from './variables.js';

type Builtin = (invocation: Invocation) => Value;

const HARMLESS = reads('It only works inside the shell.');
const OUTPUT_LENGTH_MAX = 64 * 1024;
const LINES_MAX = 200;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  cd: changeDirectory,
  pushd: changeDirectory,
  popd: returnToDirectory,
  export: assign,
  declare: assign,
  typeset: assign,
  local: assign,
  readonly: assign,
  alias: defineAlias,
  eval: evaluate,
  trap: runLater,
  source: runSource,
  '.': runSource,
  echo: (invocation) => echoed(invocation.args),
  printf: printed,
  cat: concatenate,
  base64: decodeBase64,
  xxd: decodeHex,
  rev: (invocation) => filtered(invocation, (text) => [...text].reverse().join('')),
  tr: (invocation) => unknownValue('text', invocation.stdin === null ? 'none' : 'decoded'),
  which: locate,
  type: locate,
  pwd: (invocation) => quiet(invocation, { text: `${invocation.directory}\n`, known: true, taint: 'none' }),
  set: setPositional,
  read: readVariables,
  mapfile: readArray,
  readarray: readArray,
  let: calculate,
  test: testNames,
  '[': testNames,
  unset: unsetNames,
  complete: completions,
  compgen: completions,
  hash: rememberPath,
};

/** These print nothing; what the others print cannot be computed here. */
const SILENT =
  /^(?:unalias|true|false|:|shopt|exit|return|wait|sleep|shift|ulimit|umask|getopts|disown|break|continue|bind|enable)$/;

/** Runs a builtin: reports what it touches and returns what it prints. */
export function runBuiltin(invocation: Invocation): Value {
  const builtin = BUILTINS[invocation.name];
  if (builtin !== undefined) return builtin(invocation);
  if (SILENT.test(invocation.name)) return quiet(invocation, EMPTY);
  const words = [invocation.name, ...invocation.args.map((word) => word.text)].join(' ');
  return quiet(invocation, unknownValue(`$(${words.slice(0, 80)})`));
}

/** A command without an effect is still mentioned, so that a record shows that it was seen. */
function quiet(invocation: Invocation, output: Value): Value {
  invocation.analysis.report(HARMLESS, { target: `shell ${invocation.name}`, span: invocation.span });
  return output;
}

/** With more than a literal folder, `cd` may fail or lead elsewhere; the folder is then the likeliest one. */
function changeDirectory(invocation: Invocation): Value {
  const target = invocation.args.find((word) => !word.text.startsWith('-') || word.text === '-');
  const plain = invocation.args.filter((word) => word.text !== '--').length < 2;
  if (!plain || target?.text === '-' || /^\+\d/.test(target?.text ?? ''))
    invocation.analysis.files.loseDirectory();
  invocation.shell.setDirectory(target === undefined ? '~' : target.known ? target.text : '$DIRECTORY');
  return quiet(invocation, EMPTY);
}

function returnToDirectory(invocation: Invocation): Value {
  invocation.analysis.files.loseDirectory();
  return quiet(invocation, EMPTY);
}

/** A trap runs when it may no longer be told in which directory. */
function runLater(invocation: Invocation): Value {
  const command = invocation.args.find((word) => word.text !== '--');
  if (/\b(?:cd|pushd|popd)\b/.test(command?.text ?? '')) invocation.analysis.files.loseDirectory();
  return evaluateWord(invocation, command);
}

function assign(invocation: Invocation): Value {
  const { shell, args } = invocation;
  const has = (letter: string): boolean =>
    args.some(({ text }) => /^-\w+$/.test(text) && text.includes(letter));
  const [asNumber, asName] = [has('i'), has('n')];
  for (const word of args) {
    shell.runAsName(word);
    const equals = word.text.indexOf('=');
    if (equals <= 0) continue;
    const name = word.text.slice(0, equals);
    const value = { ...word, text: word.text.slice(equals + 1) };
    if (asNumber) shell.runAsNumber(value);
    if (asName) shell.runAsName(value);
    if (asName) {
      // What it stands for is what the other name holds whenever it is used.
      shell.setVariable(name, unknownValue(`$${value.text}`));
      continue;
    }
    // An array in quotes is one all the same, and its elements are expanded when it is declared.
    if (value.text.startsWith('(')) shell.runAsPrompt(value);
    shell.setVariable(name, value);
    runVariable(name, value, invocation);
  }
  return quiet(invocation, EMPTY);
}

/** `set -- a b` sets the positional arguments; other forms only change how the shell behaves. */
function setPositional(invocation: Invocation): Value {
  const start = invocation.args.findIndex((word) => word.text === '--' || !/^[-+]/.test(word.text));
  const dashes = invocation.args[start]?.text === '--';
  const optionName = invocation.args[start - 1]?.text.endsWith('o') === true;
  if (invocation.args.some((word) => !word.known || /^-\w*C|noclobber/.test(word.text)))
    invocation.analysis.files.doubtWriting();
  if (start >= 0 && (dashes || !optionName))
    invocation.shell.setPositional(invocation.args.slice(dashes ? start + 1 : start));
  return quiet(invocation, EMPTY);
}

/** `read a b` cuts a line into variables, the last of which takes what is left; `read -a list` into an array. */
function readVariables(invocation: Invocation): Value {
  const { stdin, args, shell } = invocation;
  for (const word of args) shell.runAsName(word);
  const taint = stdin?.taint ?? 'none';
  const line = stdin?.known === true ? (stdin.text.split('\n')[0] ?? '').trim() : null;
  const words = line?.split(/\s+/) ?? [];
  const list = args.find((_, index) => /^-[a-z]*a$/.test(args[index - 1]?.text ?? ''));
  const names = args.filter((word) => /^[A-Za-z_]\w*$/.test(word.text)).map((word) => word.text);
  const targets = names.length === 0 ? ['REPLY'] : names;
  targets.forEach((name, index) => {
    const text = index === targets.length - 1 ? words.slice(index).join(' ') : (words[index] ?? '');
    const known: Value = { text, known: true, taint };
    const items = words.map((word) => ({ ...known, text: word }));
    const value = name === list?.text ? arrayOf(items) : known;
    shell.setVariable(name, line === null ? unknownValue(`$${name}`, taint) : value);
  });
  return quiet(invocation, EMPTY);
}

/** `mapfile name` puts the lines that are piped in into an array. */
function readArray(invocation: Invocation): Value {
  const { stdin, args, shell } = invocation;
  for (const word of args) shell.runAsName(word);
  runFlags(invocation, /^-C$/, (word) => evaluateWord(invocation, word));
  const name = args.at(-1)?.text ?? 'MAPFILE';
  const taint = stdin?.taint ?? 'none';
  const lines = stdin?.known === true ? stdin.text.replace(/\n$/, '').split('\n') : null;
  shell.setVariable(
    name,
    lines === null
      ? unknownValue(`$${name}`, taint)
      : arrayOf(lines.slice(0, LINES_MAX).map((text) => ({ text, known: true, taint }))),
  );
  return quiet(invocation, EMPTY);
}

/** `let` takes every word for an expression. */
function calculate(invocation: Invocation): Value {
  for (const word of invocation.args) invocation.shell.runAsNumber(word);
  return quiet(invocation, EMPTY);
}

/** `-v name` and `-R name` look at a variable, and so at its subscript. */
function testNames(invocation: Invocation): Value {
  runFlags(invocation, /^-[vR]$/, (word) => invocation.shell.runAsName(word));
  return quiet(invocation, EMPTY);
}

/** `-C command` runs a command to complete a word, `-W words` expands them. */
function completions(invocation: Invocation): Value {
  runFlags(invocation, /^-C$/, (word) => evaluateWord(invocation, word));
  runFlags(invocation, /^-W$/, (word) => invocation.shell.runAsPrompt(word));
  return quiet(invocation, EMPTY);
}

function runFlags({ args }: Invocation, flag: RegExp, run: (value: Argument) => void): void {
  args.forEach((word, index) => {
    if (flag.test(args[index - 1]?.text ?? '')) run(word);
  });
}

function unsetNames(invocation: Invocation): Value {
  for (const word of invocation.args) invocation.shell.runAsName(word);
  return quiet(invocation, EMPTY);
}

/** `hash -p path name` makes a name stand for another program. */
function rememberPath(invocation: Invocation): Value {
  const [flag, path, name] = invocation.args;
  if (flag?.text === '-p' && path !== undefined && name !== undefined)
    invocation.shell.setAlias(name.text, path.text);
  return quiet(invocation, EMPTY);
}

function defineAlias(invocation: Invocation): Value {
  for (const word of invocation.args) {
    const equals = word.text.indexOf('=');
    if (equals > 0) invocation.shell.setAlias(word.text.slice(0, equals), word.text.slice(equals + 1));
  }
  return quiet(invocation, EMPTY);
}

function evaluate(invocation: Invocation): Value {
  const [first] = invocation.args;
  if (first === undefined) return EMPTY;
  if (invocation.args.length === 1) return evaluateWord(invocation, first);
  const text = invocation.args.map((word) => word.text).join(' ');
  const known = invocation.args.every((word) => word.known);
  const taint = invocation.args.reduce<Value['taint']>((sum, word) => joinTaint(sum, word.taint), 'none');
  return runSource({ ...invocation, name: 'eval', args: [{ ...first, text, known, taint, raw: '' }] });
}

function evaluateWord(invocation: Invocation, word: Argument | undefined): Value {
  return word === undefined ? EMPTY : runSource({ ...invocation, name: 'eval', args: [word] });
}

function echoed(args: readonly Argument[]): Value {
  const escapes = args.slice(0, 2).some(({ text }) => /^-[nE]*e[nE]*$/.test(text));
  const words = args.filter((word, index) => !(index < 2 && /^-[neE]+$/.test(word.text)));
  const text = words.map((word) => word.text).join(' ');
  return {
    text: `${escapes ? unescaped(text) : text}\n`,
    known: words.every((word) => word.known),
    taint: words.reduce<Value['taint']>((sum, word) => joinTaint(sum, word.taint), 'none'),
  };
}

/** `printf`, or `printf -v name`, which keeps what it would print. */
function printed(invocation: Invocation): Value {
  const [first, name] = invocation.args;
  if (first?.text !== '-v' || name === undefined)
    return formatted(first?.text === '--' ? invocation.args.slice(1) : invocation.args);
  invocation.shell.runAsName(name);
  invocation.shell.setVariable(name.text, formatted(invocation.args.slice(2)));
  return EMPTY;
}

function concatenate(invocation: Invocation): Value {
  const paths = invocation.args.filter((word) => !word.text.startsWith('-'));
  if (paths.length === 0) return invocation.stdin ?? EMPTY;
  let output: Value = EMPTY;
  for (const path of paths) {
    const piped = path.text.startsWith('$<(');
    if (!piped) {
      touch(invocation.analysis, {
        path: path.text,
        access: 'read',
        directory: invocation.directory,
        place: invocation.place,
        span: path.span,
      });
    }
    const content = path.known ? invocation.analysis.files.content(path.text, invocation) : undefined;
    if (paths.length === 1 && content !== undefined) return content;
    const next = content ?? path.printed ?? unknownValue('text', path.taint);
    output = {
      text: output.text + next.text,
      known: output.known && next.known,
      taint: joinTaint(output.taint, next.taint),
    };
  }
  return output;
}

/** What a filter is fed: its standard input, or the file that it is given, which it reads. */
function fedContent(invocation: Invocation, valueFlag: RegExp): Value | null {
  const file = invocation.args.find(
    (word, index) => !word.text.startsWith('-') && !valueFlag.test(invocation.args[index - 1]?.text ?? ''),
  );
  if (file === undefined) return invocation.stdin;
  return concatenate({ ...invocation, args: [file] });
}

function decodeBase64(invocation: Invocation): Value {
  const content = fedContent(invocation, /^-[wbo]$/);
  const decodes = invocation.args.some((word) => /^-[a-zA-Z]*[dD]|^--decode$/.test(word.text));
  if (!decodes) return unknownValue('text');
  return decoded(content, (text) => Buffer.from(text.replace(/\s+/g, ''), 'base64').toString('utf8'));
}

function decodeHex(invocation: Invocation): Value {
  const content = fedContent(invocation, /^-[cgls]$/);
  const decodes = invocation.args.some((word) => /^-[a-z]*r/.test(word.text));
  if (!decodes) return unknownValue('text');
  return decoded(content, (text) => Buffer.from(text.replace(/\s+/g, ''), 'hex').toString('utf8'));
}

/** Decoding hides what a text is, so whatever runs the result must know that it was decoded. */
function decoded(content: Value | null, decode: (text: string) => string): Value {
  if (content?.known !== true)
    return unknownValue('decoded text', joinTaint(content?.taint ?? 'none', 'decoded'));
  return { text: decode(content.text.slice(0, OUTPUT_LENGTH_MAX)), known: true, taint: 'decoded' };
}

function filtered(invocation: Invocation, change: (text: string) => string): Value {
  const { stdin } = invocation;
  if (stdin?.known !== true) return unknownValue('text', stdin?.taint ?? 'none');
  return {
    ...stdin,
    text: change(stdin.text.slice(0, OUTPUT_LENGTH_MAX).replace(/\n$/, '')),
    taint: 'decoded',
  };
}

/** `$(which rm)` is the file of `rm`, in one of the folders of programs. */
function locate(invocation: Invocation): Value {
  const name = invocation.args.find((word) => !word.text.startsWith('-'));
  if (name === undefined) return quiet(invocation, EMPTY);
  const path = name.text.includes('/') ? name.text : `/usr/local/bin/${name.text}`;
  return quiet(invocation, { text: `${path}\n`, known: name.known, taint: 'none' });
}
