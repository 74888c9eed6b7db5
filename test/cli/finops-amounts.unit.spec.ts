/** Amounts for people: exact, whatever their size and sign. */

import {
  changePercent,
  hundredths,
  percent,
  pointAligned,
  shownAmount,
} from '../../src/cli/finops/amounts.js';
import { periodOf } from '../../src/cli/finops/period.js';

describe('amounts for people', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.00000001'],
    [100_000_000n, '1.00'],
    [123_456_789_000n, '1234.56789'],
    [-50_000_000n, '-0.50'],
    [27_670_116_110_564_327_421n, '276701161105.64327421'],
  ])('are exact dollars: %s microcents are %s', (amount, text) => {
    expect(shownAmount('USD_MICROCENTS', amount)).toBe(text);
  });

  it('are whole numbers in any other unit', () => {
    expect(shownAmount('TOKENS', 123_456n)).toBe('123456');
  });

  it('have their points one below the other', () => {
    expect(pointAligned(['1.5', '', '22.125', '3'])).toEqual(['1.500', '', '22.125', '3']);
  });

  it('are shares and changes in hundredths of a percent', () => {
    expect([percent(1_234), percent(-5n), percent(null), changePercent(50), changePercent(0)]).toEqual([
      '12.34 %',
      '-0.05 %',
      '',
      '+0.50 %',
      '0.00 %',
    ]);
    expect(hundredths(1_001n)).toBe('10.01');
  });
});

describe('a period, as people name it,', () => {
  const NOW_MS = Date.parse('2026-11-23T12:34:56.789Z');

  it('is a month, two dates or two moments, or the last thirty days', () => {
    expect(periodOf({ month: '2026-12' }, NOW_MS)).toEqual({
      from: '2026-12-01T00:00:00Z',
      to: '2027-01-01T00:00:00Z',
    });
    expect(periodOf({ from: '2026-11-01', to: '2026-11-02T06:00:00+02:00' }, NOW_MS)).toEqual({
      from: '2026-11-01T00:00:00Z',
      to: '2026-11-02T06:00:00+02:00',
    });
    expect(periodOf({}, NOW_MS)).toEqual({ from: '2026-10-24T12:34:00Z', to: '2026-11-23T12:34:00Z' });
  });

  it.each([
    [{ month: '2026-13' }],
    [{ month: 'November' }],
    [{ month: '2026-11', to: '2026-12-01' }],
    [{ from: '2026-11-01' }],
    [{ to: '2026-11-01' }],
  ])('is none where it is %j', (options) => {
    expect(() => periodOf(options, NOW_MS)).toThrow(/month|from/);
  });
});
