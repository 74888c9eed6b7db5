/** Finds out which client libraries a code uses, and which of its names stand for something of theirs. */
import { LIBRARIES } from '../catalogue/libraries.js';
import type { Library } from '../catalogue/library.js';
import type { Literal } from './literals.js';

/** A library that a code uses, with the names that stand for it or for what was made of it. */
export interface Used {
  readonly library: Library;
  readonly names: ReadonlySet<string>;
}

/** A module and the names that the code gives to it or to its parts. */
interface Import {
  readonly module: string;
  readonly names: readonly string[];
}

const TELLING_NAMES = new RegExp(
  LIBRARIES.flatMap(({ globals, within }) => [globals, within])
    .flatMap((names) => names?.source ?? [])
    .join('|'),
  'i',
);
/** False for a name by which no library is known, as most are; so each library is asked about few. */
const isTelling = (name: string): boolean => TELLING_NAMES.test(name);

const SHOWING = LIBRARIES.filter(({ shows }) => shows !== undefined);
const IMPORTS = /\b(?:from|import|use|using)\b/;
const PASSES = 4;
const PAIRS_MAX = 5_000;
const FROM_IMPORT = /\bfrom\s+([\w.]+)\s+import\s+\(?([\w\s,*]+)/g;
const PLAIN_IMPORT =
  /\b(?:import(?:\s+static)?|use|using)\s+\\?([\w.\\:]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)/g;
const MODULE_TEXT =
  /(?:\bfrom|\b(?:require|import|import_module|__import__|require_relative|load)\s*\(?|\bimport\s+[\w.]+)\s*$/;
const ASSIGNED =
  /(\{[^{}]*\}|[\w$]+)\s*=\s*(?:await\s*)?\(?\s*(?:require|import|__import__|importlib\.import_module)\s*\(\s*$/;
const IMPORTED = /\bimport\s+(?:type\s+)?([\w$\s,{}*]+?)\s+from\s*$/;
/** What is assigned to a name, as far as the first word of it says. */
const ASSIGNMENT =
  /(?<![\w$])([A-Za-z_$][\w$]*)(?:\s*,\s*[A-Za-z_$][\w$]*)?\s*(?::\s*[\w.[\]|]+\s*)?:?=(?![=>])\s*(?:(?:await|new|yield|this\.|self\.)\s*|[(&*@\\])*([A-Za-z_$][\w$]*)/g;
const DESTRUCTURED = /\{([\w\s,:$]{1,400})\}\s*=\s*(?:(?:await|new)\s+)*([A-Za-z_$][\w$]*)/g;
const WITHIN =
  /\b(?:with|for)\s+(?:const\s+|let\s+|var\s+|async\s+)*\(?([A-Za-z_$][\w$]*)[^\n]{0,200}?\s(?:as|in|of)\s+([A-Za-z_$][\w$]*)/g;
const TYPED = /\b([A-Za-z_$][\w$]*)\??\s*:\s*([A-Z][\w$]*)/g;

/** The libraries of the catalogue that a code imports or names. */
export function librariesUsed(code: string, blank: string, literals: readonly Literal[]): readonly Used[] {
  const imports = [...importsIn(blank), ...importsByText(code, literals)];
  const list = [...new Set(blank.match(/[A-Za-z_$][\w$]*/g))].filter(isTelling);
  const spoken = literals.flatMap(({ text }) => (/^\w{3,40}$/.test(text) && isTelling(text) ? [text] : []));
  const names = [...list, ...spoken];
  const shown = SHOWING.filter(({ shows }) => shows?.test(blank) === true);
  if (imports.length === 0 && names.length === 0 && shown.length === 0) return [];
  let pairs: readonly Pair[] | null = null;
  const used: Used[] = [];
  for (const library of LIBRARIES) {
    const imported = imports.filter(({ module }) => library.modules.test(module));
    const named = list.filter((name) => library.globals?.test(name) === true);
    const within = names.some((name) => library.within?.test(name) === true);
    if (imported.length === 0 && named.length === 0 && !within && !shown.includes(library)) continue;
    pairs ??= pairsIn(blank);
    used.push({ library, names: spread([...imported.flatMap(({ names }) => names), ...named], pairs) });
  }
  return used;
}

/** `import a.b as c`, `from a import b`, `use A\B\C`, `using A.B`. */
function importsIn(blank: string): readonly Import[] {
  if (!IMPORTS.test(blank)) return [];
  const from = [...blank.matchAll(FROM_IMPORT)].map(([, module = '', names = '']) => ({
    module,
    names: namesOf(names),
  }));
  const whole = [...blank.matchAll(PLAIN_IMPORT)].flatMap(([, list = '']) =>
    list.split(',').map((part) => {
      const [module = '', alias] = part.trim().split(/\s+as\s+/);
      const parts = module.split(/[.\\]|::/);
      return { module: module.replace(/::.*$/, ''), names: [alias ?? parts.at(-1) ?? '', parts[0] ?? ''] };
    }),
  );
  return [...from, ...whole];
}

/** Modules that are named by a text, as `require('x')`, `import … from 'x'` and `import ("x")` do. */
function importsByText(code: string, literals: readonly Literal[]): readonly Import[] {
  return literals.flatMap(({ text, start }) => {
    if (!/^[@\w][\w@./:\\-]{1,100}$/.test(text)) return [];
    const before = code.slice(Math.max(0, start - 240), start);
    const path = /^[\w.-]+\.\w+\//.test(text);
    if (!path && !MODULE_TEXT.test(before)) return [];
    const given = ASSIGNED.exec(before)?.[1] ?? IMPORTED.exec(before)?.[1] ?? '';
    const last = text.replace(/\/v\d+$/, '');
    return [
      {
        module: text.replace(/^npm:|@\d.*$/g, ''),
        names: [...namesOf(given), last.slice(last.lastIndexOf('/') + 1)],
      },
    ];
  });
}

/** The names that `{ A, B as C, D: E }` or `A, B as C` brings. */
function namesOf(list: string): readonly string[] {
  return list
    .split(/[,{}\n]/)
    .map((part) => /([\w$]+)\s*$/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '');
}

interface Pair {
  readonly name: string;
  readonly from: string;
}

/** Which name was made of which, in the order of the code. */
function pairsIn(blank: string): readonly Pair[] {
  const pair = ([, name = '', from = '']: RegExpMatchArray): Pair => ({ name, from });
  const swapped = ([, from = '', name = '']: RegExpMatchArray): Pair => ({ name, from });
  const withs = [...blank.matchAll(WITHIN)].map((match) =>
    match[0].startsWith('with') ? swapped(match) : pair(match),
  );
  const parts = [...blank.matchAll(DESTRUCTURED)].flatMap(([, names = '', from = '']) =>
    namesOf(names).map((name) => ({ name, from })),
  );
  return [
    ...[...blank.matchAll(ASSIGNMENT)].map(pair),
    ...parts,
    ...withs,
    ...[...blank.matchAll(TYPED)].map(pair),
  ].slice(0, PAIRS_MAX);
}

/** All names that come from the first ones by assignment. */
function spread(first: readonly string[], pairs: readonly Pair[]): ReadonlySet<string> {
  const names = new Set(first);
  for (let pass = 0; pass < PASSES; pass += 1) {
    const before = names.size;
    for (const { name, from } of pairs) if (names.has(from)) names.add(name);
    if (names.size === before) break;
  }
  return names;
}
