/** What a path with wildcards can stand for. `**` stands for any number of folders. */

const PART_LENGTH_MAX = 100;
const PARTS_MAX = 40;
const WILDCARD = /[*?[(]/;

/**
 * True when a path can stand for a place or for something below it. After `**` a last name has to be
 * one of those that are kept there: `~/**` + `/x.ts` is no search for keys, `~/**` + `/*.key` is one.
 */
export function canReach(path: string, place: string, kept: readonly string[]): boolean {
  if (!WILDCARD.test(path)) {
    const [plain, wanted] = [path.toLowerCase(), place.toLowerCase()];
    return plain === wanted || plain.startsWith(`${wanted}/`);
  }
  const pattern = partsOf(path);
  return spellings(place).some((wanted) => reaches(pattern, wanted, kept));
}

/** True when a path can stand for a folder that holds a place, or for the place itself. */
export function canContain(path: string, place: string): boolean {
  if (!WILDCARD.test(path)) {
    const [plain, wanted] = [path.toLowerCase(), place.toLowerCase()];
    const above = plain === '/' || (wanted.startsWith('~') && /^\/(?:home|users)$/.test(plain));
    return above || plain === wanted || wanted.startsWith(`${plain}/`);
  }
  const pattern = partsOf(path);
  return spellings(place).some((wanted) => contains(pattern, wanted));
}

/** Case is not told apart, since not every file system does. */
function partsOf(path: string): readonly string[] {
  const parts = path.toLowerCase().split('/').slice(0, PARTS_MAX);
  return path === '/' ? [''] : parts;
}

/** A home folder is also a folder of the whole file system. */
function spellings(place: string): readonly (readonly string[])[] {
  const parts = place.toLowerCase().split('/');
  if (parts[0] !== '~') return [parts];
  const below = parts.slice(1);
  return [
    parts,
    ['', 'home', 'someone', ...below],
    ['', 'users', 'someone', ...below],
    ['', 'root', ...below],
  ];
}

function reaches(pattern: readonly string[], wanted: readonly string[], kept: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  const [name, ...below] = wanted;
  if (name === undefined) return true;
  if (part === undefined) return false;
  if (part !== '**') return fits(part, name) && reaches(rest, below, kept);
  if (rest.length === 0) return true;
  const last = rest.at(-1) ?? '';
  if (kept.some((file) => fits(last, file))) return true;
  return wanted.some((_, index) => reaches(rest, wanted.slice(index), kept));
}

function contains(pattern: readonly string[], wanted: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  const [name, ...below] = wanted;
  if (part === undefined) return true;
  if (part === '**') {
    return rest.length === 0 || wanted.some((_, index) => contains(rest, wanted.slice(index)));
  }
  if (name === undefined) return false;
  return fits(part, name) && contains(rest, below);
}

function fits(part: string, name: string): boolean {
  if (!/[*?[(]/.test(part)) return part === name;
  const pattern = part
    .slice(0, PART_LENGTH_MAX)
    .replace(/\[[^\]]*\]/g, '?')
    .replace(/[.+^$(){}|\\\][]/g, (character) => (/[(){}|]/.test(character) ? '*' : `\\${character}`))
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${pattern}$`).test(name);
}
