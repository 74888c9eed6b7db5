/** Python, Node and their like: inline code and script files are read, the rest is a program of the workspace. */
import type { Language } from '../analysis.js';
import { SCRIPTS } from '../catalogue/scripts.js';
import {
  changesElsewhere,
  changesLocally,
  escalates,
  reads,
  rebuilds,
  unseen,
} from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { type Argument, parseArguments, unknownValue, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

const CODE_FLAGS = ['-c', '-e', '-p', '-pe', '-r', '--eval', '--print', '-E'];
const VALUE_FLAGS = [...CODE_FLAGS, '-m', '-W', '-X', '--require', '--import', '--loader', '-C', '-I'];
const RUNS_FETCHED = escalates('It runs code that was fetched or decoded a moment before.');
const RUNS_SCRIPT = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
const RUNS_FAR_SCRIPT = unseen(
  changesElsewhere('', { verb: 'execute' }),
  'It runs a script that was not sent along.',
);
const NETWORK_WORDS =
  /(?:^|[^a-z])(?:deploy|publish|release|push|upload|prod|production|drop|destroy|delete|purge|wipe|migrate)(?:[^a-z]|$)/i;

/** Modules that are run by name and known to stay in the workspace. */
const KNOWN_MODULES: Readonly<Record<string, Judgement>> = {
  pytest: rebuilds('It runs the tests.', 'execute'),
  unittest: rebuilds('It runs the tests.', 'execute'),
  'json.tool': reads('It formats text.'),
  venv: rebuilds('It makes an environment in the workspace.', 'create'),
  'http.server': changesLocally('It serves files of the workspace.', 'execute'),
  mypy: reads('It checks types.', 'code.lint'),
  ruff: rebuilds('It checks or formats code.'),
  black: rebuilds('It formats code.'),
  build: rebuilds('It builds a package.', 'execute'),
};

export function runCode(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: true,
  });
  const inline = CODE_FLAGS.flatMap((flag) => flags.get(flag) ?? []);
  if (flags.has('--version') || flags.has('-V') || flags.has('-v') || flags.has('--help'))
    return unknownValue('version');
  for (const code of inline) readCode(invocation, code, code.raw, code.span);
  if (inline.length > 0) return unknownValue('output');
  const module = flags.get('-m')?.[0];
  if (module !== undefined) return runModule(invocation, module, operands);
  const [script] = operands;
  if (script === undefined || script.text === '-') return readPiped(invocation);
  const content = script.known ? invocation.analysis.content(script.text) : undefined;
  if (content !== undefined) readCode(invocation, content, '', script.span);
  else reportScript(invocation, script);
  return unknownValue('output');
}

function runModule(invocation: Invocation, module: Argument, operands: readonly Argument[]): Value {
  if (module.text === 'pip')
    return invocation.run([{ ...module, text: 'pip' }, ...operands], null, invocation.place);
  const known = KNOWN_MODULES[module.text];
  if (known === undefined) reportScript(invocation, module);
  else invocation.analysis.report(known, { target: `module ${module.text}`, span: invocation.span });
  return unknownValue('output');
}

function readPiped(invocation: Invocation): Value {
  if (invocation.stdin !== null) readCode(invocation, invocation.stdin, '', invocation.span);
  return unknownValue('output');
}

function readCode(invocation: Invocation, code: Value, raw: string, span: Argument['span']): void {
  if (code.taint !== 'none')
    invocation.analysis.report(RUNS_FETCHED, { target: `program ${invocation.name}`, span });
  if (!code.known) {
    if (code.taint === 'none')
      invocation.analysis.report(RUNS_FAR_SCRIPT, { target: `program ${invocation.name}`, span });
    return;
  }
  invocation.analysis.read(languageOf(invocation.name), nestedText(code.text, span, raw), {
    place: invocation.place,
    directory: invocation.directory,
    names: [],
  });
}

function languageOf(program: string): Language {
  return /^(?:python|pypy|uv|ruby|perl|php)/.test(program) ? 'python' : 'javascript';
}

function reportScript(invocation: Invocation, script: Argument): void {
  const known = SCRIPTS.find(
    (rule) => rule.script.test(script.text) && invocation.args.some((word) => rule.word.test(word.text)),
  );
  if (known !== undefined) {
    invocation.analysis.report(known.verdict, { target: `script ${script.text}`, span: invocation.span });
    return;
  }
  const words = [script, ...invocation.args].map((word) => word.text);
  const far =
    !script.known ||
    /^(?:\/|~|\.\.)/.test(script.text) ||
    invocation.place !== 'here' ||
    words.some((text) => NETWORK_WORDS.test(text));
  invocation.analysis.report(far ? RUNS_FAR_SCRIPT : RUNS_SCRIPT, {
    target: `script ${script.text}`,
    span: invocation.span,
    names: words,
  });
}
