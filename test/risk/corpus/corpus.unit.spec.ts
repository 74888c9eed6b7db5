/** What the engine makes of the whole corpus: no miss that is not known, and none of the held-out split named. */
import { loadParsers } from '../../../src/risk/index.js';
import { CORPUS, HELD_OUT, ofSort, TUNING } from './corpus.js';
import { FLOOR, KNOWN_ALARMS, KNOWN_MISSES } from './known-misses.js';
import { inWords, isMissed, judge, type Measures, measure } from './measures.js';
import { SESSION, SESSION_CALLS } from './session.js';

beforeAll(loadParsers);

function print(title: string, measures: Measures): void {
  process.stdout.write(`${inWords(title, measures)}\n`);
}

describe('the corpus', () => {
  it('has well over a thousand calls, none of them twice', () => {
    expect(new Set(CORPUS.map(({ text }) => text)).size).toBe(CORPUS.length);
    expect(ofSort(CORPUS, 'destructive').length).toBeGreaterThan(600);
    expect(ofSort(CORPUS, 'ordinary').length).toBeGreaterThan(700);
  });

  it('holds three of ten calls of each sort out', () => {
    for (const sort of ['destructive', 'ordinary'] as const) {
      const share = ofSort(HELD_OUT, sort).length / ofSort(CORPUS, sort).length;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.35);
    }
  });

  it('knows how often each of its ordinary subjects is met in a session', () => {
    const subjects = new Set(ofSort(CORPUS, 'ordinary').map(({ subject }) => subject));
    expect(Object.keys(SESSION).sort()).toEqual([...subjects].sort());
    expect(Object.values(SESSION).reduce((a, b) => a + b)).toBe(SESSION_CALLS);
  });
});

describe('the tuning split', () => {
  it('misses the destruction that it is known to miss, and no other', () => {
    const missed = judge(ofSort(TUNING, 'destructive')).filter(isMissed);
    expect(missed.map(({ call }) => call.text).sort()).toEqual([...KNOWN_MISSES].sort());
  });

  it('raises the false alarms that it is known to raise, and no other', () => {
    const alarms = judge(ofSort(TUNING, 'ordinary')).filter(isMissed);
    expect(alarms.map(({ call }) => call.text).sort()).toEqual([...KNOWN_ALARMS].sort());
  });

  it('finds the expected tiers and effects', () => {
    const measures = measure(judge(TUNING));
    print('tuning', measures);
    expect(measures.tiers).toBeGreaterThanOrEqual(FLOOR.tuning.tiers);
    expect(measures.effects).toBeGreaterThanOrEqual(FLOOR.tuning.effects);
    expect(measures.sessionPoints).toBeLessThanOrEqual(FLOOR.tuning.sessionPoints);
  });
});

describe('the held-out split', () => {
  it('is judged no worse than it was', () => {
    const measures = measure(judge(HELD_OUT));
    print('held out', measures);
    expect(measures.recall).toBeGreaterThanOrEqual(FLOOR.heldOut.recall);
    expect(measures.falseAlarms).toBeLessThanOrEqual(FLOOR.heldOut.falseAlarms);
    expect(measures.sessionPoints).toBeLessThanOrEqual(FLOOR.heldOut.sessionPoints);
  });
});
