/** The layered map behaves as a plain one, whatever is forked, merged or dropped. */

import fc from 'fast-check';
import { LayeredMap } from '../../src/domain/layered-map.js';

type Change = {
  readonly kind: 'set' | 'delete' | 'fork' | 'merge' | 'drop';
  readonly key: string;
  readonly value: number;
};

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    'set' as const,
    'set' as const,
    'delete' as const,
    'fork' as const,
    'merge' as const,
    'drop' as const,
  ),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  value: fc.nat(9),
});

/** Layers beside plain copies: the top one takes the changes. */
class Pair {
  readonly layers = [new LayeredMap<string, number>()];
  readonly models = [new Map<string, number>()];

  perform({ kind, key, value }: Change): void {
    const [layer, model] = this.top();
    if (kind === 'set') {
      layer.set(key, value);
      model.set(key, value);
    } else if (kind === 'delete') {
      layer.delete(key);
      model.delete(key);
    } else if (kind === 'fork') {
      this.layers.push(layer.fork());
      this.models.push(new Map(model));
    } else if (this.layers.length > 1) {
      this.layers.pop();
      this.models.pop();
      if (kind !== 'merge') return;
      layer.merge();
      this.models[this.models.length - 1] = model;
    }
  }

  top(): [LayeredMap<string, number>, Map<string, number>] {
    const [layer, model] = [this.layers.at(-1), this.models.at(-1)];
    if (layer === undefined || model === undefined) throw new Error('the bottom layer is gone');
    return [layer, model];
  }
}

const sorted = (entries: Iterable<[string, number]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

describe('A layered map', () => {
  it('answers as a plain map does after any changes, on every layer', () => {
    const property = fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const pair = new Pair();
      for (const step of changes) {
        pair.perform(step);
        pair.layers.forEach((layer, index) => {
          const model = pair.models[index] ?? new Map();
          expect(sorted(layer.entries())).toEqual(sorted(model));
          expect([layer.size, layer.isEmpty]).toEqual([model.size, model.size === 0]);
          for (const key of ['a', 'b', 'c', 'd']) {
            expect([layer.get(key), layer.has(key)]).toEqual([model.get(key), model.has(key)]);
          }
        });
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('yields entries in the order they came, the layers below first', () => {
    const below = new LayeredMap<string, number>();
    below.set('b', 1);
    below.set('a', 2);
    const above = below.fork();
    above.set('c', 3);
    expect([...above.entries()].map(([key]) => key)).toEqual(['b', 'a', 'c']);
    above.merge();
    expect([...below.values()]).toEqual([1, 2, 3]);
  });

  it('names the keys that a layer touched, deleted ones too', () => {
    const below = new LayeredMap<string, number>();
    below.set('a', 1);
    const above = below.fork();
    above.delete('a');
    above.set('b', 2);
    expect([...above.touched()]).toEqual(['a', 'b']);
    expect([...below.fork().touched()]).toEqual([]);
  });
});
