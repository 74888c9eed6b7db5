/** Finds out which program a command runs and lets its catalogue entry, or its own extractor, judge it. */

import type { PlaceKind } from '../catalogue/places.js';
import type { Extractor, Program } from '../catalogue/program.js';
import { PROGRAMS, programNamed, programNameOf } from '../catalogue/programs.js';
import { changesElsewhere, changesLocally, disturbs, escalates, unseen } from '../catalogue/verdicts.js';
import { worstOfAddress } from '../http/control.js';
import { readCurl } from '../http/curl.js';
import { readHttpie } from '../http/httpie.js';
import { judgeRequest } from '../http/judge.js';
import type { HttpRequest } from '../http/request.js';
import { readSocket } from '../http/socket.js';
import { readWget } from '../http/wget.js';
import { applyProgramRules } from '../own-rules.js';
import { canonicalPath, directoryOf, isInSession, placeOf, resolvePath, touch } from '../paths.js';
import { choosesTarget, surroundingsOf } from '../surroundings.js';
import { suspect } from '../suspicion.js';
import { type Argument, joinTaint, unknownValue, type Value } from './argument.js';
import { runBuiltin } from './builtin.js';
import { ANY_WORDS, judgeCarried } from './carry.js';
import { noteChanges } from './changes.js';
import { runCode, runFramework } from './code.js';
import { judgeLoaded } from './configured.js';
import { throughFilter } from './filter.js';
import { runFind } from './find.js';
import { guard } from './guard.js';
import { runInterpreter, runText } from './interpreter.js';
import type { Invocation, ProgramExtractor } from './invocation.js';
import { leaveText } from './leave.js';
import { listed } from './listing.js';
import { runRecipes } from './recipes.js';
import { judgeByRules } from './rules.js';
import { runSchedule } from './schedule.js';
import { judgeSpoken, judgeSubcommand, statementsIn } from './subcommand.js';
import { runWindows } from './windows.js';
import { runXargs } from './xargs.js';

const EXTRACTORS: Readonly<Record<Extractor, ProgramExtractor>> = {
  curl: readCurl,
  wget: readWget,
  httpie: readHttpie,
  socket: readSocket,
  find: runFind,
  xargs: runXargs,
  interpreter: runInterpreter,
  code: runCode,
  builtin: runBuiltin,
  schedule: runSchedule,
  windows: runWindows,
};

const HIDDEN_COMMAND = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'Which program runs cannot be seen.',
);
const FETCHED_COMMAND = unseen(escalates(''), 'It runs code that was fetched or decoded a moment before.');
const UNKNOWN_HERE = changesLocally(
  'A program of the workspace that the catalogue does not know.',
  'execute',
);
const UNKNOWN_ELSEWHERE = changesElsewhere('A program that the catalogue does not know.', {
  verb: 'execute',
});
const UNKNOWN_OUTSIDE = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It runs a program from outside the workspace that cannot be seen.',
);
/** Where the system and its package managers keep programs. */
const SYSTEM_PROGRAM =
  /^\/(?:s?bin|usr|snap|opt\/homebrew|nix\/store|System|Applications|Library)\/|^~\/(?:\.local|\.cargo|go|\.bun|\.deno)\/bin\//;
/** Where anybody may put a program under any name. */
const SCRATCH = /^(?:\/private)?(?:\/var)?\/tmp\/|^\/dev\/shm\/|^\/var\/folders\//;
const WHOLE: readonly PlaceKind[] = ['root', 'home', 'workspace', 'disk'];
const NETWORK_WORDS =
  /(?:^|[^a-z])(?:deploy|publish|release|push|upload|send|sync|prod|production|remote|ssh|ftp|drop|destroy|delete|purge|wipe|migrate|seed|https?:|s3:|gs:)(?:[^a-z]|$)/i;

