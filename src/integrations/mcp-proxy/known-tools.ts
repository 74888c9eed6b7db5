/** What a server has said about its tools. None of it is believed where it would lower a risk. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';

const TOOLS_MAX = 10_000;

export interface KnownTool {
  readonly annotations: JsonRecord | null;
  readonly hasOutputSchema: boolean;
}

const UNKNOWN: KnownTool = { annotations: null, hasOutputSchema: false };

export class KnownTools {
  private readonly tools = new Map<string, KnownTool>();

  /** Takes in the result of a `tools/list`. */
  hear(result: JsonRecord): void {
    const listed = result['tools'];
    if (!Array.isArray(listed)) return;
    for (const tool of listed) {
      const name = isRecord(tool) ? textOf(tool, 'name') : null;
      if (!isRecord(tool) || name === null) continue;
      if (!this.tools.has(name) && this.tools.size >= TOOLS_MAX) return;
      this.tools.set(name, {
        annotations: raised(this.named(name).annotations, recordOf(tool, 'annotations')),
        hasOutputSchema: isRecord(tool['outputSchema']),
      });
    }
  }

  named(name: string): KnownTool {
    return this.tools.get(name) ?? UNKNOWN;
  }
}

/** What a tool once said of itself to its disadvantage stays said. */
const raised = (before: JsonRecord | null, now: JsonRecord | null): JsonRecord | null =>
  before?.['destructiveHint'] === true ? { ...now, destructiveHint: true } : now;
