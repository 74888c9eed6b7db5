/** What a named script or target of the workspace runs: `npm run x` by package.json, `make x` by the Makefile. */
import type { Analysis } from '../analysis.js';
import { unknownValue } from './argument.js';
import type { Invocation } from './invocation.js';

/** The commands behind a name, in the order in which they run; empty when the file has no such name. */
type Recipes = (text: string, names: readonly string[]) => readonly string[];

interface Runner {
  readonly programs: RegExp;
  readonly files: readonly string[];
  /** Flags whose value is the folder, and the file, to take instead. */
  readonly folderFlag: RegExp;
  readonly fileFlag?: RegExp;
  /** What the command names; null when it runs nothing of the file. */
  names(words: readonly string[]): readonly string[] | null;
  readonly recipes: Recipes;
}

const PACKAGE_WORDS =
  /^(?:add|audit|bin|cache|config|create|dedupe|dlx|exec|help|info|init|link|list|login|logout|ls|outdated|owner|pkg|prune|remove|rm|root|search|set|un|uninstall|unlink|update|up|upgrade|view|why|whoami|x)$/;

const RUNNERS: readonly Runner[] = [
  {
    programs: /^(?:npm|pnpm|yarn|bun)$/,
    files: ['package.json'],
    folderFlag: /^(?:-C|--prefix|--cwd|--dir)$/,
    names: ([first, second]) => {
      if (first === undefined) return ['install'];
      if (/^(?:run|run-script|rum|urn)$/.test(first)) return second === undefined ? null : [second];
      return PACKAGE_WORDS.test(first) ? null : [LIFECYCLE_NAMES[first] ?? first];
    },
    recipes: packageScripts,
  },
  {
    programs: /^(?:composer)$/,
    files: ['composer.json'],
    folderFlag: /^(?:-d|--working-dir)$/,
    names: ([first, second]) => {
      if (first === undefined) return null;
      return /^run(?:-script)?$/.test(first) ? (second === undefined ? null : [second]) : [first];
    },
    recipes: packageScripts,
  },
  {
    programs: /^g?make$/,
    files: ['GNUmakefile', 'makefile', 'Makefile'],
    folderFlag: /^(?:-C|--directory)$/,
    fileFlag: /^(?:-f|--file|--makefile)$/,
    names: (words) => words.filter((word) => !word.includes('=')),
    recipes: makeRecipes,
  },
  {
    programs: /^just$/,
    files: ['justfile', 'Justfile', '.justfile'],
    folderFlag: /^(?:-d|--working-directory)$/,
    fileFlag: /^(?:-f|--justfile)$/,
    names: (words) => words.slice(0, 1),
    recipes: justRecipes,
  },
];

const LIFECYCLE_NAMES: Readonly<Record<string, string>> = {
  t: 'test',
  tst: 'test',
  i: 'install',
  ci: 'install',
};
const COMMANDS_MAX = 100;

/** Runs what stands behind the names that a command gives, where its file was sent along or written by the call. */
export function runRecipes(invocation: Invocation): void {
  const runner = RUNNERS.find(({ programs }) => programs.test(invocation.name));
  if (runner === undefined || invocation.analysis.files.isEmpty) return;
  const { folder, file, words } = wordsOf(invocation, runner);
  const names = runner.names(words);
  if (names === null) return;
  for (const path of file === null ? runner.files : [file]) {
    const at = folder === null ? path : `${folder.replace(/\/+$/, '')}/${path}`;
    const content = invocation.analysis.files.content(at, invocation);
    const texts = content === undefined ? [] : content.known ? [content] : (content.perhaps ?? []);
    for (const { text } of texts) {
      const key = `${at}\n${names.join('\n')}`;
      once(invocation.analysis, key, () => run(invocation, runner.recipes(text, names), folder));
    }
    if (texts.length > 0) return;
  }
}

function run({ evaluate, args, span }: Invocation, commands: readonly string[], folder: string | null): void {
  const raw = args.map((word) => word.raw).join(' ');
  const own = { positional: [], stdin: null };
  for (const command of commands.slice(0, COMMANDS_MAX)) {
    const text = folder === null ? command : `cd ${folder}\n${command}`;
    evaluate({ ...unknownValue(text), known: true }, raw, span, own);
  }
}

