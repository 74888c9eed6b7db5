/** What free text is looked for in: the tool, what it was given, and what it would do. */

import type { GateRecord } from '../../domain/events.js';

/** Characters kept: enough for the commands that people look for, and bounded for those that nobody reads. */
const SEARCHED_MAX = 4_096;

/** Lower-cased here, so that every database finds the same. */
export function searchedText({ tool, assessment }: GateRecord): string {
  const effects = assessment.effects.map(({ verb, target, actionKind }) => `${verb} ${target} ${actionKind}`);
  const parts = [tool.name, tool.server ?? '', ...effects, ...textsIn(tool.input)];
  return parts.join('\n').slice(0, SEARCHED_MAX).toLowerCase();
}

/** Every text in a value, in order, with the names of its members. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* textsIn(member);
  }
}
