/** Asks of code what is asked of every command: does it reach the gate itself? */
import type { Span } from '../../domain/assessment.js';
import { namesAddress, namesPort } from '../address.js';
import type { Analysis, Reading } from '../analysis.js';
import { KEY_VARIABLES } from '../catalogue/reach.js';
import { disturbs, removes, revealsSecrets } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { isProtected, leadsToHooks } from '../paths.js';
import { mentionsGate, mentionsHook } from '../protection.js';
import type { Literal } from './literals.js';

const TAKES: Judgement = {
  ...revealsSecrets('The code reaches what the gate keeps secret.'),
  selfProtection: true,
};
const GOES_AROUND: Judgement = {
  ...disturbs('The code opens a connection to the gate on which no request is seen.'),
  selfProtection: true,
};
const ENDS: Judgement = { ...removes('The code may end the gate.', 'code.exec'), selfProtection: true };

const CHANGES_HOOKS: Judgement = {
  ...removes('The code changes the hooks that put the gate in front of calls.', 'file.write'),
  selfProtection: true,
};

/** Calls that put something else in the place of a file or folder, or nothing. */
const CHANGES =
  /\b(?:rename|renames|replace|move|move_to|mv|unlink|rmtree|remove|removedirs|rm|rmdir|rm_rf|rmSync|unlinkSync|renameSync|writeFile|writeFileSync|write_text|write_bytes|write|dump|copy|copyfile|copyFile|cp|symlink|link|truncate|chmod|delete|trash)\w*\b\s*(?:\(|['"q%]|\s)|\bopen\b[^)]*,\s*['"](?:[wax]|r\+|>)/i;
const TREES =
  /\b(?:copytree|make_archive|os\.walk|scandir|rglob|glob|globSync|iglob|tarfile|ZipFile|cpSync|fs\.cp|readdir\w*|opendir\w*|Dir\.glob|Find\.find|archiver|walkdir|SimpleHTTPRequestHandler)\b/;
const HOMES =
  /\bPath\.home\(|expanduser\(\s*["']~\/?["']|\bhomedir\(\)|\bDir\.home\b|\bos\.environ(?:\.get)?[[(]\s*["']HOME["']|\bENV\[["']HOME["']|\bprocess\.env\.HOME\b/;
const SOCKETS =
  /\b(?:socket|create_connection|createConnection|open_connection|asyncio\.open|net\.connect|net\.Socket|TCPSocket|HTTPS?Connection|http\.request|IO::Socket|fsockopen|Telnet|require\(["'](?:node:)?(?:net|tls|http2)["']\))/;
const KILLS = /\b(?:os\.kill|process\.kill|killpg|Process\.kill)\s*\(/;
const ENVIRONMENT = /\bos\.environ\b|\bprocess\.env\b|\bENV\b|%ENV|getenv\(\)/;
const JOINED_MAX = 64;

interface Code {
  readonly text: string;
  readonly literals: readonly Literal[];
  readonly span: Span;
}

/** Reports once what a code does to the gate. */
export function guardCode({ text, literals, span }: Code, reading: Reading, analysis: Analysis): void {
  if (reading.place === 'container') return;
  if (ENVIRONMENT.test(text)) analysis.sought.add('environment');
  const verdict =
    takes(text, literals, reading, analysis) ??
    changesHooks(text, literals, reading, analysis) ??
    reaches(text, literals, analysis);
  if (verdict !== null) analysis.report(verdict, { target: 'inline code', span });
}

function takes(
  text: string,
  literals: readonly Literal[],
  reading: Reading,
  analysis: Analysis,
): Judgement | null {
  if (KEY_VARIABLES.test(text)) return TAKES;
  const words = literals.map((literal) => literal.text);
  const named = words.some((word) => isProtected(analysis, word, reading.directory, 'read'));
  if (named || mentionsGate(analysis.registry, joined(words))) return TAKES;
  if (!TREES.test(text)) return null;
  const trees = [...words, ...(HOMES.test(text) ? ['~'] : [])].filter((word) => /^[~/.]/.test(word));
  return trees.some((word) => isProtected(analysis, word, reading.directory, 'read-tree')) ? TAKES : null;
}

function changesHooks(
  text: string,
  literals: readonly Literal[],
  reading: Reading,
  analysis: Analysis,
): Judgement | null {
  if (!CHANGES.test(text)) return null;
  const words = literals.map((literal) => literal.text);
  const named = words.some((word) => leadsToHooks(analysis, word, reading.directory));
  return named || mentionsHook(text) || mentionsHook(joined(words)) ? CHANGES_HOOKS : null;
}

/** `join(home, '.local', 'state', …)` spells a path in pieces. */
function joined(words: readonly string[]): string {
  return words.slice(0, JOINED_MAX).join('/');
}

function reaches(text: string, literals: readonly Literal[], { registry }: Analysis): Judgement | null {
  if (SOCKETS.test(text) && namesPort(registry, text)) {
    const local = literals.every(({ text: word }) => !/^[\w-]+(?:\.[\w-]+)+$/.test(word));
    if (local || namesAddress(registry, text)) return GOES_AROUND;
  }
  const pids = registry.protected.pids ?? [];
  return KILLS.test(text) && pids.some((pid) => new RegExp(`(?<!\\d)${pid}(?!\\d)`).test(text)) ? ENDS : null;
}
