/** Canonical JSON (RFC 8785): the one form in which events are stored, hashed and compared. */

/**
 * Serialises a value with sorted keys. A bigint becomes a string of digits, since a stored amount must
 * survive readers whose integers end at 2^53. `undefined` members are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN and no Infinity');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
    default:
      throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',';
    text += canonicalJson(values[i] ?? null);
  }
  return `${text}]`;
}

function canonicalObject(object: Record<string, unknown>): string {
  const keys = Object.keys(object);
  if (keys.length === 0) return '{}';
  const { sorted, openings } = shapeOf(keys);
  let text = '';
  for (let i = 0; i < sorted.length; i++) {
    const member = object[sorted[i] as string];
    if (member === undefined) continue;
    text += text === '' ? '{' : ',';
    text += openings[i] + canonicalJson(member);
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Keys of an object in the order it was made with, and what they become: sorted, each quoted with its colon. */
interface Shape {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
  readonly openings: readonly string[];
}

/**
 * Nearly every object is one of a few dozen literals of ours, so what sorting and quoting their keys gives is
 * kept, by first key. Keys that users invent fill it at most, and then theirs are sorted each time.
 */
const shapes = new Map<string, Shape[]>();
const FIRST_KEYS_MAX = 256;
/** Of one first key, so that to look through them costs less than to sort. */
const SHAPES_MAX = 8;

function shapeOf(keys: readonly string[]): Shape {
  const first = keys[0] as string;
  const known = shapes.get(first);
  if (known !== undefined) {
    for (const shape of known) if (areSame(shape.keys, keys)) return shape;
  }
  const sorted = [...keys].sort();
  const shape = { keys, sorted, openings: sorted.map((key) => `${quoted(key)}:`) };
  if (known === undefined) {
    if (shapes.size < FIRST_KEYS_MAX) shapes.set(first, [shape]);
  } else if (known.length < SHAPES_MAX) known.push(shape);
  return shape;
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Printable ASCII without quote and backslash needs no escape, and nearly every string is that. */
const PLAIN = /^[ !#-[\]-~]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
