/** Judges the calls of client libraries in code: by the library's own rules, else by what their names say. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis } from '../analysis.js';
import { destroys, disturbs, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { actOf, hasNoun, judgeName, meansMany, radiusOf, wordsOf } from '../naming.js';
import { librariesUsed, type Used } from './bindings.js';
import { blanked, type Call, callsIn } from './calls.js';
import type { Literal } from './literals.js';
import { hasCondition, judgeStoreCall } from './stores.js';

const MAY_DESTROY = unseen(
  disturbs('', { verb: 'delete', kind: 'http.delete' }),
  'By its name the call destroys a whole system, and what it belongs to cannot be seen.',
);
const CALLS_HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'Which call of a client library is made cannot be seen.',
);
const TOO_MANY = unseen(
  destroys('', 'system'),
  'There are more calls than can be looked at, so they count as the worst.',
);
const KEYWORDS: ReadonlySet<string> = new Set(['new', 'import', 'export', 'from']);
/** Which method is called is computed. */
const COMPUTED =
  /\bgetattr\s*\([^()\n]{0,80}(?:\([^()\n]{0,80}\)[^()\n]{0,80}){0,3},\s*(?![\s"'])[^()\n]{1,80}\)\s*\(|[\w)\]]\[[A-Za-z_$][\w$.]*\]\s*\(/;
/** Names that ask, prepare or answer, and do nothing by themselves. */
const ONLY_ASKS =
  /^(?:is|can|should|has|have|was|will|did|may|must|on|before|after|test|assert|expect|mock|stub|fake|describe|it|confirm|warn|log)(?=[A-Z_])/;
const WHOLE_SYSTEM =
  /databases?|(?<![a-z])db(?![a-z])|cluster|volume|keyspace|namespace|tenant|account|project|datacenter|vpc|droplet|subscription|backup|filesystem|flush_?(?:all|db)/i;
const COMMAND_OBJECT = /(?:Command|Request|Input)$/;
const DEFINED =
  /\b(?:function\*?|def|fn|func|fun|sub)\s+(?:self\.)?([\w$]+[!?]?)|(?<![\w$.])([\w$]+)\s*[:=]\s*(?:async\b|function\b|\(|lambda\b)/g;
const EMPTY_FILTER = /(?<![\w$.])([\w$]+)\s*=\s*\{\s*\}/g;
const NONE: ReadonlySet<string> = new Set();
const NAMES_MAX = 12;
/** More deletions than any script makes by hand; code that holds more cannot be looked through. */
const GRAVE_CALLS_MAX = 1_500;
/** Creating and changing calls that are looked at: each kind counts once anyway. */
const OTHER_CALLS_MAX = 500;

type Weight = 'grave' | 'other';

interface Code {
  readonly text: string;
  readonly literals: readonly Literal[];
  readonly span: Span;
}

/** What a code says of its own names. */
interface Surroundings {
  readonly used: readonly Used[];
  /** Functions that it defines: what they do stands in their bodies. */
  readonly defined: ReadonlySet<string>;
  /** Names that stand for an empty filter. */
  readonly empty: ReadonlySet<string>;
}

interface Found {
  readonly judgement: Judgement;
  readonly target: string;
  readonly call: Call;
}

/** Reports what the calls of client libraries in a code do, each kind of verdict once. */
export function readClients({ text, literals, span }: Code, analysis: Analysis): void {
  const blank = blanked(text, literals);
  const used = librariesUsed(text, blank, literals);
  const weightOf = memoized((name) => weightIn(name, used));
  const budget = { grave: GRAVE_CALLS_MAX, other: OTHER_CALLS_MAX };
  const interests = (name: string): boolean => {
    const weight = weightOf(name);
    if (weight === null || budget[weight] <= 0) return false;
    budget[weight] -= 1;
    analysis.bounds.step();
    return true;
  };
  const calls = callsIn(text, blank, literals, interests);
  const surroundings: Surroundings = {
    used,
    defined: calls.length === 0 ? NONE : namesIn(blank, DEFINED),
    empty: calls.length === 0 ? NONE : namesIn(blank, EMPTY_FILTER),
  };
  const found = new Map<string, Found>();
  for (const call of calls) {
    const one = judgeCall(call, surroundings);
    if (one === null) continue;
    const { tier, radius, verb } = one.judgement;
    const key = `${tier} ${radius} ${verb}`;
    if (!found.has(key)) found.set(key, one);
  }
  for (const { judgement, target, call } of found.values())
    analysis.report(judgement, { target, span, names: namesGiven(call, literals) });
  if (used.length === 0) return;
  if (budget.grave <= 0) analysis.report(TOO_MANY, { target: 'calls of a client library', span });
  if (COMPUTED.test(blank)) analysis.report(CALLS_HIDDEN, { target: 'a computed call', span });
}

function namesIn(blank: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...blank.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''));
}

function memoized<Answer>(ask: (name: string) => Answer): (name: string) => Answer {
  const known = new Map<string, Answer>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const answer = ask(name);
    known.set(name, answer);
    return answer;
  };
}

/** How much a call of this name may weigh; null when it changes nothing. */
function weightIn(name: string, used: readonly Used[]): Weight | null {
  if (KEYWORDS.has(name) || ONLY_ASKS.test(name)) return null;
  if (used.length === 0) return destroysSystem(name) ? 'grave' : null;
  const act = actOf(name);
  if (act === 'delete' || act === 'reset') return 'grave';
  if (act === 'read') return null;
  return act !== null || judgeName(name) !== null ? 'other' : null;
}

function destroysSystem(name: string): boolean {
  return WHOLE_SYSTEM.test(name) && wordsOf(name).length > 1 && actOf(name) === 'delete';
}

function judgeCall(call: Call, { used, defined, empty }: Surroundings): Found | null {
  if (call.isConstruction && !COMMAND_OBJECT.test(call.name)) return null;
  const receivers = call.receivers.filter(({ name }) => !/^@?(?:this|self|\$this)$/.test(name));
  const own = {
    ...call,
    receivers,
    name: call.isConstruction ? call.name.replace(COMMAND_OBJECT, '') : call.name,
  };
  const owner = ownerOf({ ...own, name: call.name }, used);
  const path = [...receivers.map(({ name }) => name), own.name].join('.');
  if (owner !== null) {
    const judgement = judgeOwned(own, path, owner, empty);
    return judgement === null ? null : { judgement, target: `${owner.library.name} ${path}`, call: own };
  }
  if (defined.has(own.name)) return null;
  const seen = used.length > 0 ? judgeUnowned(own) : null;
  const judgement = seen ?? (destroysSystem(own.name) ? MAY_DESTROY : null);
  return judgement === null ? null : { judgement, target: path, call: own };
}

/** The library to which the first receiver, or any that only it has, belongs. */
function ownerOf(call: Call, used: readonly Used[]): Used | null {
  const { receivers, name } = call;
  const [root] = receivers;
  const module =
    root !== undefined && /^(?:require|import|__import__)$/.test(root.name) ? textOf(root.given) : null;
  return (
    used.find(({ library, names }) => {
      if (module !== null && library.modules.test(module)) return true;
      if (names.has(root?.name ?? name) || library.globals?.test(root?.name ?? name) === true) return true;
      const { within } = library;
      return within !== undefined && (within.test(name) || receivers.some((link) => within.test(link.name)));
    }) ??
    (hasCondition(call) || meansAll(call)
      ? used.find(({ library }) => library.reaches === 'store')
      : undefined) ??
    null
  );
}

/** `User.destroy({ truncate: true })`, `models.sync({ force: true })`. */
const meansAll = ({ given }: Call): boolean => /\b(?:truncate|force)\s*:\s*true\b/.test(given ?? '');

function textOf(given: string | null): string | null {
  return /^\s*["'`]([^"'`]*)["'`]/.exec(given ?? '')?.[1] ?? null;
}

function judgeOwned(
  call: Call,
  path: string,
  { library }: Used,
  empty: ReadonlySet<string>,
): Judgement | null {
  const rule = library.calls?.find(
    (one) => one.call.test(path) && (one.given?.test(call.given ?? '') ?? true),
  );
  if (rule !== undefined) return rule.verdict;
  return library.reaches === 'store' ? judgeStoreCall(call, empty) : judgeServiceCall(call);
}

/** `volumes.get('pg').remove()` removes a volume: a name without a noun takes it from who is called. */
function judgeServiceCall({ name, receivers, given }: Call): Judgement | null {
  if (receivers.length <= 1 && wordsOf(name).length === 1 && actOf(name) !== 'delete') return null;
  const judged = judgeName(hasNoun(name) ? name : `${name} ${subjectOf(receivers)}`);
  if (judged === null || judged.tier === 0 || judged.kind === 'code.exec') return null;
  return given === null && receivers.length === 0 ? null : judged;
}

/** What the receivers say is acted on: the last that names a thing, with what says how many. */
function subjectOf(receivers: Call['receivers']): string {
  const list = receivers.length > 1 ? receivers.slice(1) : receivers;
  const last = list.findLastIndex(({ name }) => hasNoun(name));
  const many = list.slice(Math.max(0, last)).filter(({ name }) => meansMany(name));
  return [list[last]?.name ?? '', ...many.map(({ name }) => name)].join(' ');
}

/** What belongs to no name of a library, in a code that uses one: only what is grave and says to what. */
function judgeUnowned({ name, receivers }: Call): Judgement | null {
  if (receivers.length === 0 || actOf(name) !== 'delete' || !hasNoun(name)) return null;
  const isNoun = radiusOf(name.replace(/all|batch|bulk|many|multiple/gi, '')) !== 'object';
  return isNoun ? judgeName(name) : null;
}

/** Short texts that a call is given: they may say which environment is meant. */
function namesGiven({ start, end }: Call, literals: readonly Literal[]): readonly string[] {
  return literals
    .filter(
      (literal) =>
        literal.start >= start - 200 && literal.end <= end + 1 && /^[\w./:-]{1,80}$/.test(literal.text),
    )
    .slice(-NAMES_MAX)
    .map(({ text }) => text);
}
