/** When quotas begin anew: at the edges of UTC minutes, hours and days, over clock steps, and with each run. */

import type { QuotaWindow } from '../../src/domain/events.js';
import { bucketAt } from '../../src/domain/quota.js';
import { Ledger } from './ledger.js';
import { parseStep } from './script.js';

/** Plays steps at given moments; time moves to each, forwards or backwards, without anything else happening. */
class Day {
  readonly ledger = new Ledger();

  constructor(startsAt: string, ...steps: readonly string[]) {
    for (const step of ['open', 'budget acme 1000', ...steps]) this.at(startsAt, step);
  }

  /** What became of a step: the type of its last event, or why it was refused. */
  at(moment: string, text: string): string {
    this.ledger.nowMs = Date.parse(moment);
    const step = parseStep(text);
    if (step.kind === 'wait') throw new Error('moments are named here');
    const ruling = this.ledger.execute(step.command, step.asked);
    if (ruling.kind === 'refused') return ruling.refusal.code;
    return ruling.kind === 'accepted' ? (ruling.events.at(-1)?.type ?? 'nothing') : 'replayed';
  }
}

type Calendar = Exclude<QuotaWindow, 'per_run'>;

describe('A calendar window', () => {
  it.each<[Calendar, string, string]>([
    ['per_minute_tumbling', '2026-04-09T14:32:59.999Z', '2026-04-09T14:32'],
    ['per_minute_tumbling', '2026-04-09T14:33:00.000Z', '2026-04-09T14:33'],
    ['per_hour_tumbling', '2026-04-09T14:59:59.999Z', '2026-04-09T14'],
    ['per_hour_tumbling', '2026-04-09T15:00:00.000Z', '2026-04-09T15'],
    ['per_day_tumbling', '2026-12-31T23:59:59.999Z', '2026-12-31'],
    ['per_day_tumbling', '2027-01-01T00:00:00.000Z', '2027-01-01'],
    ['per_day_tumbling', '2028-02-28T23:59:59.999Z', '2028-02-28'],
    ['per_day_tumbling', '2028-02-29T00:00:00.000Z', '2028-02-29'],
    ['per_day_tumbling', '2028-02-29T23:59:59.999Z', '2028-02-29'],
    ['per_day_tumbling', '2028-03-01T00:00:00.000Z', '2028-03-01'],
    ['per_day_tumbling', '2026-03-01T00:00:00.000Z', '2026-03-01'],
    ['per_day_tumbling', '2026-03-29T01:30:00.000Z', '2026-03-29'],
    ['per_tenant_per_day', '2026-10-25T23:59:59.999Z', '2026-10-25'],
  ])('%s at %s is %s', (window, moment, key) => {
    const atMs = Date.parse(moment);
    const bucket = bucketAt(window, atMs);
    expect(bucket.key).toBe(key);
    expect(bucket.startMs).toBeLessThanOrEqual(atMs);
    expect(bucket.endMs).toBeGreaterThan(atMs);
    expect(bucketAt(window, bucket.startMs).key).toBe(key);
    expect(bucketAt(window, bucket.endMs - 1).key).toBe(key);
    expect(bucketAt(window, bucket.endMs).key).not.toBe(key);
    expect(bucketAt(window, bucket.startMs - 1).key).not.toBe(key);
  });

  it('is the same whichever moment was asked for before', () => {
    const moments = ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00Z', '2026-02-28T23:59:59.999Z'];
    const keys = moments.map((moment) => bucketAt('per_day_tumbling', Date.parse(moment)).key);
    expect(keys).toEqual(['2026-02-28', '2026-03-01', '2026-02-28']);
  });

  it.each([
    ['minute', '2026-04-09T14:32:59.999Z', '2026-04-09T14:33:00.000Z'],
    ['hour', '2026-04-09T14:59:59.999Z', '2026-04-09T15:00:00.000Z'],
    ['day', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z'],
    ['day', '2028-02-28T23:59:59.999Z', '2028-02-29T00:00:00.000Z'],
    ['day', '2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00.000Z'],
    ['tenantday', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
  ])('of a %s is full until its last millisecond and empty from the next', (window, last, next) => {
    const day = new Day(last, `policy p acme quota=db.query:1/${window}`);
    expect(day.at(last, 'reserve a 1 kind=db.query')).toBe('Reserved');
    expect(day.at(last, 'reserve b 1 kind=db.query')).toBe('quota_exceeded');
    expect(day.at(next, 'reserve c 1 kind=db.query')).toBe('Reserved');
    expect(day.at(next, 'reserve d 1 kind=db.query')).toBe('quota_exceeded');
  });

  it('counts anew when the clock leaps over many of them', () => {
    const day = new Day('2026-01-01T00:00:00Z', 'policy p acme quota=db.query:1/hour');
    expect(day.at('2026-01-01T00:30:00Z', 'reserve a 1 kind=db.query')).toBe('Reserved');
    expect(day.at('2029-07-01T00:30:00Z', 'reserve b 1 kind=db.query')).toBe('Reserved');
    expect(day.at('2029-07-01T00:59:59.999Z', 'reserve c 1 kind=db.query')).toBe('quota_exceeded');
  });

  it('gives nothing back when a hold of an earlier one is released', () => {
    const day = new Day('2026-01-01T10:00:00Z', 'policy p acme quota=db.query:1/hour');
    expect(day.at('2026-01-01T10:59:59Z', 'reserve a 1 kind=db.query ttl=1h')).toBe('Reserved');
    expect(day.at('2026-01-01T11:00:00Z', 'reserve b 1 kind=db.query')).toBe('Reserved');
    expect(day.at('2026-01-01T11:00:01Z', 'release a')).toBe('Released');
    expect(day.at('2026-01-01T11:00:02Z', 'reserve c 1 kind=db.query')).toBe('quota_exceeded');
  });
});

describe('A quota for runs', () => {
  const reset = 'resetcounter acme kind:db.query run a';

  it('is forgotten a day after the last call of the run, and not a millisecond before', () => {
    const day = new Day('2026-03-01T10:00:00Z', 'policy p acme quota=db.query:2/run');
    expect(day.at('2026-03-01T10:00:00Z', 'reserve a 1 kind=db.query run=a')).toBe('Reserved');
    expect(day.at('2026-03-02T09:59:59.999Z', 'reserve b 1 kind=db.query run=a')).toBe('Reserved');
    expect(day.at('2026-03-03T09:59:59.998Z', 'reserve c 1 kind=db.query run=a')).toBe('quota_exceeded');
    expect(day.at('2026-03-03T09:59:59.999Z', 'reserve d 1 kind=db.query run=a')).toBe('Reserved');
  });

  it('lives as long after a reset as after a call, so that what is released then is still its own', () => {
    const day = new Day('2026-03-01T10:00:00Z', 'policy p acme quota=db.query:1/run');
    expect(day.at('2026-03-01T10:00:00Z', 'reserve a 1 kind=db.query run=a')).toBe('Reserved');
    const [before] = [...day.ledger.state.counters.values()];
    expect(day.at('2026-03-02T09:00:00Z', reset)).toBe('QuotaCounterReset');
    const [after] = [...day.ledger.state.counters.values()];
    expect(before?.expiresAtMs).toBe(Date.parse('2026-03-02T10:00:00Z'));
    expect(after).toEqual({ ...before, used: 0, expiresAtMs: Date.parse('2026-03-03T09:00:00Z') });
    expect(day.at('2026-03-02T11:00:00Z', reset)).toBe('QuotaCounterReset');
    const [again] = [...day.ledger.state.counters.values()];
    expect(again?.expiresAtMs).toBe(Date.parse('2026-03-03T11:00:00Z'));
  });

  it('leaves the end of a calendar window where it is when that is reset', () => {
    const day = new Day('2026-03-01T10:00:00Z', 'policy p acme quota=db.query:1/hour');
    expect(day.at('2026-03-01T10:30:00Z', 'reserve a 1 kind=db.query')).toBe('Reserved');
    expect(day.at('2026-03-01T10:40:00Z', 'resetcounter acme kind:db.query hour 2026-03-01T10')).toBe(
      'QuotaCounterReset',
    );
    expect(day.at('2026-03-01T10:59:59.999Z', 'reserve b 1 kind=db.query')).toBe('Reserved');
    expect(day.at('2026-03-01T10:59:59.999Z', 'reserve c 1 kind=db.query')).toBe('quota_exceeded');
    expect(day.at('2026-03-01T11:00:00Z', 'reserve d 1 kind=db.query')).toBe('Reserved');
  });
});
