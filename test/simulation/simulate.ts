/** Runs the simulated world from the command line: `simulate [--seed N] [--seeds K] [--steps M] [--nodes L]`. */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runAll } from './fleet.js';
import { accountOf, lineOf, NO_RUNS, plus, summaryOf } from './report.js';

const { values } = parseArgs({
  options: {
    /** The first seed, and how many in a row. */
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    /** Requests that clients send, in each run. */
    steps: { type: 'string', default: '10000' },
    /** Nodes that share the log; one has it to itself. */
    nodes: { type: 'string', default: '1' },
    /** Processes that run seeds side by side. */
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

function countOf(name: keyof typeof values, min: number): number {
  const count = Number(values[name]);
  if (Number.isSafeInteger(count) && count >= min) return count;
  process.stderr.write(`--${name} must be a whole number of at least ${min}, not ${values[name]}\n`);
  process.exit(2);
}

const first = countOf('seed', 0);
const seeds = countOf('seeds', 1);
const steps = countOf('steps', 0);
const nodes = countOf('nodes', 1);
const size = countOf('jobs', 1);

// Whoever reads along may stop reading.
process.stdout.on('error', () => process.exit());

const beganMs = performance.now();
const elapsedS = (): number => (performance.now() - beganMs) / 1000;
const underWay = new Map<number, number>();
let tally = NO_RUNS;

/** One line that is written over, for a person who watches. */
function showProgress(): void {
  if (!process.stderr.isTTY) return;
  const done = tally.steps + [...underWay.values()].reduce((sum, count) => sum + count, 0);
  const rate = Math.round(done / elapsedS());
  process.stderr.write(`\r\u001b[K${tally.runs} of ${seeds} seeds, ${done} steps, ${rate} steps/s`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

const orders = Array.from({ length: seeds }, (_, i) => ({ seed: first + i, steps, nodes }));
await runAll(orders, {
  size,
  onProgress: (seed, done) => {
    underWay.set(seed, done);
    showProgress();
  },
  onVerdict: (verdict, cpuS) => {
    underWay.delete(verdict.seed);
    clearProgress();
    if (verdict.violation !== null) {
      process.stdout.write(`${accountOf(verdict, steps)}\n`);
      process.exitCode = 1;
      return false;
    }
    tally = plus(tally, verdict, cpuS);
    process.stdout.write(`${lineOf(verdict)}\n`);
    showProgress();
    return true;
  },
});
clearProgress();
if (process.exitCode === undefined) process.stdout.write(`${summaryOf(tally, elapsedS())}\n`);
