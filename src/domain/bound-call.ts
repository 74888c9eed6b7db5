/** What makes a tool call exactly this call: the text whose hash a signed answer and an approval are bound to. */

import { canonicalJson } from './canonical-json.js';

/** As much of a call as decides what would run. */
export interface BoundCall {
  readonly tenant: string;
  readonly session: string;
  readonly tool: { readonly name: string; readonly server: string | null; readonly input: unknown };
  readonly cwd: string | null;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * The canonical JSON (RFC 8785) of tenant, session, tool, server, input, directory and the digest of every attached
 * file. What a model says about a shell command, which it words differently each time, is no part of it.
 */
export function boundTextOf({ tenant, session, tool, cwd, files }: BoundCall): string {
  return canonicalJson({
    tenant,
    session,
    tool: tool.name,
    server: tool.server,
    input: isShell(tool) ? withoutRemarks(tool.input) : tool.input,
    cwd,
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
  });
}

/** Fields of shell tools that are read by people and run by nobody. */
const REMARKS: ReadonlySet<string> = new Set(['description', 'explanation', 'justification', 'timestamp']);
/** What harnesses call the tools that run a command: for any other tool a description may be what it is about. */
const SHELL_NAME = /shell|bash|terminal|command|exec/i;

interface ShellTool {
  readonly input: Readonly<Record<string, unknown>>;
}

function isShell(tool: BoundCall['tool']): tool is BoundCall['tool'] & ShellTool {
  const { name, server, input } = tool;
  if (server !== null || typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  return ('command' in input || 'cmd' in input) && SHELL_NAME.test(name);
}

/** Only plain remarks are left out: what has parts of its own may be more than a remark. */
function withoutRemarks(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept = Object.entries(input).filter(
    ([field, value]) => !REMARKS.has(field) || (typeof value === 'object' && value !== null),
  );
  return Object.fromEntries(kept);
}
