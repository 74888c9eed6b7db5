/** Brings paths into one form and judges what happens at them. */
import type { Span } from '../domain/assessment.js';
import type { Analysis, Place } from './analysis.js';
import {
  ACCESS_FILES,
  type Access,
  PLACES,
  type PlaceKind,
  TREE_VERDICTS,
  VERDICTS,
} from './catalogue/places.js';
import { destroys } from './catalogue/verdicts.js';
import type { Judgement } from './finding.js';
import { isHookPlace, touchesProtectedPath } from './protection.js';
import { resolvePath } from './resolve.js';

export { resolvePath } from './resolve.js';

/** `$X/`, `$X/*` and `/$X`: with an empty variable each is the root. */
const ROOT_WHEN_EMPTY = /^(?:\$[^/]*\/\*{0,2}|\/\$[^/]*\/?\*{0,2})$/;
const TOP_LEVEL =
  /^\/(?:home|Users|etc|usr|bin|sbin|lib\w*|boot|opt|var|sys|proc|dev|srv|mnt|media|run|tmp|System|Library|Volumes)$/;

/** What may leave another content at a path, or none. */
const CHANGES: ReadonlySet<Access> = new Set(['write', 'move', 'delete', 'delete-tree']);

/** The directory calls start in: absolute and canonical, or `.` when the harness did not say. */
export function directoryOf(analysis: Analysis): string {
  return analysis.directory;
}

/** The path as the table of places sees it: `./x` inside the workspace, else `~/x` or absolute. */
export function canonicalPath(resolved: string, workspace: string): string {
  if (workspace === '.') {
    const relative = !resolved.startsWith('/') && !resolved.startsWith('~') && !resolved.startsWith('$');
    if (relative && !resolved.startsWith('..')) return resolved === '.' ? '.' : `./${resolved}`;
    return resolved;
  }
  if (!resolved.startsWith(workspace) || !isWorkspace(workspace)) return resolved;
  if (resolved.length === workspace.length) return '.';
  return resolved[workspace.length] === '/' ? `./${resolved.slice(workspace.length + 1)}` : resolved;
}

/** A session that was started in `/` or in a home folder has no workspace in which things can be undone. */
function isWorkspace(directory: string): boolean {
  return directory !== '/' && directory !== '~' && !TOP_LEVEL.test(directory);
}

export function placeOf(canonical: string): PlaceKind {
  return PLACES.find((rule) => rule.pattern.test(canonical))?.place ?? 'elsewhere';
}

export interface Touch {
  readonly path: string;
  readonly access: Access;
  readonly directory: string;
  readonly place: Place;
  readonly span: Span | null;
  readonly names?: readonly string[];
}

/** Judges one access to one path and reports it. */
export function touch(analysis: Analysis, { path, access, directory, place, span, names }: Touch): void {
  const workspace = directoryOf(analysis);
  const resolved = resolvePath(path, directory);
  const canonical =
    place === 'here' ? canonicalPath(resolved, workspace) : outsideOf(canonicalPath(resolved, workspace));
  const judgement = judgePath(canonical, path, access, workspace);
  const selfProtection =
    place === 'here' && touchesProtectedPath(analysis.registry, resolved, canonical, access);
  analysis.report(selfProtection ? { ...judgement, selfProtection: true } : judgement, {
    target: `${access.endsWith('-tree') ? 'folder' : 'file'} ${path}`,
    span,
    names: names ?? [],
    local: place === 'here',
  });
  analysis.settle(analysis.findings.length - 1);
  if (CHANGES.has(access)) analysis.files.doubt(path, { directory, place });
}

/** True when a path leads below the directory that the session works in. */
export function isInSession(analysis: Analysis, path: string, directory: string): boolean {
  const session = directoryOf(analysis);
  const resolved = resolvePath(path, directory);
  if (session === '.') return !/^(?:[/~$]|\.\.(?:\/|$))/.test(resolved);
  return session !== '/' && (resolved === session || resolved.startsWith(`${session}/`));
}

/** True when a word, taken as a path, leads to what belongs to the gate. */
export function isProtected(analysis: Analysis, word: string, directory: string, access: Access): boolean {
  return analysis.known.answer(access, directory, word, () => {
    const resolved = resolvePath(word, directory);
    const canonical = canonicalPath(resolved, directoryOf(analysis));
    return touchesProtectedPath(analysis.registry, resolved, canonical, access);
  });
}

/** True of a file that stays where it is after the work is done: neither of the workspace nor a temporary one. */
export function isKeptOutside(analysis: Analysis, path: string, directory: string): boolean {
  if (!/[/~$]/.test(path)) return false;
  const canonical = canonicalPath(resolvePath(path, directory), directoryOf(analysis));
  return /^[~/]/.test(canonical) && !/^(?:temporary|nothing|network)$/.test(placeOf(canonical));
}

/** True when a word, taken as a path, leads to where hooks are kept. */
export function leadsToHooks(analysis: Analysis, word: string, directory: string): boolean {
  return isHookPlace(canonicalPath(resolvePath(word, directory), directoryOf(analysis)));
}

function judgePath(canonical: string, written: string, access: Access, workspace: string): Judgement {
  const deletes = access === 'delete-tree' || access === 'delete';
  if (deletes && ROOT_WHEN_EMPTY.test(written)) {
    return {
      ...destroys('If the variable is empty it deletes the whole file system.', 'system', 'file.delete'),
      opaque: true,
    };
  }
  if (access === 'delete-tree' && isAbove(canonical, workspace)) {
    return destroys('It deletes a folder that contains the workspace.', 'collection', 'file.delete');
  }
  if (access === 'write' || access === 'move') {
    const guarded = ACCESS_FILES.find(({ pattern }) => pattern.test(canonical));
    if (guarded !== undefined) return guarded.written;
  }
  const place = placeOf(canonical);
  if (takesWhole(access, place, canonical)) return VERDICTS[place]['delete-tree'];
  if (access === 'read-tree') return TREE_VERDICTS[place] ?? VERDICTS[place].read;
  return VERDICTS[place][access === 'move' ? 'write' : access];
}

/** A folder that is moved away, or deleted as if it were a file, goes with everything in it. */
function takesWhole(access: Access, place: PlaceKind, canonical: string): boolean {
  if (access === 'move' && (place === 'root' || place === 'home')) return true;
  return (access === 'move' || access === 'delete') && /^\.\/(?:.*\/)?\.git\/?$/.test(canonical);
}

function isAbove(canonical: string, workspace: string): boolean {
  if (canonical.startsWith('..')) return true;
  return (
    canonical !== '/' &&
    canonical !== '~' &&
    workspace.startsWith(`${canonical}/`) &&
    placeOf(canonical) !== 'system'
  );
}

/** On another machine nothing of the workspace is there to bring a file back. */
function outsideOf(canonical: string): string {
  return canonical.startsWith('.') ? `/elsewhere/${canonical.replace(/^[./]+/, '')}` : canonical;
}
