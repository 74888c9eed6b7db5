/** What the simulation tells of its runs. */

import type { Verdict } from './world.js';

/** One run in one line. */
export function lineOf({ seed, steps, events, nodes, crashes, digest }: Verdict): string {
  return (
    `seed ${seed}: ${steps} steps, ${events} events, ${nodes} node(s), ${crashes} crashes; ` +
    `log ${digest.slice(0, 12)}: no violation`
  );
}

/** What went wrong, what happened before, and how to see it again. */
export function accountOf({ seed, steps, nodes, violation }: Verdict, stepsAsked: number): string {
  return [
    ...(violation?.trace ?? []),
    violation?.message ?? '',
    `seed ${seed}: VIOLATION at step ${steps}; --seed ${seed} --steps ${stepsAsked} --nodes ${nodes} replays it`,
  ].join('\n');
}

export interface Tally {
  readonly runs: number;
  readonly steps: number;
  readonly events: number;
  /** CPU time of all runs together, in s. */
  readonly cpuS: number;
  readonly answers: Readonly<Record<string, number>>;
}

export const NO_RUNS: Tally = { runs: 0, steps: 0, events: 0, cpuS: 0, answers: {} };

/** Another run added to those that were counted. */
export function plus(tally: Tally, { steps, events, answers }: Verdict, cpuS: number): Tally {
  const counts: Record<string, number> = { ...tally.answers };
  for (const [kind, count] of Object.entries(answers)) counts[kind] = (counts[kind] ?? 0) + count;
  return {
    runs: tally.runs + 1,
    steps: tally.steps + steps,
    events: tally.events + events,
    cpuS: tally.cpuS + cpuS,
    answers: counts,
  };
}

/** All runs together, the commonest answers first. */
export function summaryOf({ runs, steps, events, cpuS, answers }: Tally, elapsedS: number): string {
  const kinds = Object.entries(answers).sort(([, a], [, b]) => b - a);
  return (
    `${runs} seed(s), ${steps} steps, ${events} events in ${elapsedS.toFixed(1)} s ` +
    `(${Math.round(steps / elapsedS)} steps/s, ${(cpuS / Math.max(1, runs)).toFixed(1)} s of CPU a seed): no violation\n` +
    `answers: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}`
  );
}
