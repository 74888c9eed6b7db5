/** Action kinds: what the registry says of them, and which one a tool belongs to. */

import { ACTION_KIND_DESCRIPTIONS } from './action-kind-descriptions.js';
import { ACTION_KINDS, type ActionKind } from './action-kind-registry.js';
import { assert } from './assertions.js';
import type { RiskClass } from './assessment.js';

export {
  ACTION_KINDS,
  type ActionKind,
  type PolicyKeySpec,
  REGISTRY_VERSION,
} from './action-kind-registry.js';

const BY_KIND: ReadonlyMap<string, ActionKind> = new Map(ACTION_KINDS.map((entry) => [entry.kind, entry]));

/** The built-in entry of a kind, or undefined for a custom or misspelt one. */
export function actionKind(kind: string): ActionKind | undefined {
  return BY_KIND.get(kind);
}

/** What a built-in kind is for, in a sentence. @throws AssertionError for any other */
export function descriptionOf(kind: string): string {
  const description = ACTION_KIND_DESCRIPTIONS[kind];
  assert(description !== undefined, 'every built-in kind is described');
  return description;
}

/** The risk class of a built-in kind; an unknown kind has the class of `unknown.call`. */
export function riskClassOf(kind: string): RiskClass {
  return BY_KIND.get(kind)?.riskClass ?? 'side_effect';
}

/** The kind whose longest prefix begins the tool's name; `unknown.call` when none does. */
export function kindOfTool(toolName: string): ActionKind | undefined {
  const name = toolName.toLowerCase();
  let best: ActionKind | undefined;
  let bestLength = 0;
  for (const entry of ACTION_KINDS) {
    for (const prefix of entry.mcpToolPrefixes) {
      if (prefix.length > bestLength && name.startsWith(prefix)) {
        best = entry;
        bestLength = prefix.length;
      }
    }
  }
  return best ?? BY_KIND.get('unknown.call');
}
