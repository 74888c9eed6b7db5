/** What a path with wildcards can stand for. `**` stands for any number of folders. */

const PART_LENGTH_MAX = 100;
const PARTS_MAX = 40;
const WILDCARD = /[*?[(]/;
/** Signs of a part that stand for something else than themselves. */
const SPECIAL = /[*?[(){}|\\]/;

/** A place that paths are compared with. Case is not told apart, since not every file system does. */
export interface KnownPlace {
  readonly path: string;
  /** A home folder is also a folder of the whole file system. */
  readonly spellings: readonly (readonly string[])[];
}

export function knownPlace(path: string): KnownPlace {
  const lower = path.toLowerCase();
  return { path: lower, spellings: spellings(lower) };
}

/** A path that is asked about. */
export interface AskedPath {
  readonly path: string;
  /** Its parts, when there are wildcards among them. */
  readonly pattern: readonly Part[] | null;
}

interface Part {
  readonly text: string;
  /** What stands before its first wildcard; the whole of it when there is none. */
  readonly start: string;
  /** Made when it is first needed, since most patterns already begin otherwise than the place. */
  expression: RegExp | null;
}

export function askedPath(path: string): AskedPath {
  const lower = path.toLowerCase();
  return { path: lower, pattern: WILDCARD.test(path) ? partsOf(lower) : null };
}

/**
 * True when a path can stand for a place or for something below it. After `**` a last name has to be
 * one of those that are kept there: `~/**` + `/x.ts` is no search for keys, `~/**` + `/*.key` is one.
 */
export function canReach({ path, pattern }: AskedPath, place: KnownPlace, kept: readonly string[]): boolean {
  if (pattern === null) return path === place.path || isBelow(path, place.path);
  return place.spellings.some((wanted) => reaches(pattern, wanted, kept));
}

/** True when a path can stand for a folder that holds a place, or for the place itself. */
export function canContain({ path, pattern }: AskedPath, place: KnownPlace): boolean {
  if (pattern !== null) return place.spellings.some((wanted) => contains(pattern, wanted));
  const above = path === '/' || (place.path.startsWith('~') && /^\/(?:home|users)$/.test(path));
  return above || path === place.path || isBelow(place.path, path);
}

function isBelow(path: string, folder: string): boolean {
  return path.length > folder.length && path[folder.length] === '/' && path.startsWith(folder);
}

function partsOf(path: string): readonly Part[] {
  return path
    .split('/')
    .slice(0, PARTS_MAX)
    .map((text) => ({ text, start: startOf(text), expression: null }));
}

function spellings(place: string): readonly (readonly string[])[] {
  const parts = place.split('/');
  if (parts[0] !== '~') return [parts];
  const below = parts.slice(1);
  return [
    parts,
    ['', 'home', 'someone', ...below],
    ['', 'users', 'someone', ...below],
    ['', 'root', ...below],
  ];
}

function reaches(pattern: readonly Part[], wanted: readonly string[], kept: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  const [name, ...below] = wanted;
  if (name === undefined) return true;
  if (part === undefined) return false;
  if (part.text !== '**') return fits(part, name) && reaches(rest, below, kept);
  const last = rest.at(-1);
  if (last === undefined || kept.some((file) => fits(last, file))) return true;
  return wanted.some((_, index) => reaches(rest, wanted.slice(index), kept));
}

function contains(pattern: readonly Part[], wanted: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  const [name, ...below] = wanted;
  if (part === undefined) return true;
  if (part.text === '**') {
    return rest.length === 0 || wanted.some((_, index) => contains(rest, wanted.slice(index)));
  }
  if (name === undefined) return false;
  return fits(part, name) && contains(rest, below);
}

/** Up to the first sign that is none, if there is a wildcard at all. */
function startOf(text: string): string {
  return WILDCARD.test(text) ? text.slice(0, text.search(SPECIAL)) : text;
}

function fits(part: Part, name: string): boolean {
  if (part.start.length === part.text.length) return part.text === name;
  if (!name.startsWith(part.start)) return false;
  part.expression ??= expressionOf(part.text);
  return part.expression.test(name);
}

function expressionOf(part: string): RegExp {
  const pattern = part
    .slice(0, PART_LENGTH_MAX)
    .replace(/\[[^\]]*\]/g, '?')
    .replace(/[.+^$(){}|\\\][]/g, (character) => (/[(){}|]/.test(character) ? '*' : `\\${character}`))
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${pattern}$`);
}
