/** Python, Node and their like: inline code and script files are read, the rest is a program of the workspace. */
import type { Language } from '../analysis.js';
import { PROGRAMS } from '../catalogue/programs.js';
import { SCRIPTS } from '../catalogue/scripts.js';
import {
  changesElsewhere,
  changesLocally,
  disturbs,
  escalates,
  reads,
  rebuilds,
  unseen,
} from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { isInSession, touch } from '../paths.js';
import { suspect } from '../suspicion.js';
import { type Argument, parseArguments, unknownValue, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

/** Flags that give code, and flags that give something else, by language. */
const FLAGS: readonly {
  readonly program: RegExp;
  readonly code: readonly string[];
  readonly value: readonly string[];
}[] = [
  { program: /^(?:python|pypy)/, code: ['-c'], value: ['-m', '-W', '-X'] },
  { program: /^(?:perl|ruby)/, code: ['-e', '-E'], value: ['-I', '-r', '-C', '-M', '-m'] },
  { program: /^php/, code: ['-r', '-B', '-R', '-E'], value: ['-d', '-c', '-f', '-S', '-t'] },
  {
    program: /./,
    code: ['-e', '-p', '-pe', '--eval', '--print'],
    value: ['-r', '--require', '--import', '--loader', '-C', '--env-file'],
  },
];
const RUNS_FETCHED = escalates('It runs code that was fetched or decoded a moment before.');
const RUNS_SCRIPT = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
const RUNS_FAR_SCRIPT = unseen(
  changesElsewhere('', { verb: 'execute' }),
  'It runs a script that was not sent along.',
);
const RUNS_OUTSIDE = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It runs a script from outside the workspace that was not sent along.',
);
const PRELOADS = ['-r', '--require', '--import', '--loader'];
const WATCHES = /^(?:watch|inspect)$/;
/** Scripts of frameworks that run code they are given, with the word that says so. */
const FRAMEWORK_SHELL = /(?:^|\/)(?:(?:manage\.py|django-admin) shell(?:_plus)?|artisan tinker)$/;
/** Scripts of frameworks that are also started by their own names, with what runs them. */
const FRAMEWORKS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:manage\.py|django-admin(?:\.py)?)$/, 'python'],
  [/(?:^|\/)artisan$/, 'php'],
];
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

/** A script of a framework that is started by its own name; null for any other program. */
export function runFramework(name: Argument, invocation: Invocation): Value | null {
  const runner = FRAMEWORKS.find(([script]) => script.test(name.text))?.[1];
  return runner === undefined
    ? null
    : runCode({ ...invocation, name: runner, args: [name, ...invocation.args] });
}

export function runCode(invocation: Invocation): Value {
  const { code = [], value = [] } = FLAGS.find((entry) => entry.program.test(invocation.name)) ?? {};
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: [...code, ...value],
    singleDash: false,
    stopAtOperand: true,
  });
  const inline = code.flatMap((flag) => flags.get(flag) ?? []);
  if (flags.has('--version') || flags.has('-V') || flags.has('-v') || flags.has('--help'))
    return unknownValue('version');
  if (/^(?:perl|ruby)/.test(invocation.name)) touchInPlace(invocation, operands);
  if (value.includes('--import'))
    readPreloaded(
      invocation,
      PRELOADS.flatMap((flag) => flags.get(flag) ?? []),
    );
  for (const text of inline) readCode(invocation, text, text.raw, text.span);
  if (inline.some(({ text }) => /\bARGV\b|\bargv\b/.test(text))) runOperands(invocation, operands);
  if (inline.length > 0) return unknownValue('output');
  const module = flags.get('-m')?.[0];
  if (module !== undefined) return runModule(invocation, module, operands);
  const [script] = WATCHES.test(operands[0]?.text ?? '') ? operands.slice(1) : operands;
  if (script !== undefined) readFrameworkShell(invocation, script);
  if (script === undefined || script.text === '-') return readPiped(invocation);
  const content = script.known ? invocation.analysis.files.content(script.text, invocation) : script.printed;
  if (content?.known === true || (content !== undefined && content.taint !== 'none'))
    readCode(invocation, content, '', script.span);
  else {
    readPerhaps(invocation, content, script.span);
    reportScript(invocation, script, true);
  }
  return unknownValue('output');
}

/** Code that is told what to run by the words behind it. */
function runOperands(invocation: Invocation, operands: readonly Argument[]): void {
  if (operands.length === 0) return;
  suspect(invocation.analysis, () => {
    invocation.run(operands, invocation.stdin, invocation.place);
  });
}

