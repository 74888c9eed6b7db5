/** Writes a code out plainly: names that stand for one text, and calls that are named by a text. */
import { type Literal, literalsOf } from './literals.js';
import { withFolders, withListed, withQuotes, withRounds } from './rewrite.js';

const CONSTANT =
  /(?<![\w$.@])(\$?[A-Za-z_][\w$]*)\s*(?::\s*(?:str|string)\s*)?:?=\s*[rbu]?("(?:[^"\\\n]|\\.){1,500}"|'(?:[^'\\\n]|\\.){1,500}'|`[^`\\$]{1,500}`)\s*(?=[;,\n)]|$)/g;
const CONSTANTS_MAX = 50;
const USES_MAX = 400;
const TEXTS_MAX = 400;
const NAME = /^[A-Za-z_$][\w$]*[!?]?$/;
/** Modules that are known by their own names whichever way they are loaded. */
const MODULES = /^(?:os|subprocess|shutil|pty|builtins|pathlib|socket|pickle|marshal)$/;
const LOADS =
  /(?:\b__builtins__\.|\bbuiltins\.)?(?:\b__import__|\bimport_module|\bimportlib\.import_module)\s*\(\s*$/;
/** Calls that are given the function to call first. */
const CALLS_FIRST =
  /\b(?:call_user_func(?:_array)?|array_map|forward_static_call|register_shutdown_function|iterator_apply)\s*\(\s*$/;
const GETS_ATTRIBUTE = /\bgetattr\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*),\s*$/;
const BEFORE_MAX = 300;

/** The same code with its constants in place and its calls by name: `getattr(os, 'sys' + 'tem')(x)` is `os.system(x)`. */
export function unfolded(code: string): string {
  const whole = withListed(withRounds(withConstants(withFolders(withQuotes(code)))));
  return withNames(whole, literalsOf(whole));
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(code: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((left, right) => left.start - right.start)) {
    if (start < at) continue;
    parts.push(code.slice(at, start), text);
    at = end;
  }
  return parts.join('') + code.slice(at);
}

/** Puts the text of every name that is set once, to one text, where the name is used. */
function withConstants(code: string): string {
  const constants = constantsOf(code);
  if (constants.size === 0) return code;
  const names = [...constants.keys()].map((name) => name.replaceAll('$', '\\$')).join('|');
  const use = new RegExp(
    `\\$\\{\\s*(${names})\\s*\\}|(?<=[fF]["'][^"'\\n]{0,200})\\{(${names})\\}|(?<![\\w$.'"\`/-])(${names})(?![\\w$'"\`]|\\s*(?::?=(?!=)|:|=>))`,
    'g',
  );
  const used = new Set<string>();
  let uses = 0;
  const whole = code.replace(use, (found, inTemplate?: string, inText?: string, plain?: string) => {
    const name = inTemplate ?? inText ?? plain ?? '';
    const value = constants.get(name);
    uses += 1;
    if (value === undefined || uses > USES_MAX) return found;
    used.add(name);
    return plain === undefined ? value.slice(1, -1) : value;
  });
  // Said where it is used, it need not be said twice.
  return whole.replace(CONSTANT, (found, name: string, value: string) =>
    used.has(name) ? `${found.slice(0, found.lastIndexOf(value))}''` : found,
  );
}

/** Names that are set once, with the text as it is written. */
function constantsOf(code: string): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  const twice = new Set<string>();
  for (const [, name = '', value = ''] of code.matchAll(CONSTANT)) {
    if (constants.has(name)) twice.add(name);
    else if (constants.size < CONSTANTS_MAX) constants.set(name, value);
  }
  for (const name of twice) constants.delete(name);
  return constants;
}

function withNames(code: string, literals: readonly Literal[]): string {
  const edits = literals
    .filter(({ text }) => NAME.test(text))
    .slice(0, TEXTS_MAX)
    .flatMap((literal) => editsFor(code, literal));
  return edits.length === 0 ? code : edited(code, edits);
}

function editsFor(code: string, { text, start, end }: Literal): readonly Edit[] {
  const before = code.slice(Math.max(0, start - BEFORE_MAX), start);
  const after = code.slice(end, end + 20);
  const closes = /^\s*\)/.exec(after)?.[0].length;
  const attribute = closes === undefined ? null : GETS_ATTRIBUTE.exec(before);
  if (attribute !== null && closes !== undefined)
    return [{ start: start - attribute[0].length, end: end + closes, text: `${attribute[1] ?? ''}.${text}` }];
  const indexed = /(?<=[\w)\]])(?:\?\.)?\[\s*$/.exec(before);
  const called = /^\s*\](?=\s*(?:\?\.)?\s*(?:\(|`|\.(?:call|apply|bind)\b))/.exec(after);
  if (indexed !== null && called !== null)
    return [{ start: start - indexed[0].length, end: end + called[0].length, text: `.${text}` }];
  const loads = closes !== undefined && MODULES.test(text) ? LOADS.exec(before) : null;
  if (loads !== null && closes !== undefined)
    return [{ start: start - loads[0].length, end: end + closes, text }];
  const first = CALLS_FIRST.exec(before);
  const comma = /^\s*,\s*/.exec(after);
  if (first !== null && comma !== null)
    return [{ start: start - first[0].length, end: end + comma[0].length, text: `${text}(` }];
  return /^\(/.test(after) && !/[\w)\]]\s*$/.test(before) ? [{ start, end, text }] : [];
}
