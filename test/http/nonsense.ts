/** Bodies that are right but for one place. */

/** What hardly any place takes. */
export const WRONG: readonly unknown[] = [true, 7.5, -1, 2 ** 60, '', [], [null], {}, { x: 1 }, [[]]];

/** Every place in a body that holds something, as keys and indices. */
export function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, held]) => placesIn(held, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** The body with something else at a place. */
export function withAt(value: unknown, [key, ...rest]: readonly string[], wrong: unknown): unknown {
  if (key === undefined) return wrong;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = withAt(copy[key], rest, wrong);
  return copy;
}
