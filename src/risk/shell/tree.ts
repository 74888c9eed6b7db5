/** Reports the folders that a command reads with everything below them. */
import { TREE_READERS, type TreeReader } from '../catalogue/trees.js';
import { canonicalPath, directoryOf, isProtected, placeOf, resolvePath, touch } from '../paths.js';
import { type Argument, type ParsedArguments, parseArguments } from './argument.js';
import type { Invocation } from './invocation.js';

/** Programs that take the paths they pack from their standard input. */
const FED = /^(?:cpio|pax|zip|tar|rsync|bsdtar)$/;
const FED_LINES_MAX = 32;
/** `czf`, the old way of writing flags of `tar`. */
const BUNDLE = /^[a-zA-Z]+$/;

const READERS: ReadonlyMap<string, readonly TreeReader[]> = new Map(
  [...new Set(TREE_READERS.flatMap((reader) => reader.programs))].map((name) => [
    name,
    TREE_READERS.filter((reader) => reader.programs.includes(name)),
  ]),
);

/** Reports what matters of the trees that are read: those of the gate, whole homes, and what cannot be seen. */
export function readTrees(invocation: Invocation): void {
  for (const reader of READERS.get(invocation.name) ?? []) {
    const parsed = parsedBy(reader, invocation);
    if (reads(reader, parsed, invocation))
      for (const word of rootsOf(reader, parsed, invocation)) take(word, invocation);
  }
  if (FED.test(invocation.name)) for (const word of fedPaths(invocation)) take(word, invocation);
}

function parsedBy(reader: TreeReader, { name, args }: Invocation): ParsedArguments {
  const [first] = args;
  const bundled = /tar$/.test(name) && first !== undefined && BUNDLE.test(first.text);
  const words = bundled
    ? [{ ...first, text: `-${first.text.replace(/[fCX]/g, '')}` }, ...args.slice(1)]
    : args;
  return parseArguments(words, {
    valueFlags: [...(reader.valueFlags ?? []), ...(reader.from ?? []), ...(reader.base ?? [])],
    singleDash: false,
    stopAtOperand: false,
  });
}

function reads(reader: TreeReader, { flags, operands }: ParsedArguments, { args }: Invocation): boolean {
  if (reader.flags?.some((flag) => flags.has(flag)) === false) return false;
  if (reader.without?.some((flag) => flags.has(flag)) === true) return false;
  const { words } = reader;
  return (
    words === undefined ||
    operands.some((word) => words.includes(word.text)) ||
    args.some((word) => words.includes(word.text))
  );
}

/** The folders that are read, as words that are resolved against where the command runs. */
function rootsOf(reader: TreeReader, parsed: ParsedArguments, invocation: Invocation): readonly Argument[] {
  const { flags } = parsed;
  const given = (reader.from ?? []).flatMap((flag) => flags.get(flag) ?? []).flatMap(sourcesOf);
  const base = (reader.base ?? []).flatMap((flag) => flags.get(flag) ?? []).at(-1);
  const operands = readOperands(reader, parsed).map((word) =>
    base === undefined || /^[/~$]/.test(word.text) ? word : { ...word, text: `${base.text}/${word.text}` },
  );
  if (operands.length + given.length > 0 || reader.here !== true) return [...given, ...operands];
  if (invocation.stdin !== null) return [];
  return [{ text: base?.text ?? '.', known: true, taint: 'none', span: invocation.span, raw: '.' }];
}

function readOperands(reader: TreeReader, { flags, operands }: ParsedArguments): readonly Argument[] {
  const named = operands.filter((word) => !(reader.words?.includes(word.text) ?? false));
  if (reader.operands === 'none') return [];
  if (reader.operands === 'all') return named;
  if (reader.operands === 'all but last') return flags.has('-t') ? named : named.slice(0, -1);
  return (reader.patternFlags ?? []).some((flag) => flags.has(flag)) ? named : named.slice(1);
}

/** `FROM:TO:ro` and `type=bind,src=FROM,dst=TO`. */
function sourcesOf(word: Argument): readonly Argument[] {
  const stated = /(?:^|,)(?:src|source)=([^,]+)/.exec(word.text)?.[1];
  return [{ ...word, text: stated ?? word.text.split(':')[0] ?? word.text }];
}

/** What `find` found, for programs that are told so on their standard input. */
function fedPaths({ stdin, span }: Invocation): readonly Argument[] {
  if (stdin?.known !== true) return [];
  return stdin.text
    .split(/[\n\0]+/)
    .filter((line) => line !== '')
    .slice(0, FED_LINES_MAX)
    .map((text) => ({ text, known: true, taint: stdin.taint, span, raw: '' }));
}

/** Trees of the workspace are read all day; they are not worth a line of the record. */
function take(word: Argument, { analysis, directory, place, span }: Invocation): void {
  const kind = placeOf(canonicalPath(resolvePath(word.text, directory), directoryOf(analysis)));
  const hidden = kind === 'unknown' && !word.known;
  if (
    !hidden &&
    kind !== 'root' &&
    kind !== 'home' &&
    !isProtected(analysis, word.text, directory, 'read-tree')
  )
    return;
  touch(analysis, { path: word.text, access: 'read-tree', directory, place, span: word.span ?? span });
}