/** Modules that run before the script: files that were sent along, addresses, and code in the address itself. */
function readPreloaded(invocation: Invocation, modules: readonly Argument[]): void {
  for (const module of modules) {
    const data = /^data:[^,]*,/.exec(module.text);
    const content = invocation.analysis.files.content(module.text, invocation);
    if (/^https?:/.test(module.text)) readCode(invocation, { ...module, taint: 'fetched' }, '', module.span);
    else if (data !== null)
      readCode(invocation, { ...module, text: module.text.slice(data[0].length) }, '', module.span);
    else if (content !== undefined) readCode(invocation, content, '', module.span);
  }
}

/** `manage.py shell -c CODE`, `artisan tinker --execute=CODE`: the script itself runs the code it is given. */
function readFrameworkShell(invocation: Invocation, script: Argument): void {
  const words = invocation.args.slice(invocation.args.findIndex((word) => word.span === script.span) + 1);
  if (!FRAMEWORK_SHELL.test(`${script.text} ${words[0]?.text ?? ''}`)) return;
  const texts = words.flatMap((word, index) => {
    const assigned = /^--(?:command|execute)=([\s\S]*)$/.exec(word.text)?.[1];
    if (assigned !== undefined) return [{ ...word, text: assigned }];
    return /^(?:-c|--command|--execute)$/.test(words[index - 1]?.text ?? '') ? [word] : [];
  });
  const facades = /artisan$/.test(script.text);
  for (const text of texts)
    readCode(invocation, facades ? withModels(text) : text, facades ? '' : text.raw, text.span);
  if (texts.length > 0 || invocation.stdin === null) return;
  readPiped(facades ? { ...invocation, stdin: withModels(invocation.stdin) } : invocation);
}

/** In a shell of Laravel every model is known by its bare name. */
function withModels<Code extends Value>(code: Code): Code {
  const models = new Set(
    [...code.text.slice(0, 4_000).matchAll(/(?<![\w\\])([A-Z]\w*)::/g)].map(([, name]) => name),
  );
  const imports = [...models].map((name) => `use Illuminate\\${name};`).join('\n');
  return { ...code, text: `${imports}\n${code.text}` };
}

/** `-i` rewrites the files that follow. */
function touchInPlace({ analysis, args, directory, place }: Invocation, files: readonly Argument[]): void {
  if (!args.some((word) => /^-[a-z0-9]{0,4}i/.test(word.text))) return;
  for (const file of files) {
    touch(analysis, { path: file.text, access: 'write', directory, place, span: file.span });
  }
}

function runModule(invocation: Invocation, module: Argument, operands: readonly Argument[]): Value {
  if (module.text === 'pip')
    return invocation.run([{ ...module, text: 'pip' }, ...operands], null, invocation.place);
  const known = KNOWN_MODULES[module.text];
  if (known === undefined && PROGRAMS.has(module.text)) {
    const rest = invocation.args.slice(invocation.args.findIndex((word) => word.span === module.span) + 1);
    return invocation.run([{ ...module, raw: '' }, ...rest], invocation.stdin, invocation.place);
  }
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
  // Code may change any file, whether or not that can be seen in it.
  invocation.analysis.files.doubtAll();
  readPerhaps(invocation, code, span);
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

/** Code that may stand there instead of the one that cannot be seen, or that is expected. */
function readPerhaps(invocation: Invocation, code: Value | undefined, span: Argument['span']): void {
  for (const one of code?.perhaps ?? [])
    suspect(invocation.analysis, () => readCode(invocation, one, '', span));
}

function languageOf(program: string): Language {
  return /^(?:python|pypy|uv|ruby|perl|php)/.test(program) ? 'python' : 'javascript';
}

function reportScript(invocation: Invocation, script: Argument, isFile = false): void {
  const { analysis, place, directory } = invocation;
  const after = invocation.args.slice(invocation.args.findIndex((word) => word.span === script.span) + 1);
  const known = SCRIPTS.find((rule) => {
    // What is milder than an unknown script has to be the script's own command.
    const candidates = rule.verdict.tier > 2 ? invocation.args : after.slice(0, 1);
    return rule.script.test(script.text) && candidates.some((word) => rule.word.test(word.text));
  });
  if (known !== undefined) {
    invocation.analysis.report(known.verdict, { target: `script ${script.text}`, span: invocation.span });
    return;
  }
  const words = [script, ...invocation.args].map((word) => word.text);
  const far = !script.known || place !== 'here' || words.some((text) => NETWORK_WORDS.test(text));
  const outside = isFile && place === 'here' && !isInSession(analysis, script.text, directory);
  analysis.report(outside ? RUNS_OUTSIDE : far ? RUNS_FAR_SCRIPT : RUNS_SCRIPT, {
    target: `script ${script.text}`,
    span: invocation.span,
    names: words,
  });
}
