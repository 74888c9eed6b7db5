/** Which kind of a tenant's own a tool belongs to. */

import type { CustomKind } from './policy.events.js';

/**
 * The custom kind that an MCP tool belongs to by its name, or the kind that has taken its place (cycles-action-kinds,
 * mcp_tool_prefixes and DEPRECATION); null when none of the tenant's begins the name.
 */
export function declaredKindOf(
  tool: { readonly name: string; readonly server: string | null },
  declared: Iterable<CustomKind>,
): string | null {
  if (tool.server === null) return null;
  const name = tool.name.toLowerCase();
  let best: CustomKind | null = null;
  let bestLength = 0;
  for (const kind of declared) {
    for (const prefix of kind.mcpToolPrefixes) {
      if (prefix.length <= bestLength || !name.startsWith(prefix.toLowerCase())) continue;
      best = kind;
      bestLength = prefix.length;
    }
  }
  return best?.replacementKind ?? best?.kind ?? null;
}