/** Judges one command. */
export function dispatch(name: Argument, invocation: Omit<Invocation, 'name'>): Value {
  if (!name.known || isPattern(name.text)) {
    assumeWorst(invocation);
    invocation.analysis.report(name.taint === 'none' ? HIDDEN_COMMAND : FETCHED_COMMAND, {
      target: `program ${name.text}`,
      span: invocation.span,
    });
    guard({ ...invocation, name: '' }, 0);
    invocation.analysis.files.doubtAll();
    return unknownValue('output');
  }
  const program = programOf(name.text, invocation.directory);
  const full = named(program.name, invocation);
  const entry = program.trusted ? PROGRAMS.get(program.name) : undefined;
  const before = invocation.analysis.findings.length;
  const judge = (): Value => (entry === undefined ? judgeUnknown(name, full) : runEntry(entry, full));
  const around = surroundingsOf(full);
  const judged = around.length === 0 ? judge() : full.analysis.within(around, judge);
  const output = listed(full, throughFilter(full, judged));
  if (around.length > 0 && choosesTarget(full)) full.analysis.enter(around);
  applyProgramRules(name.text, full, before);
  judgeFetched(full);
  runRecipes(full);
  judgeLoaded(full);
  guard(full, before);
  noteChanges(full, entry, before);
  leaveText(full);
  const taint = joinTaint(output.taint, invocation.stdin?.taint ?? 'none');
  return output.known ? output : { ...output, taint };
}

/** The invocation of a program; field by field, since copying any shape is slow. */
function named(name: string, invocation: Omit<Invocation, 'name'>): Invocation {
  return {
    analysis: invocation.analysis,
    name,
    args: invocation.args,
    stdin: invocation.stdin,
    environment: invocation.environment,
    span: invocation.span,
    place: invocation.place,
    directory: invocation.directory,
    run: invocation.run,
    evaluate: invocation.evaluate,
    shell: invocation.shell,
  };
}

/** `/bin/r?` is whatever file fits; `[` alone is a test. */
function isPattern(name: string): boolean {
  return /[*?]|\[.+\]/.test(name);
}

