/** Reads fields of JSON that somebody else wrote, without trusting its shape. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first of the named fields that is a non-empty text; null when none is. */
export function textOf(record: JsonRecord, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

export function recordOf(record: JsonRecord, name: string): JsonRecord | null {
  const value = record[name];
  return isRecord(value) ? value : null;
}

/** The first of the named fields that is a safe integer; null when none is. */
export function integerOf(record: JsonRecord, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  }
  return null;
}

/** The value as JSON would read it, after a byte order mark or none; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
