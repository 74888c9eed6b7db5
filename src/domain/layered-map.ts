/** A map that can be forked: changes stay in the fork until it is merged, and cost nothing when it is dropped. */

const DELETED = Symbol('deleted');

export class LayeredMap<K, V> {
  /** Made on the first change: most forks change few of the maps they fork. */
  private own: Map<K, V | typeof DELETED> | null = null;

  constructor(private readonly below: LayeredMap<K, V> | null = null) {}

  private get changes(): Map<K, V | typeof DELETED> {
    this.own ??= new Map();
    return this.own;
  }

  get(key: K): V | undefined {
    const value = this.own?.get(key);
    if (value === DELETED) return undefined;
    return value === undefined ? this.below?.get(key) : value;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    this.changes.set(key, value);
  }

  delete(key: K): void {
    if (this.below === null) this.own?.delete(key);
    else this.changes.set(key, DELETED);
  }

  /** Entries in insertion order, the layers below first. */
  *entries(): IterableIterator<[K, V]> {
    if (this.below !== null) {
      for (const entry of this.below.entries()) if (!this.own?.has(entry[0])) yield entry;
    }
    if (this.own === null) return;
    for (const [key, value] of this.own) if (value !== DELETED) yield [key, value];
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  /** Keys set or deleted in this layer. */
  touched(): Iterable<K> {
    return this.own?.keys() ?? [];
  }

  /** Number of entries of the bottom layer; a fork counts by walking. */
  get size(): number {
    if (this.below === null) return this.own?.size ?? 0;
    let count = 0;
    for (const _ of this.entries()) count++;
    return count;
  }

  get isEmpty(): boolean {
    if (this.own === null) return this.below?.isEmpty ?? true;
    return this.entries().next().done === true;
  }

  fork(): LayeredMap<K, V> {
    return new LayeredMap<K, V>(this);
  }

  /** Moves this layer's changes into the one below. */
  merge(): void {
    if (this.below === null || this.own === null) return;
    for (const [key, value] of this.own) {
      if (value === DELETED) this.below.delete(key);
      else this.below.set(key, value);
    }
    this.own = null;
  }
}
