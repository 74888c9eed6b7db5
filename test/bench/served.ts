/** The measured side of a benchmark: a server in a process of its own that tells what it has used. */

import { readFileSync } from 'node:fs';

/** Totals since the process started. */
export interface Usage {
  /** CPU time of all threads, in µs. */
  readonly cpuMicros: number;
  /** CPU time of the main thread, in µs; null where the system does not tell. */
  readonly mainMicros: number | null;
  readonly rssBytes: number;
}

export type Asked = { readonly ask: 'usage' } | { readonly ask: 'close' };
export type Told =
  | { readonly tell: 'listening'; readonly port: number }
  | { readonly tell: 'usage'; readonly usage: Usage };

const tell = (told: Told): void => {
  process.send?.(told);
};

/** Tells the parent where to go, answers its questions, and ends when told to or when the parent is gone. */
export function beMeasured(port: number, close: () => Promise<void>): void {
  const end = (): void => {
    void close().finally(() => process.exit(0));
  };
  process.on('disconnect', end);
  process.on('message', (asked: Asked) => {
    if (asked.ask === 'close') end();
    else tell({ tell: 'usage', usage: usageNow() });
  });
  tell({ tell: 'listening', port });
}

function usageNow(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    cpuMicros: user + system,
    mainMicros: mainThreadMicros(),
    rssBytes: process.memoryUsage.rss(),
  };
}

/** Linux counts it for each thread, in ns; the main thread's number is that of the process. */
function mainThreadMicros(): number | null {
  try {
    const [ranNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(ranNs) / 1_000;
  } catch {
    return null;
  }
}
