/** A short run of the simulated world; `npm run simulate` runs longer ones. */

import { World } from './world.js';

describe('the simulated world', () => {
  it.each([1, 2, 3, 4])('seed %i runs 2,000 steps without a violation', async (seed) => {
    const { violation, steps, answers } = await new World({ seed, steps: 2000 }).run();
    expect(violation).toBeNull();
    expect(steps).toBeGreaterThanOrEqual(2000);
    expect(answers).toMatchObject({
      accepted: expect.any(Number),
      replayed: expect.any(Number),
      budget_exceeded: expect.any(Number),
    });
  });

  it('replays a seed exactly', async () => {
    const first = await new World({ seed: 7, steps: 500 }).run();
    const second = await new World({ seed: 7, steps: 500 }).run();
    expect(second.digest).toBe(first.digest);
  });
});
