/** Runs the simulated world from the command line: `simulate [--seed N] [--steps M] [--seeds K] [--nodes L]`. */

import { parseArgs } from 'node:util';
import { type Verdict, World } from './world.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '10000' },
    /** How many seeds in a row, beginning with `seed`. */
    seeds: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '1' },
  },
});

const countOf = (name: 'seed' | 'steps' | 'seeds' | 'nodes'): number => {
  const count = Number(values[name]);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  process.stderr.write(`--${name} must be a whole number, not ${values[name]}\n`);
  process.exit(2);
};

function report(verdict: Verdict, seconds: number): void {
  const { seed, steps, events, crashes, nodes, digest, answers, violation } = verdict;
  if (violation !== null) {
    process.stdout.write(`${violation.trace.join('\n')}\n${violation.message}\n`);
    process.stdout.write(`seed ${seed}: VIOLATION at step ${steps}; --seed ${seed} replays it\n`);
    return;
  }
  const kinds = Object.entries(answers).map(([kind, count]) => `${count} ${kind}`);
  process.stdout.write(
    `seed ${seed}: ${steps} steps, ${events} events, ${nodes} node(s), ${crashes} crashes, ` +
      `${kinds.join(', ')}; log ${digest.slice(0, 12)}; ${Math.round(steps / seconds)} steps/s: no violation\n`,
  );
}

const [first, steps, seeds, nodes] = [countOf('seed'), countOf('steps'), countOf('seeds'), countOf('nodes')];
for (let seed = first; seed < first + seeds; seed++) {
  const beganMs = performance.now();
  const onProgress = (done: number, events: number): void => {
    if (process.stderr.isTTY)
      process.stderr.write(`\rseed ${seed}: ${done} of ${steps} steps, ${events} events `);
  };
  const verdict = await new World({ seed, steps, nodes, onProgress }).run();
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  report(verdict, (performance.now() - beganMs) / 1000);
  if (verdict.violation !== null) process.exit(1);
}
process.exit(0);
