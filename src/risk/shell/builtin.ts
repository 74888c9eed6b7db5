/** Commands that are the shell's own, and small filters whose output can be computed. */
import { reads } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, EMPTY, joinTaint, unknownValue, type Value } from './argument.js';
import { runSource } from './interpreter.js';
import type { Invocation } from './invocation.js';

type Builtin = (invocation: Invocation) => Value;

const HARMLESS = reads('It only works inside the shell.');
const OUTPUT_LENGTH_MAX = 64 * 1024;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  cd: changeDirectory,
  pushd: changeDirectory,
  export: assign,
  declare: assign,
  typeset: assign,
  local: assign,
  readonly: assign,
  alias: defineAlias,
  eval: evaluate,
  trap: (invocation) => evaluateWord(invocation, invocation.args[0]),
  source: runSource,
  '.': runSource,
  echo: (invocation) => echoed(invocation.args),
  printf: (invocation) => formatted(invocation.args),
  cat: concatenate,
  base64: decodeBase64,
  xxd: decodeHex,
  rev: (invocation) => filtered(invocation, (text) => [...text].reverse().join('')),
  tr: (invocation) => unknownValue('text', invocation.stdin === null ? 'none' : 'decoded'),
  which: locate,
  type: locate,
};

/** Runs a builtin: reports what it touches and returns what it prints. */
export function runBuiltin(invocation: Invocation): Value {
  const builtin = BUILTINS[invocation.name];
  if (builtin !== undefined) return builtin(invocation);
  return quiet(invocation, EMPTY);
}

/** A command without an effect is still mentioned, so that a record shows that it was seen. */
function quiet(invocation: Invocation, output: Value): Value {
  invocation.analysis.report(HARMLESS, { target: `shell ${invocation.name}`, span: invocation.span });
  return output;
}

function changeDirectory(invocation: Invocation): Value {
  const target = invocation.args.find((word) => !word.text.startsWith('-') || word.text === '-');
  invocation.shell.setDirectory(target === undefined ? '~' : target.known ? target.text : '$DIRECTORY');
  return quiet(invocation, EMPTY);
}

function assign(invocation: Invocation): Value {
  for (const word of invocation.args) {
    const equals = word.text.indexOf('=');
    if (equals > 0)
      invocation.shell.setVariable(word.text.slice(0, equals), {
        ...word,
        text: word.text.slice(equals + 1),
      });
  }
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
  const escapes = args[0]?.text === '-e';
  const words = args.filter((word, index) => !(index < 2 && /^-[neE]+$/.test(word.text)));
  const text = words.map((word) => word.text).join(' ');
  return {
    text: `${escapes ? unescaped(text) : text}\n`,
    known: words.every((word) => word.known),
    taint: words.reduce<Value['taint']>((sum, word) => joinTaint(sum, word.taint), 'none'),
  };
}

/** `printf` with `%s` and plain text; another format leaves the output unknown. */
function formatted(args: readonly Argument[]): Value {
  const [format, ...rest] = args;
  if (format === undefined) return EMPTY;
  let used = 0;
  const text = unescaped(format.text).replace(/%[sb%]/g, (code) =>
    code === '%%' ? '%' : (rest[used++]?.text ?? ''),
  );
  const plain = !/%[^%\s]/.test(format.text.replace(/%[sb%]/g, ''));
  return { text, known: plain && args.every((word) => word.known), taint: 'none' };
}

function unescaped(text: string): string {
  return text
    .replace(/\\x([0-9a-fA-F]{1,2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\\0/g, '\0')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\\\/g, '\\');
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
    const content = path.known ? invocation.analysis.content(path.text) : undefined;
    const next = content ?? unknownValue('text', path.taint);
    output = {
      text: output.text + next.text,
      known: output.known && next.known,
      taint: joinTaint(output.taint, next.taint),
    };
  }
  return output;
}

function decodeBase64(invocation: Invocation): Value {
  const decodes = invocation.args.some(
    (word) => /^-(?:[a-zA-Z]*[dD]|-decode)$/.test(word.text) || word.text === '--decode',
  );
  if (!decodes) return unknownValue('text');
  return decoded(invocation, (text) => Buffer.from(text.replace(/\s+/g, ''), 'base64').toString('utf8'));
}

function decodeHex(invocation: Invocation): Value {
  const decodes = invocation.args.some((word) => /^-[a-z]*r/.test(word.text));
  if (!decodes) return unknownValue('text');
  return decoded(invocation, (text) => Buffer.from(text.replace(/\s+/g, ''), 'hex').toString('utf8'));
}

/** Decoding hides what a text is, so whatever runs the result must know that it was decoded. */
function decoded(invocation: Invocation, decode: (text: string) => string): Value {
  const { stdin } = invocation;
  if (stdin?.known !== true)
    return unknownValue('decoded text', joinTaint(stdin?.taint ?? 'none', 'decoded'));
  return { text: decode(stdin.text.slice(0, OUTPUT_LENGTH_MAX)), known: true, taint: 'decoded' };
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

/** `$(which rm)` is `rm`. */
function locate(invocation: Invocation): Value {
  const name = invocation.args.find((word) => !word.text.startsWith('-'));
  return quiet(
    invocation,
    name === undefined ? EMPTY : { text: `${name.text}\n`, known: name.known, taint: 'none' },
  );
}
