/** The way to one receiver: a few at a time, and who only waits is in nobody's way. */

import { Lane } from '../../src/reactors/lane.js';

/** A delivery that ends when it is told to. */
function held() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
}

const turnOfEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a lane', () => {
  it('has four under way at a time, and takes the next when one ends', async () => {
    const lane = new Lane();
    const started: number[] = [];
    const all = Array.from({ length: 6 }, () => held());
    const done = all.map(({ ended }, nth) =>
      lane.add(() => {
        started.push(nth);
        return ended;
      }),
    );
    await turnOfEvents();
    expect(started).toEqual([0, 1, 2, 3]);
    expect(lane.length).toBe(6);
    all[2]?.end();
    await turnOfEvents();
    expect(started).toEqual([0, 1, 2, 3, 4]);
    for (const { end } of all) end();
    await Promise.all(done);
    expect(lane.length).toBe(0);
  });

  it('lets others go ahead of one that rests, which then comes before those that have not begun', async () => {
    const lane = new Lane();
    const order: string[] = [];
    const [pause, first, slow] = [held(), held(), held()];
    const rested = lane.add(async () => {
      await lane.rest(() => pause.ended);
      order.push('rested');
    });
    const busy = [first, slow, slow, slow].map(({ ended }) => lane.add(() => ended));
    const last = lane.add(async () => void order.push('last'));
    await turnOfEvents();
    expect(lane.length).toBe(6);
    pause.end();
    await turnOfEvents();
    expect(order).toEqual([]);
    first.end();
    await Promise.all([rested, last]);
    expect(order).toEqual(['rested', 'last']);
    slow.end();
    await Promise.all(busy);
  });

  it('takes no more than a thousand that wait', async () => {
    const lane = new Lane();
    const slow = held();
    const taken = Array.from({ length: 1_100 }, () => lane.add(() => slow.ended));
    expect(taken.filter((one) => one !== null)).toHaveLength(1_004);
    slow.end();
    await Promise.all(taken);
    expect(lane.length).toBe(0);
  });
});
