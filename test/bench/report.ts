/** The results of a benchmark as a person reads them. */

import type { Rest } from './crowd.js';
import type { Measurement, Side } from './measure.js';
import type { StartMeasurement } from './start.js';
import { spreadOf } from './statistics.js';
import { aligned } from './table.js';

/** One operation against the other side's at one number of connections, over all rounds. */
export interface Comparison {
  readonly operation: Measurement['operation'];
  readonly connections: number;
  readonly own: Side;
  /** What it is compared with: the echo, or the same operation on the embedded store. */
  readonly other: Side;
  /** Requests a second: medians, and the ratio of the two within each round. */
  readonly otherPerSecond: number;
  readonly perSecond: number;
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number };
  /** CPU of the server for one request, in µs: medians. */
  readonly otherCpuMicros: number;
  readonly cpuMicros: number;
  /** The main thread's part of it; null where the system does not tell. */
  readonly mainMicros: number | null;
  readonly otherP50Ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: number;
}

export interface Results {
  readonly node: string;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly fsyncMs: number;
  readonly comparisons: readonly Comparison[];
  readonly starts: readonly StartMeasurement[];
  /** Memory while requests wait for people; null where none did. */
  readonly rest: Rest | null;
}

/** What is compared: the measurements of each round, and whose. */
export interface Compared {
  readonly rounds: readonly (readonly Measurement[])[];
  readonly own: Side;
  readonly other: Side;
}

export function compare(
  operation: Measurement['operation'],
  connections: number,
  compared: Compared,
): Comparison {
  const pairs = compared.rounds.flatMap((round) => {
    const at = round.filter((measurement) => measurement.connections === connections);
    const other = at.find(({ side }) => side === compared.other);
    const own = at.find(
      (measurement) => measurement.side === compared.own && measurement.operation === operation,
    );
    return other && own ? [{ other, own }] : [];
  });
  const median = (of: (pair: (typeof pairs)[number]) => number): number => spreadOf(pairs.map(of)).median;
  return {
    operation,
    connections,
    own: compared.own,
    other: compared.other,
    otherPerSecond: median(({ other }) => other.perSecond),
    perSecond: median(({ own }) => own.perSecond),
    ratio: spreadOf(pairs.map(({ other, own }) => own.perSecond / other.perSecond)),
    otherCpuMicros: median(({ other }) => other.cpuMicros),
    cpuMicros: median(({ own }) => own.cpuMicros),
    mainMicros: pairs.some(({ own }) => own.mainMicros === null)
      ? null
      : median(({ own }) => own.mainMicros ?? 0),
    otherP50Ms: median(({ other }) => other.p50Ms),
    p50Ms: median(({ own }) => own.p50Ms),
    p99Ms: median(({ own }) => own.p99Ms),
    failures: pairs.reduce((sum, { own }) => sum + own.failures, 0),
  };
}

const NAMES: Readonly<Record<Side, string>> = {
  echo: 'the echo',
  embedded: 'the embedded store',
  double: 'the double',
  policies: 'the ledger under policies',
  quotas: 'the ledger under quotas',
  waiting: 'the ledger while agents wait',
};

/** What a row is of, where the operation alone does not say. */
const TITLES: Partial<Record<Side, string>> = { policies: 'no quota', quotas: 'a quota' };

export function printed({
  node,
  cpus,
  cpuModel,
  rounds,
  seconds,
  fsyncMs,
  comparisons,
  starts,
  rest,
}: Results): string {
  const other = comparisons[0]?.other ?? 'echo';
  const lines = [
    `Node ${node}, ${cpus} CPUs (${cpuModel}), ${rounds} rounds of ${seconds} s; medians, the ratio with its spread.`,
    `One fsync of 4 KiB takes ${fsyncMs.toFixed(2)} ms here.`,
    '',
    aligned([
      [
        '',
        'conns',
        `${other}/s`,
        'own/s',
        'ratio',
        '',
        `${other} µs`,
        'own µs',
        'main µs',
        `${other} p50`,
        'p50 ms',
        'p99 ms',
        'failed',
      ],
      ...comparisons.map(rowOf),
    ]),
    '',
    `ratio: requests a second of ours by those of ${NAMES[other]} in the same round. µs: server CPU a request, all`,
    'threads and the work afterwards included. main µs: the part of the main thread, which decides and answers.',
  ];
  if (rest !== null) lines.push('', restPrinted(rest));
  if (starts.length > 0) lines.push('', startsPrinted(starts));
  return lines.join('\n');
}

const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

const restPrinted = ({ waiting, seconds, beforeBytes, firstBytes, lastBytes }: Rest): string =>
  `Memory: ${mib(beforeBytes)} MiB before, ${mib(firstBytes)} MiB once ${waiting} requests wait, ${mib(lastBytes)} MiB ${seconds} s later.`;

function rowOf(c: Comparison): string[] {
  return [
    [c.operation, TITLES[c.own]].filter((word) => word !== undefined).join(', '),
    String(c.connections),
    c.otherPerSecond.toFixed(0),
    c.perSecond.toFixed(0),
    c.ratio.median.toFixed(2),
    `(${c.ratio.least.toFixed(2)}–${c.ratio.most.toFixed(2)})`,
    c.otherCpuMicros.toFixed(0),
    c.cpuMicros.toFixed(0),
    c.mainMicros?.toFixed(0) ?? '–',
    c.otherP50Ms.toFixed(2),
    c.p50Ms.toFixed(2),
    c.p99Ms.toFixed(2),
    String(c.failures),
  ];
}

function startsPrinted(starts: readonly StartMeasurement[]): string {
  const kinds = [...new Set(starts.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const own = starts.filter((start) => start.kind === kind);
    const listening = spreadOf(own.map(({ listeningMs }) => listeningMs));
    const answered = spreadOf(own.map(({ answeredMs }) => answeredMs));
    const rss = spreadOf(own.map(({ rssBytes }) => rssBytes));
    return [
      kind,
      listening.median.toFixed(0),
      answered.median.toFixed(0),
      `(${answered.least.toFixed(0)}–${answered.most.toFixed(0)})`,
      mib(rss.median),
    ];
  });
  return [
    `Start with a ledger of ${starts[0]?.events ?? 0} events of one tenant, in ms since the process was started:`,
    '',
    aligned([['', 'listens', 'first decision', '', 'MiB then'], ...rows]),
  ].join('\n');
}
