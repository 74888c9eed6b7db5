/** Whole numbers of shares and changes, on both sides of nothing. */

import {
  averageOf,
  basisPoints,
  changeOf,
  nearest,
  timesInHundredths,
} from '../../src/http/finops/ratios.js';
import { spreadOf } from '../../src/http/finops/unit-economics.js';

const BIG = 9_223_372_036_854_775_807n;

describe('ratios', () => {
  it.each([
    [7n, 2n, 4n],
    [5n, 3n, 2n],
    [4n, 3n, 1n],
    [-3n, 2n, -1n],
    [-7n, 4n, -2n],
    [-5n, 4n, -1n],
    [BIG * BIG, BIG, BIG],
  ])('%s of %s is %s to the nearest whole, halves up', (numerator, denominator, whole) => {
    expect(nearest(numerator, denominator)).toBe(whole);
  });

  it('have no average of nothing but 0', () => {
    expect([averageOf(0n, 0), averageOf(10n, 4)]).toEqual([0n, 3n]);
  });

  it('round shares down, and know none of nothing', () => {
    expect([basisPoints(1n, 3n), basisPoints(-1n, 3n), basisPoints(1n, 0n), basisPoints(1n, -5n)]).toEqual([
      3_333n,
      -3_334n,
      null,
      null,
    ]);
  });

  it('say by how much something grew or shrank', () => {
    expect([changeOf(100n, 150n), changeOf(100n, 0n), changeOf(0n, 5n)]).toEqual([5_000n, -10_000n, null]);
  });

  it('stay exact far beyond doubles', () => {
    expect(timesInHundredths(BIG * 3n + 1n, BIG)).toBe(300n);
  });
});

describe('the spread of what work costs', () => {
  const spread = (p50: bigint, p95: bigint) => spreadOf({ quantiles: { p50, p90: p95, p95, p99: p95 } });

  it.each([
    [100n, 499n, 499n, 'calm'],
    [100n, 500n, 500n, 'watch'],
    [100n, 1_000n, 1_000n, 'watch'],
    [100n, 1_001n, 1_001n, 'needs_caps'],
    [3n, 31n, 1_033n, 'needs_caps'],
  ])('of %s to %s is %s hundredths: %s', (median, p95, hundredths, reading) => {
    expect(spread(median, p95)).toEqual({ p95, median, hundredths, reading });
  });

  it('is none where the one in the middle cost nothing', () => {
    expect([spread(0n, 10n), spreadOf({ quantiles: null })]).toEqual([null, null]);
  });
});
