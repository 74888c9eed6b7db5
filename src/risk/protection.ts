/** Recognises effects on the gate itself: its data, its hooks, its address, its process. */
import { gatesOf, isLoopback, namesAddress, namesPort, portOf } from './address.js';
import { GATE_PROGRAM_FILE, HOOK_FILES, HOOK_FOLDERS, HOOK_PATHS } from './catalogue/hook-places.js';
import type { Access } from './catalogue/places.js';
import { memo } from './memo.js';
import { askedPath, canContain, canReach, type KnownPlace, knownPlace } from './pattern.js';
import type { RiskRegistry } from './registry.js';

/** The files of the hooks, by the paths that wildcards are tried on. */
const HOOK_PLACES: readonly KnownPlace[] = ['.', '~'].flatMap((base) =>
  HOOK_PATHS.map((path) => knownPlace(`${base}/${path}`)),
);

const HOOK_MENTIONS = new RegExp(HOOK_PATHS.map((path) => path.replaceAll('.', '\\.')).join('|'));
/** What the data directory holds; a search by one of these names finds it. */
const KEPT_FILES: readonly string[] = ['admin.key', 'master.key', 'ledger.db', 'read.db', 'snapshots.db'];
/** The part of a path after a variable that leaves no doubt about which directory is meant. */
const UNMISTAKABLE =
  /\/state\/countersign(?:\/|$)|^\$\{?XDG_STATE_HOME[^/]*\/countersign(?:\/|$)|(?:^|\/)(?:admin\.key|countersign\/(?:master\.key|(?:ledger|read|snapshots)\.db))$/i;
const HOME = /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/;
const GATE_PROGRAM = /countersign/i;
/** What the system tells of a process: its environment, its memory, its open files. */
const PROCESS_FILE = /^\/proc\/([^/]+)\/(?:environ|mem|fd(?:\/.*)?|map_files(?:\/.*)?|cwd(?:\/.*)?)$/;
/** The process that reads, whoever it is. */
const OWN_PROCESS = /^(?:self|thread-self|\$\$|\$\{?(?:BASHPID|PPID)\}?)$/;
const ANY_PROCESS = knownPlace('/proc/1/environ');

/** True when a text of any language names a file of the hooks. */
export const mentionsHook = (text: string): boolean => HOOK_MENTIONS.test(plainSlashes(text));

/** True when an access to a path would change the gate or read what it keeps secret. */
export function touchesProtectedPath(
  registry: RiskRegistry,
  resolved: string,
  canonical: string,
  access: Access,
): boolean {
  const path = asSeenHere(resolved);
  if (path.startsWith('/dev/') && isGateSocket(registry, path)) return true;
  if (path.startsWith('/proc/') && isGateProcess(registry, path)) return true;
  if (path.startsWith('$')) return UNMISTAKABLE.test(path);
  const whole = access === 'delete' || access === 'delete-tree' || access === 'move';
  const asked = askedPath(path);
  for (const place of placesOf(registry)) {
    if (canReach(asked, place, KEPT_FILES)) return true;
    if ((whole || access === 'read-tree') && canContain(asked, place)) return true;
  }
  if (access === 'read-tree') return canContain(asked, ANY_PROCESS);
  if (access === 'read') return false;
  const plain = plainSlashes(canonical);
  if (/[*?[]/.test(plain) && (meansHook(plain) || (whole && takesHooksAlong(plain)))) return true;
  if (GATE_PROGRAM_FILE.test(plain) || HOOK_FILES.test(plain)) return true;
  return access !== 'write' && HOOK_FOLDERS.test(plain);
}

/** The path without the detour over a process, whose root is this one. */
function asSeenHere(resolved: string): string {
  if (!resolved.startsWith('/')) return resolved || '/';
  const direct = resolved.startsWith('/proc/')
    ? resolved.replace(/^\/proc\/[^/]+\/root(?=\/|$)/, '')
    : resolved;
  return direct.replace(HOME, '~') || '/';
}

/** True for a file of the hooks, or a folder that they go with; on the canonical path. */
export function isHookPlace(canonical: string): boolean {
  const plain = plainSlashes(canonical);
  return HOOK_FILES.test(plain) || HOOK_FOLDERS.test(plain);
}

/** Where case does not count and folders are parted by backslashes, a path is the same path. */
function plainSlashes(path: string): string {
  return path.replaceAll('\\', '/').replaceAll('/./', '/').toLowerCase();
}

/** A name that is sought everywhere counts when it says more than that it is a name. */
function meansHook(path: string): boolean {
  const asked = askedPath(path);
  const reaches = (hook: KnownPlace): boolean => canReach(asked, hook, []);
  if (!path.includes('/**/')) return HOOK_PLACES.some(reaches);
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (last.replace(/[*?]|\.\w+$/g, '').length <= (last.startsWith('.') ? 0 : 2)) return false;
  return HOOK_PLACES.some((hook) => reaches(hook) || canContain(asked, hook));
}

/** `.cur*` and `.*`: what begins with a dot is meant, and the folders of the hooks with it. */
function takesHooksAlong(path: string): boolean {
  if (!/(?:^|\/)\.[\w-]*[*?[]/.test(path)) return false;
  const asked = askedPath(path);
  return HOOK_PLACES.some((hook) => canContain(asked, hook));
}

/** True when a text of any language holds the path of what belongs to the gate, or the name of one of its keys. */
export function mentionsGate(registry: RiskRegistry, text: string): boolean {
  const plain = /["'\\]|\/\//.test(text) ? text.replace(/["'\\]/g, '').replace(/\/{2,}/g, '/') : text;
  return writtenPlacesOf(registry).some((path) => {
    const at = plain.indexOf(path);
    return at >= 0 && !/[\w.-]/.test(plain.charAt(at + path.length));
  });
}

const placesOf = memo(({ protected: { paths } }: RiskRegistry): readonly KnownPlace[] =>
  paths.map((path) => knownPlace(plainPath(path))),
);

/** As the rest of a line shows them, whoever's home they are in. */
const writtenPlacesOf = memo(({ protected: { paths } }: RiskRegistry): readonly string[] =>
  paths.map((path) => plainPath(path).replace(/^~\//, '')),
);

function plainPath(path: string): string {
  return path.replace(HOME, '~').replace(/\/+$/, '');
}

/** `/dev/tcp/127.0.0.1/7878` is a connection that no request is seen on. */
function isGateSocket(registry: RiskRegistry, path: string): boolean {
  return /^\/dev\/(?:tcp|udp)\//.test(path) && namesAddress(registry, path.slice(8).replace('/', ' '));
}

/** The gate's own process, or one that cannot be told from it. */
function isGateProcess({ protected: { pids } }: RiskRegistry, path: string): boolean {
  const process = PROCESS_FILE.exec(path)?.[1];
  if (process === undefined || OWN_PROCESS.test(process)) return false;
  return pids === undefined || !/^\d+$/.test(process) || pids.includes(Number(process));
}

const CLOSED_PATHS = /^\/(?:admin|v1\/admin|approvals?|gate\/approvals?|audit|operators?|login)(?:\/|$)/;

/** True when a request goes to the gate's own administration or approvals. */
export function touchesGate(registry: RiskRegistry, url: URL): boolean {
  return gatesOf(registry).some((gate) => isSamePlace(gate, url) && CLOSED_PATHS.test(decodedPath(url)));
}

/** One machine has many names for itself. */
function isSamePlace(left: URL, right: URL): boolean {
  if (portOf(left) !== portOf(right)) return false;
  return left.host === right.host || (isLoopback(left.hostname) && isLoopback(right.hostname));
}

/** True for a process, a service or a port that is the gate's. */
export function namesGate(registry: RiskRegistry, text: string): boolean {
  return GATE_PROGRAM.test(text) || namesPort(registry, text) || isGatePid(registry, text);
}

/** True for the number of the gate's own process. */
export function isGatePid({ protected: { pids = [] } }: RiskRegistry, text: string): boolean {
  return /^-?\d{1,10}$/.test(text) && pids.includes(Math.abs(Number(text)));
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
