/** Recognises effects on the gate itself: its data, its hooks, its address. */
import type { Access } from './catalogue/places.js';
import type { RiskRegistry } from './registry.js';

/** Files in which harnesses keep their hooks; deleting their folder removes them as well. */
const HOOK_FILES =
  /(?:^|\/)(?:countersign\/hooks\.json|\.cursor\/hooks\.json|\.claude\/(?:settings(?:\.local)?|managed-settings)\.json|\.codex\/(?:hooks\.json|config\.toml)|\.gemini\/settings\.json|\.windsurf\/hooks\.json|\.github\/hooks\/[^/]*\.json)$|^\/etc\/(?:cursor|claude-code|codex)(?:\/|$)|^\/Library\/Application Support\/(?:ClaudeCode|Cursor)(?:\/|$)/;
const HOOK_FOLDERS =
  /(?:^|\/)\.(?:cursor|claude|codex|gemini|windsurf)(?:\/\*{1,2})?$|(?:^|\/)\.github\/hooks(?:\/\*{1,2})?$/;
/** The same files, by the paths that wildcards are tried on. */
const HOOK_PATHS: readonly string[] = ['.', '~'].flatMap((base) =>
  [
    '.cursor/hooks.json',
    '.claude/settings.json',
    '.claude/settings.local.json',
    '.codex/hooks.json',
    '.codex/config.toml',
    '.gemini/settings.json',
    '.windsurf/hooks.json',
  ].map((path) => `${base}/${path}`),
);
const PART_LENGTH_MAX = 100;
const GATE_PROGRAM = /countersign/i;

/** True when an access to a path would change the gate or read what it keeps secret. */
export function touchesProtectedPath(
  registry: RiskRegistry,
  resolved: string,
  canonical: string,
  access: Access,
): boolean {
  for (const entry of registry.protected.paths) {
    const place = entry.replace(/^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/)/, '~').replace(/\/+$/, '');
    if (reaches(resolved, place)) return true;
    if ((access === 'delete' || access === 'delete-tree' || access === 'move') && contains(resolved, place))
      return true;
  }
  if (access === 'read') return false;
  if (/[*?[]/.test(canonical) && HOOK_PATHS.some((path) => reaches(canonical, path))) return true;
  return HOOK_FILES.test(canonical) || (access !== 'write' && HOOK_FOLDERS.test(canonical));
}

/** True when a path, which may hold wildcards, can stand for a place or for what lies below it. */
function reaches(path: string, place: string): boolean {
  if (!/[*?[]/.test(path)) return path === place || path.startsWith(`${place}/`);
  const wanted = place.split('/');
  const parts = path.split('/');
  if (parts[1] === '**') return speaksOf(parts.slice(2).join('/'), place);
  return (
    parts.length >= wanted.length && wanted.every((name, index) => wildcard(parts[index] ?? '').test(name))
  );
}

/** A name that is sought everywhere counts when it says more than a kind of file. */
function speaksOf(name: string, place: string): boolean {
  const telling = name.replace(/[*?]/g, '').replace(/\.\w+$/, '');
  return telling.length > 2 && place.includes(name.replace(/\*/g, ''));
}

function wildcard(part: string): RegExp {
  const pattern = part
    .slice(0, PART_LENGTH_MAX)
    .replace(/[.+^$(){}|\\\]]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replace(/\[(?!\^)/g, '\\[');
  return new RegExp(`^${pattern}$`);
}

/** True when deleting `folder` deletes what lies at `place`. */
function contains(folder: string, place: string): boolean {
  const base = folder.replace(/\/\*{1,2}$/, '');
  return base === '/' || base === '' || place.startsWith(`${base}/`);
}

const CLOSED_PATHS = /^\/(?:admin|v1\/admin|approvals?|gate\/approvals?|audit|operators?|login)(?:\/|$)/;

/** True when a request goes to the gate's own administration or approvals. */
export function touchesGate(registry: RiskRegistry, url: URL): boolean {
  return registry.protected.urls.some((entry) => {
    const gate = urlOf(entry);
    return gate !== null && isSamePlace(gate, url) && CLOSED_PATHS.test(decodedPath(url));
  });
}

/** One machine has many names for itself. */
function isSamePlace(left: URL, right: URL): boolean {
  if (portOf(left) !== portOf(right)) return false;
  return left.host === right.host || (isLoopback(left.hostname) && isLoopback(right.hostname));
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

/** True for the names and addresses of this machine itself. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost\.?|(?:.*\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f:]+\])$/i.test(
    hostname,
  );
}

/** True for a process, a service or a port that is the gate's. */
export function namesGate(registry: RiskRegistry, text: string): boolean {
  if (GATE_PROGRAM.test(text)) return true;
  const numbers: readonly string[] = text.match(/\d+/g) ?? [];
  return registry.protected.urls.some((entry) => {
    const port = urlOf(entry)?.port ?? '';
    return port !== '' && numbers.includes(port);
  });
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname)
      .replace(/\/{2,}/g, '/')
      .toLowerCase();
  } catch {
    return url.pathname.toLowerCase();
  }
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
