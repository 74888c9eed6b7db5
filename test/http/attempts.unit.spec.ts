/** The limits of signing in: what they count, and that nobody can make them forget it. */

import { Attempts } from '../../src/http/attempts.js';

const MINUTE_MS = 60_000;

/** Begins attempts that fail until one is turned away; returns how many were let through. */
function guess(attempts: Attempts, name: string, source: string): number {
  for (let count = 0; ; count++) if ('retryAfterMs' in attempts.begin(name, source)) return count;
}

const limitsAt = (time: { nowMs: number }): Attempts => new Attempts({ now: () => time.nowMs });

describe('attempts to sign in', () => {
  it('are five of a source for a name, and thirty for a name from wherever they come', () => {
    const attempts = limitsAt({ nowMs: 0 });
    const sources = Array.from({ length: 8 }, (_, at) => `192.0.2.${at}`);
    expect(sources.map((source) => guess(attempts, 'ada', source))).toEqual([5, 5, 5, 5, 5, 5, 0, 0]);
  });

  it('are thirty of a source, whatever names it makes up', () => {
    const attempts = limitsAt({ nowMs: 0 });
    const names = Array.from({ length: 40 }, (_, at) => `name-${at}`);
    const begun = names.filter((name) => !('retryAfterMs' in attempts.begin(name, '192.0.2.1')));
    expect(begun).toHaveLength(30);
  });

  it('stay counted however many names a source makes up once it is turned away', () => {
    const attempts = limitsAt({ nowMs: 0 });
    expect(guess(attempts, 'ada', '192.0.2.1')).toBe(5);
    for (let at = 0; at < 20_000; at++) attempts.begin(`name-${at}`, '192.0.2.1');
    expect(guess(attempts, 'ada', '192.0.2.1')).toBe(0);
    expect(guess(attempts, 'grace', '192.0.2.1')).toBe(0);
  });

  it('do not count when the password was never looked at, and forgive nothing that was', () => {
    const attempts = limitsAt({ nowMs: 0 });
    for (let count = 0; count < 4; count++) attempts.begin('ada', '192.0.2.1');
    for (let count = 0; count < 10; count++) {
      const attempt = attempts.begin('ada', '192.0.2.1');
      expect(attempt).toHaveProperty('withdrawn');
      if ('withdrawn' in attempt) attempt.withdrawn();
    }
    expect(guess(attempts, 'ada', '192.0.2.1')).toBe(1);
  });

  it('begin anew when their quarter of an hour is over, and not before', () => {
    const time = { nowMs: 0 };
    const attempts = limitsAt(time);
    guess(attempts, 'ada', '192.0.2.1');
    time.nowMs = 15 * MINUTE_MS - 1;
    expect(attempts.begin('ada', '192.0.2.1')).toEqual({ retryAfterMs: 1 });
    time.nowMs += 1;
    expect(guess(attempts, 'ada', '192.0.2.1')).toBe(5);
  });
});
