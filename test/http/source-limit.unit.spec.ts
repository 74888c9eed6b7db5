/** How often one source may ask: counted by the minute, forgotten in time, and bounded in memory. */

import { SourceLimit } from '../../src/http/source-limit.js';

class Watch {
  nowMs = 1_000_000;
  now(): number {
    return this.nowMs;
  }
}

let watch: Watch;
let limit: SourceLimit;
beforeEach(() => {
  watch = new Watch();
  limit = new SourceLimit(watch, 2);
});

describe('a source', () => {
  it('may ask so often, and then hears how long to wait', () => {
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 0]);
    watch.nowMs += 15_000;
    expect([limit.take('a'), limit.take('a')]).toEqual([45_000, 45_000]);
  });

  it('may ask again once its minute is over', () => {
    for (let n = 0; n < 3; n++) limit.take('a');
    watch.nowMs += 59_999;
    expect(limit.take('a')).toBe(1);
    watch.nowMs += 1;
    expect(limit.take('a')).toBe(0);
  });

  it('does not pay for others', () => {
    for (let n = 0; n < 3; n++) limit.take('a');
    expect(limit.take('b')).toBe(0);
  });

  it('is forgotten when ten thousand others have come since', () => {
    for (let n = 0; n < 3; n++) limit.take('a');
    for (let n = 0; n < 9_999; n++) limit.take(`other-${n}`);
    expect(limit.take('a')).toBeGreaterThan(0);
    limit.take('one more');
    expect(limit.take('a')).toBe(0);
  });
});
