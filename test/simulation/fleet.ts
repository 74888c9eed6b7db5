/** Several processes that run seeds side by side, one each at a time. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './world.js';

const RUNNER = fileURLToPath(new URL('./seed-runner.js', import.meta.url));
/** Most of what a run makes is garbage at once: room for it saves much collecting. */
const RUNNER_OPTIONS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** What a process is told to run. */
export interface Order {
  readonly seed: number;
  readonly steps: number;
  readonly nodes: number;
}

/** What a process tells. */
export type Result =
  | { readonly kind: 'progress'; readonly seed: number; readonly steps: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly cpuS: number };

export interface FleetOptions {
  /** Processes at a time. */
  readonly size: number;
  readonly onProgress: (seed: number, steps: number) => void;
  /** Called with every verdict as it comes. False ends everything. */
  readonly onVerdict: (verdict: Verdict, cpuS: number) => boolean;
}

/** Runs every order. Resolves when all are done, or when one was told to be the last. Rejects when a process dies. */
export function runAll(orders: readonly Order[], options: FleetOptions): Promise<void> {
  const waiting = [...orders];
  const processes = new Set<ChildProcess>();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      for (const child of processes) child.kill();
      resolve();
    };
    const hire = (): void => {
      const child = fork(RUNNER, { execArgv: RUNNER_OPTIONS });
      processes.add(child);
      let order = waiting.shift();
      const next = (): void => {
        if (order === undefined) child.disconnect();
        else child.send(order);
      };
      child.on('message', (result: Result) => {
        if (result.kind === 'progress') {
          options.onProgress(result.seed, result.steps);
          return;
        }
        if (!options.onVerdict(result.verdict, result.cpuS)) {
          end();
          return;
        }
        order = waiting.shift();
        next();
      });
      child.on('exit', (code, signal) => {
        processes.delete(child);
        if (order !== undefined) reject(new Error(`seed ${order.seed} ended with ${signal ?? code}`));
        else if (processes.size === 0) resolve();
      });
      next();
    };
    for (let i = 0; i < Math.min(options.size, orders.length); i++) hire();
    if (orders.length === 0) resolve();
  });
}
