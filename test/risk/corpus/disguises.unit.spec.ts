/** Destruction in disguise costs as much as without, or at least enough to be seen. */
import { loadParsers } from '../../../src/risk/index.js';
import { HELD_OUT, ofSort, TUNING } from './corpus.js';
import { DISGUISES } from './disguises.js';
import { FLOOR, KNOWN_SLIPS } from './known-misses.js';
import { countSlips, type Dressed, judgeDisguised, slipsThrough } from './wardrobe.js';

/** Of well over a hundred; so each is worn by some forty commands, and always by the same ones. */
const DISGUISES_EACH = 6;

let dressed: readonly Dressed[] = [];

beforeAll(async () => {
  await loadParsers();
  dressed = judgeDisguised(ofSort(TUNING, 'destructive'), DISGUISES_EACH);
});

describe('destruction in disguise', () => {
  it('has well over a hundred disguises, each under a name of its own', () => {
    expect(DISGUISES.length).toBeGreaterThan(100);
    expect(new Set(DISGUISES.map(({ name }) => name)).size).toBe(DISGUISES.length);
  });

  it('wears each of them', () => {
    const worn = new Set(dressed.map(({ disguise }) => disguise));
    expect(DISGUISES.map(({ name }) => name).filter((name) => !worn.has(name))).toEqual([]);
  });

  it('slips through in the disguises that it is known to, and in no other', () => {
    expect(countSlips(dressed)).toEqual(KNOWN_SLIPS);
  });

  it('of the held-out split slips through no more often than it did', () => {
    const heldOut = judgeDisguised(ofSort(HELD_OUT, 'destructive'), DISGUISES_EACH);
    const slipped = heldOut.filter(slipsThrough).length / heldOut.length;
    process.stdout.write(`held out in disguise: ${heldOut.length}, ${(slipped * 100).toFixed(2)} % slip\n`);
    expect(slipped).toBeLessThanOrEqual(FLOOR.heldOut.slips);
  });
});
