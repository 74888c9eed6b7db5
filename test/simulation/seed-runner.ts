/** A process that runs one seed after the other, as it is told to. */

import type { Order, Result } from './fleet.js';
import { World } from './world.js';

const tell = (result: Result): void => {
  process.send?.(result);
};

// Whoever asked is gone: nobody wants to know any more.
process.on('disconnect', () => process.exit());

process.on('message', async ({ seed, steps, nodes }: Order) => {
  const before = process.cpuUsage();
  const verdict = await new World({
    seed,
    steps,
    nodes,
    onProgress: (done) => tell({ kind: 'progress', seed, steps: done }),
  }).run();
  const { user, system } = process.cpuUsage(before);
  tell({ kind: 'verdict', verdict, cpuS: (user + system) / 1_000_000 });
});