/** A script may call itself; what it does was seen by then. */
function once(analysis: Analysis, key: string, work: () => void): void {
  if (analysis.running.has(key)) return;
  analysis.running.add(key);
  try {
    work();
  } finally {
    analysis.running.delete(key);
  }
}

/** The operands, without the flags and the values of those that take one. */
function wordsOf({ args }: Invocation, { folderFlag, fileFlag }: Runner) {
  const words: string[] = [];
  let folder: string | null = null;
  let file: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text ?? '';
    if (text === '--') break;
    const [flag = '', value] = /^(--[\w-]+)=(.*)$/s.exec(text)?.slice(1) ?? [text];
    if (folderFlag.test(flag)) folder = value ?? args[++at]?.text ?? null;
    else if (fileFlag?.test(flag)) file = value ?? args[++at]?.text ?? null;
    else if (!text.startsWith('-')) words.push(text);
  }
  return { folder, file, words };
}

/** With the scripts that npm runs before and after one of that name. */
function packageScripts(text: string, names: readonly string[]): readonly string[] {
  const scripts = scriptsIn(text);
  return names.flatMap((name) =>
    [`pre${name}`, name, `post${name}`, ...(name === 'install' ? ['prepare'] : [])]
      .map((each) => (Object.hasOwn(scripts, each) ? scripts[each] : undefined))
      .flatMap((script) => (Array.isArray(script) ? script : [script]))
      .filter((script): script is string => typeof script === 'string' && !script.startsWith('@')),
  );
}

function scriptsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

interface Target {
  readonly needs: readonly string[];
  readonly lines: string[];
}

/** The recipe of a target, after those of the targets that it needs; the first target when none is named. */
function makeRecipes(text: string, names: readonly string[]): readonly string[] {
  const targets = new Map<string, Target>();
  const variables = new Map<string, string>();
  let open: readonly Target[] = [];
  for (const line of text.replace(/\\\n\s*/g, ' ').split('\n')) {
    const recipe = /^[\t ]+[@+-]*(.*)$/.exec(line)?.[1];
    const rule = /^([^\s#=:][^#=:]*?)\s*::?(?!=)\s*([^#=;]*)(?:;(.*))?$/.exec(line);
    const set = /^(?:export\s+)?([\w.-]+)\s*(?:[:?+]{0,2})=\s*(.*)$/.exec(line);
    if (recipe !== undefined) for (const target of open) target.lines.push(recipe);
    else if (set !== null) variables.set(set[1] ?? '', set[2] ?? '');
    else if (rule !== null) {
      open = (rule[1] ?? '').split(/\s+/).map((name) => {
        const target = {
          needs: (rule[2] ?? '').split(/\s+/).filter(Boolean),
          lines: rule[3] ? [rule[3]] : [],
        };
        if (!targets.has(name)) targets.set(name, target);
        return target;
      });
    } else if (line.trim() !== '') open = [];
  }
  const first = [...targets.keys()].find((name) => !name.startsWith('.'));
  const wanted = names.length > 0 ? names : first === undefined ? [] : [first];
  return collect(wanted, targets, new Set()).map((line) => filled(line, variables));
}

/** As those of make, with parameters in the head and `{{x}}` for what they are given. */
function justRecipes(text: string, names: readonly string[]): readonly string[] {
  const plain = text
    .replace(/^@?([\w-]+)[ \t]+[^:\n]*:(?!=)/gm, '$1:')
    .replace(/^@(?=[\w-]+:)/gm, '')
    .replace(/\{\{[^}\n]*\}\}/g, '"$ARGUMENT"');
  return makeRecipes(plain, names);
}

function collect(
  names: readonly string[],
  targets: ReadonlyMap<string, Target>,
  seen: Set<string>,
): readonly string[] {
  return names.flatMap((name) => {
    const target = targets.get(name);
    if (target === undefined || seen.has(name) || seen.size > COMMANDS_MAX) return [];
    seen.add(name);
    return [...collect(target.needs, targets, seen), ...target.lines];
  });
}

/** `$(X)` and `${X}` by what the file sets, `$$` for a dollar of the shell; what it does not set stays unknown. */
const filled = (line: string, variables: ReadonlyMap<string, string>): string =>
  line
    .replace(/\$[({]([\w.-]+)[)}]/g, (_whole, name: string) => variables.get(name) ?? `\${${name}}`)
    .replaceAll('$$', '$');
