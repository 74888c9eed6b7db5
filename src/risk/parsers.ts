/** Loads the parser that needs loading, once; afterwards the whole engine is synchronous. */
import { loadModule, parseSync } from 'libpg-query';

let ready = false;

/** Loads the PostgreSQL grammar (WebAssembly). Await it once before the first assessment. */
export async function loadParsers(): Promise<void> {
  await loadModule();
  ready = true;
}

const TEXT_LENGTH_MAX = 128 * 1024;
const NESTING_MAX = 150;

/**
 * The statements of a PostgreSQL text as raw parse trees, or null when it does not parse,
 * is out of bounds, or the grammar is not loaded.
 */
export function parsePostgres(text: string): readonly unknown[] | null {
  if (!ready || text.length > TEXT_LENGTH_MAX || nestingOf(text) > NESTING_MAX || text.includes('\0'))
    return null;
  if (text.trim() === '') return [];
  try {
    const result: unknown = parseSync(text);
    const statements = (result as { stmts?: readonly unknown[] }).stmts;
    return statements ?? [];
  } catch {
    return null;
  }
}

/** The deepest run of opened and not yet closed brackets, so that the grammar's stack is safe. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '(' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === ')' || character === ']') depth = Math.max(0, depth - 1);
  }
  return deepest;
}
