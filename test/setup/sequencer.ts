/**
 * The order of the suites: those of whole processes first, for they take the longest and mostly wait, then those over
 * real stores, then the others. A long one that came last would keep one worker busy while all others are idle.
 */

import { statSync } from 'node:fs';

interface Suite {
  readonly path: string;
}

const LAYERS = ['.e2e.spec.', '.int.spec.', '.unit.spec.'] as const;
const layerOf = ({ path }: Suite): number => LAYERS.findIndex((layer) => path.includes(layer));

/** What Jest asks of a sequencer. */
export default class LongestFirst {
  sort<T extends Suite>(suites: readonly T[]): T[] {
    const bytes = new Map(suites.map(({ path }) => [path, statSync(path).size]));
    const bytesOf = ({ path }: Suite): number => bytes.get(path) ?? 0;
    return suites.toSorted((a, b) => layerOf(a) - layerOf(b) || bytesOf(b) - bytesOf(a));
  }

  /** `--onlyFailures`: nothing is remembered between runs. */
  allFailedTests<T extends Suite>(suites: readonly T[]): T[] {
    return [...suites];
  }

  /** `--shard`. */
  shard<T extends Suite>(suites: readonly T[], { shardIndex, shardCount }: Shard): T[] {
    return this.sort(suites).filter((_suite, nth) => nth % shardCount === shardIndex - 1);
  }

  cacheResults(): void {}
}

interface Shard {
  readonly shardIndex: number;
  readonly shardCount: number;
}
