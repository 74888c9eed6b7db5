/** What a path with wildcards can stand for. `**` stands for any number of folders. */

const PART_LENGTH_MAX = 100;
const PARTS_MAX = 40;
const WILDCARD = /[*?[(]/;

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
  readonly expression: RegExp | null;
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
    .map((text) => ({ text, expression: WILDCARD.test(text) ? expressionOf(text) : null }));
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

function fits({ text, expression }: Part, name: string): boolean {
  return expression === null ? text === name : expression.test(name);
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
