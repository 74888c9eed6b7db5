/** Small helpers to look into PostgreSQL parse trees, which are plain JSON. */

export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?';
}

/** The name of a relation, with its schema when it was written. */
export function nameOf(value: unknown): string {
  const node = isTree(value) && isTree(value.RangeVar) ? value.RangeVar : value;
  if (!isTree(node) || typeof node.relname !== 'string') return '';
  return typeof node.schemaname === 'string' ? `${node.schemaname}.${node.relname}` : node.relname;
}

const STRINGS_MAX = 2_000;

/** Every string below a node, in order. */
export function stringsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const pending: unknown[] = [value];
  while (pending.length > 0 && found.length < STRINGS_MAX) {
    const node = pending.pop();
    if (typeof node === 'string') found.push(node);
    else if (typeof node === 'object' && node !== null)
      pending.push(...Object.values(node as Tree).reverse());
  }
  return found;
}
