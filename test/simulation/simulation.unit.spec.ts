/** A short run of the simulated world, with a log of one's own and with one that is shared; `npm run simulate` runs longer ones. */

import { World } from './world.js';

describe.each([
  { nodes: 1, seeds: [1, 2] },
  { nodes: 3, seeds: [1, 2] },
])('the simulated world of $nodes node(s)', ({ nodes, seeds }) => {
  it.each(seeds)('seed %i runs 2,000 steps without a violation', async (seed) => {
    const { violation, steps, answers } = await new World({ seed, steps: 2000, nodes }).run();
    expect(violation).toBeNull();
    expect(steps).toBeGreaterThanOrEqual(2000);
    expect(answers).toMatchObject({
      accepted: expect.any(Number),
      replayed: expect.any(Number),
      budget_exceeded: expect.any(Number),
      operators_accepted: expect.any(Number),
      ...(nodes > 1 && { identified: expect.any(Number), unauthorized: expect.any(Number) }),
    });
  });

  it('replays a seed exactly', async () => {
    const first = await new World({ seed: 7, steps: 500, nodes }).run();
    const second = await new World({ seed: 7, steps: 500, nodes }).run();
    expect(second).toEqual(first);
  });
});

describe('the policies of the simulated world', () => {
  it('refuse kinds and fill quotas, as the auditor’s own count says', async () => {
    const { violation, answers } = await new World({ seed: 2, steps: 4000, nodes: 1 }).run();
    expect(violation).toBeNull();
    expect(answers).toMatchObject({ kind_denied: expect.any(Number), quota_exceeded: expect.any(Number) });
  });
});
