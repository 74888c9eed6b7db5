/** The toolset of a tool that no operator gave one: assigned here, never by the client, so that no call can choose a roomier budget. */

/** First match wins; names are compared without case. */
const TOOLSETS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:bash|shell|local_shell|run_terminal_c.*|(?:run|exec|execute)_(?:shell_)?command|bashoutput|killshell)$/i,
    'shell',
  ],
  [
    /^(?:read|write|edit|multiedit|delete|grep|glob|ls|notebook(?:edit|read)|strreplace|str_replace.*|search_replace|apply_patch|(?:read|write|edit|delete)_file|list_dir.*|codebase_search)$/i,
    'files',
  ],
  [/^(?:webfetch|websearch|web_search|fetch_url)$/i, 'web'],
  [/^(?:task|agent)$/i, 'agents'],
];

const NAME_LENGTH_MAX = 100;

/**
 * The `toolset` level of a tool call. An MCP server is a toolset of its own, prefixed so that a server called
 * `shell` is not the shell; a tool that nobody knows is in `other`.
 */
export function toolsetOf(tool: { readonly name: string; readonly server: string | null }): string {
  if (tool.server !== null) return `mcp-${scopeName(tool.server)}`;
  return TOOLSETS.find(([pattern]) => pattern.test(tool.name))?.[1] ?? 'other';
}

const scopeName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '-')
    .slice(0, NAME_LENGTH_MAX);
