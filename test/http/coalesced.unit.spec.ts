/** Work that many ask for at once is done for all of them together, and not more often than it may be. */

import { setImmediate } from 'node:timers/promises';
import { coalesced } from '../../src/http/coalesced.js';
import { VirtualTime } from '../simulation/virtual-time.js';

const GAP_MS = 100;

/** Work that takes 10 ms, and when each run of it began. */
function begin(isFailing: () => boolean = () => false) {
  const clock = new VirtualTime(1_000);
  const runs: number[] = [];
  const work = async (): Promise<void> => {
    runs.push(clock.now());
    await clock.wait(10);
    if (isFailing()) throw new Error('it failed');
  };
  return { clock, runs, ask: coalesced(work, { gapMs: GAP_MS, clock }) };
}

/** Lets all the time there is pass, and says how what was asked for ended. */
async function untilDone(clock: VirtualTime, asked: readonly Promise<void>[]): Promise<string[]> {
  const outcomes = Promise.allSettled(asked);
  // Whoever has just asked gets to begin.
  await setImmediate();
  while (await clock.step()) {
    // Nothing but time passes.
  }
  return (await outcomes).map(({ status }) => status);
}

it('does it once for all who ask before it begins', async () => {
  const { clock, runs, ask } = begin();
  const asked = Array.from({ length: 1_000 }, () => ask());
  expect(new Set(await untilDone(clock, asked))).toEqual(new Set(['fulfilled']));
  expect(runs).toEqual([1_000]);
});

it('does it again for who asks while it is under way, a gap after it began', async () => {
  const { clock, runs, ask } = begin();
  const first = ask();
  clock.after(5, () => void ask());
  clock.after(6, () => void ask());
  await untilDone(clock, [first]);
  expect(runs).toEqual([1_000, 1_000 + GAP_MS]);
});

it('does it at once for who asks after a rest', async () => {
  const { clock, runs, ask } = begin();
  await untilDone(clock, [ask()]);
  clock.after(10 * GAP_MS, () => void ask());
  await untilDone(clock, []);
  expect(runs).toEqual([1_000, 1_010 + 10 * GAP_MS]);
});

it('tells everybody who waited for it that it failed, and goes on', async () => {
  let isFailing = true;
  const { clock, ask } = begin(() => isFailing);
  expect(await untilDone(clock, [ask(), ask()])).toEqual(['rejected', 'rejected']);
  isFailing = false;
  expect(await untilDone(clock, [ask()])).toEqual(['fulfilled']);
});
