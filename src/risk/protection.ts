/** Recognises effects on the gate itself: its data, its hooks, its address. */
import type { Access } from './catalogue/places.js';
import type { RiskRegistry } from './registry.js';

/** Files in which harnesses keep their hooks; deleting their folder removes them as well. */
const HOOK_FILES =
  /(?:^|\/)(?:\.cursor\/hooks\.json|\.claude\/(?:settings(?:\.local)?|managed-settings)\.json|\.codex\/(?:hooks\.json|config\.toml)|\.gemini\/settings\.json|\.windsurf\/hooks\.json|\.github\/hooks\/[^/]*\.json)$|^\/etc\/(?:cursor|claude-code|codex)(?:\/|$)|^\/Library\/Application Support\/(?:ClaudeCode|Cursor)(?:\/|$)/;
const HOOK_FOLDERS =
  /(?:^|\/)\.(?:cursor|claude|codex|gemini|windsurf)(?:\/\*{1,2})?$|(?:^|\/)\.github\/hooks(?:\/\*{1,2})?$/;
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
    if (resolved === place || resolved.startsWith(`${place}/`)) return true;
    if (access !== 'read' && access !== 'write' && access !== 'permit' && contains(resolved, place))
      return true;
  }
  if (access === 'read') return false;
  return HOOK_FILES.test(canonical) || (access !== 'write' && HOOK_FOLDERS.test(canonical));
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
    if (gate === null || gate.host.toLowerCase() !== url.host.toLowerCase()) return false;
    return CLOSED_PATHS.test(decodedPath(url));
  });
}

/** True for a process or service name that is the gate's. */
export function namesGate(text: string): boolean {
  return GATE_PROGRAM.test(text);
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