/** A hidden program that is given a whole place or an address may do the worst that can be done there. */
function assumeWorst({ analysis, args, directory, place, span }: Omit<Invocation, 'name'>): void {
  for (const word of args) {
    const path = canonicalPath(resolvePath(word.text, directory), directoryOf(analysis));
    if (WHOLE.includes(placeOf(path)))
      touch(analysis, { path: word.text, access: 'delete-tree', directory, place, span: word.span });
    if (/^https?:\/\//i.test(word.text)) judgeRequest(hiddenRequest(word, span), analysis);
  }
}

function hiddenRequest(address: Argument, span: Argument['span']): HttpRequest {
  return {
    method: null,
    url: address.text,
    urlKnown: address.known,
    headers: [],
    body: { kind: 'hidden', what: 'a request of a hidden program', span: address.span },
    carriesCredential: false,
    span,
    names: [],
  };
}

function runEntry(entry: Program, invocation: Invocation): Value {
  const output =
    entry.extractor === undefined ? judgeByRules(entry, invocation) : EXTRACTORS[entry.extractor](invocation);
  if (entry.carries !== undefined) judgeCarried(entry.carries, invocation);
  return output;
}

/** The catalogue name of a program; one that is started from some other folder is not what its name says. */
function programOf(path: string, directory: string): { readonly name: string; readonly trusted: boolean } {
  const slash = path.lastIndexOf('/');
  if (PROGRAMS.has(path)) return { name: path, trusted: true };
  if (slash < 0 || path.startsWith('@')) return { name: programNameOf(path), trusted: true };
  const folder = path.slice(0, slash);
  const name = path.slice(slash + 1);
  const isProgramFolder = /(?:^|\/)s?bin$|node_modules\/\.bin$/.test(folder);
  return { name, trusted: isProgramFolder && !SCRATCH.test(resolvePath(path, directory)) };
}

/** Not in the catalogue: tier 1 inside the workspace without network words, tier 2 otherwise. */
function judgeUnknown(name: Argument, invocation: Invocation): Value {
  const { analysis, args, span, directory, place } = invocation;
  const framework = runFramework(name, invocation);
  if (framework !== null) return framework;
  const script = analysis.files.content(name.text, invocation) ?? analysis.files.named(name.text);
  if (script !== undefined) {
    const known = script.known && name.text.includes('/');
    if (known || script.taint !== 'none') return runScript(name, script, invocation);
    for (const one of script.known ? [script] : (script.perhaps ?? []))
      suspect(analysis, () => runScript(name, one, invocation));
  }
  judgeCarried(ANY_WORDS, invocation);
  judgeNamedServices(invocation);
  const speaksOfNetwork = [name, ...args].some((word) => !word.known || NETWORK_WORDS.test(word.text));
  const outside = name.text.includes('/') && !isInSession(analysis, name.text, directory);
  const unseenFile = outside && place === 'here' && !SYSTEM_PROGRAM.test(resolvePath(name.text, directory));
  const elsewhere = speaksOfNetwork || outside || place !== 'here';
  for (const statement of statementsIn(args)) readStatement(statement, invocation);
  const fallback = unseenFile ? UNKNOWN_OUTSIDE : elsewhere ? UNKNOWN_ELSEWHERE : UNKNOWN_HERE;
  const stated = judgeSubcommand({ name: name.text, args });
  const look = judgeSpoken({ name: name.text, args });
  const judgement = look ?? (stated !== null && stated.tier > fallback.tier ? stated : fallback);
  analysis.report(judgement, { target: `program ${name.text}`, span, names: args.map((arg) => arg.text) });
  return unknownValue('output');
}

/** A package that is fetched to be run is judged by its words, when nobody knows it. */
function judgeFetched({ name, args, analysis, span }: Invocation): void {
  if (!/^(?:npx|bunx|pnpx|uvx|pipx)$/.test(name)) return;
  const at = args.findIndex(({ text }) => !text.startsWith('-'));
  const wrapped = args[at];
  if (wrapped === undefined || !wrapped.known || programNamed(wrapped.text) !== undefined) return;
  const stated = judgeSubcommand({ name: wrapped.text, args: args.slice(at + 1) });
  if (stated !== null) analysis.report(stated, { target: `package ${wrapped.text}`, span });
}

/** An unknown program that is given a statement may run it where nobody sees. */
function readStatement({ text, span }: Argument, { analysis, directory, args }: Invocation): void {
  const names = args.map((word) => word.text);
  analysis.read('sql', { text, locate: () => span }, { place: 'remote', directory, names });
}

/** An unknown program that is given a service or a database may do the worst that can be done there. */
function judgeNamedServices({ analysis, args, span }: Invocation): void {
  for (const word of args) {
    const worst = worstOfAddress(word.text);
    if (worst !== null)
      analysis.report(worst, { target: 'a service given to an unknown program', span, names: [word.text] });
  }
}

/** A script whose content is seen is judged by the interpreter that its first line names. */
function runScript(name: Argument, script: Value, invocation: Invocation): Value {
  const [interpreter, ...flags] = script.known ? interpreterWords(script.text) : [];
  if (interpreter === undefined || PROGRAMS.get(interpreter)?.extractor === 'interpreter')
    return runText(invocation, script, { raw: '', span: name.span, positional: invocation.args });
  const words = [interpreter, ...flags].map((text) => ({ ...name, text, raw: text }));
  return invocation.run([...words, name, ...invocation.args], invocation.stdin, invocation.place);
}

/** `#!/usr/bin/env -S node --flag` is `node --flag`; nothing when a text names no interpreter. */
function interpreterWords(script: string): readonly string[] {
  const line = /^#!\s*([^\n]{0,256})/.exec(script)?.[1] ?? '';
  const words = line.split(/\s+/).filter((word) => word !== '');
  const isEnv = /(?:^|\/)env$/.test(words[0] ?? '');
  const start = isEnv ? words.findIndex((word, index) => index > 0 && !/^-|^\w+=/.test(word)) : 0;
  const [path, ...flags] = start < 0 ? [] : words.slice(start);
  return path === undefined ? [] : [path.slice(path.lastIndexOf('/') + 1), ...flags];
}
