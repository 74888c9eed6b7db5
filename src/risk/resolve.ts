/** Brings paths into one form without asking the file system. */

const PATH_LENGTH_MAX = 1024;
const UNCLEAN = /\/\/|(?:^|\/)\.{1,2}(?:\/|$)|.\/$/;
const HOME = /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/;

/** Where `path` leads from `directory`: absolute, `~/…`, `./…` when the directory is unknown, or `$…`. */
export function resolvePath(path: string, directory: string): string {
  return canonicalHome(joinPath(path, directory));
}

/** The directory a session was started in, in the same form; `.` when nobody says which. */
export function startOf(cwd: string | null): string {
  return cwd === null || cwd === '' ? '.' : canonicalHome(cleanPath(cwd));
}

/** As `resolvePath`, with every home folder under its own name. */
export function joinPath(path: string, directory: string): string {
  const trimmed = path.slice(0, PATH_LENGTH_MAX);
  return cleanPath(/^[$~/]/.test(trimmed) ? trimmed : `${directory}/${trimmed}`);
}

/** Every home folder as `~`. */
export function canonicalHome(path: string): string {
  return path.replace(HOME, '~');
}

/** The home folder that a path lies in; null when it lies in none. */
export function homeOf(path: string): string | null {
  return HOME.exec(path)?.[0] ?? null;
}

/** Resolves `.`, `..` and doubled slashes. */
export function cleanPath(path: string): string {
  const absolute = path.startsWith('/');
  if (!UNCLEAN.test(path)) return path || '.';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length === 1 && parts[0] === '~') parts[0] = '/home';
    else if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/') || (absolute ? '/' : '.');
}
