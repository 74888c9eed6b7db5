/**
 * `npm run bench`: the ledger server against a bare echo, or on a double of EventStoreDB against the embedded store,
 * or under many policies, or while agents wait for people, against neither; all of it started here, on this machine, in one go.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoubleChild, LoadChild, ServedChild } from './children.js';
import { Crowd, type Rest } from './crowd.js';
import { type Measurement, measure, type Side } from './measure.js';
import { type BenchOptions, COMPARED_AT, readOptions, USAGE } from './options.js';
import { dominantFunctions } from './profile.js';
import { provision } from './provision.js';
import { type Comparison, compare, printed, type Results } from './report.js';
import type { Operation } from './requests.js';
import { measureStarts } from './start.js';
import { spreadOf } from './statistics.js';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** A server and the key that it takes; the echo takes any. */
interface Contender {
  readonly server: ServedChild;
  readonly apiKey: string;
}

/** Everything that a round needs. */
interface Bench {
  readonly options: BenchOptions;
  readonly load: LoadChild;
  /** What our own are compared with. */
  readonly other: Contender;
  readonly own: readonly Contender[];
}

const adminKey = randomBytes(32).toString('hex');

const settingsFor = (dataDir: string): Record<string, string> => ({
  COUNTERSIGN_DATA_DIR: dataDir,
  COUNTERSIGN_PORT: '0',
  COUNTERSIGN_ADMIN_KEY: adminKey,
});

const settingsOn = ({ connectionString }: DoubleChild, dataDir: string): Record<string, string> => ({
  ...settingsFor(dataDir),
  COUNTERSIGN_EVENT_STORE: connectionString,
  COUNTERSIGN_MASTER_KEY: randomBytes(32).toString('base64url'),
});

async function run(
  load: LoadChild,
  { server, apiKey }: Contender,
  job: { readonly operation: Operation; readonly connections: number; readonly seconds: number },
): Promise<Measurement> {
  const operation = server.side === 'echo' ? 'echo' : job.operation;
  const measured = await measure(load, server, { ...job, operation, apiKey });
  const what = `${operation}${WHERE[server.side] ?? ''}`;
  say(`${what} at ${job.connections}: ${measured.perSecond.toFixed(0)} a second`);
  if (measured.firstFailure !== null)
    say(`  ${measured.failures} failed, one of them with ${measured.firstFailure}`);
  return measured;
}

const WHERE: Partial<Record<Side, string>> = {
  double: ' on the double',
  policies: ' under policies',
  quotas: ' under a quota',
  waiting: ' while agents wait',
};

/** All servers at every number of connections, in an order that changes from round to round. */
async function round({ options, load, other, own }: Bench, index: number): Promise<Measurement[]> {
  const { connections, seconds } = options;
  const measurements: Measurement[] = [];
  for (const count of connections) {
    const job = { operation: 'reserve', connections: count, seconds } as const;
    const inTurn = index % 2 === 0 ? [other, ...own] : [...own, other];
    for (const contender of inTurn) measurements.push(await run(load, contender, job));
    // A commit settles what the reserve before it was granted, which only a ledger does.
    if (count !== COMPARED_AT || other.server.side !== 'echo') continue;
    for (const operation of ['decide', 'commit'] as const) {
      for (const contender of own) measurements.push(await run(load, contender, { ...job, operation }));
    }
  }
  return measurements;
}

/** What was measured while the servers ran. */
interface Measured {
  readonly comparisons: readonly Comparison[];
  readonly rest: Rest | null;
}

async function measureOperations(options: BenchOptions, dir: string): Promise<Measured> {
  const load = new LoadChild();
  const started: { close(): void | Promise<void> }[] = [load];
  const profiled = profiledOf(options);
  const start: Start = async (side, env) => {
    const profileDir = side === profiled ? options.profileDir : null;
    const server = await ServedChild.start(side, { env, profileDir });
    started.push(server);
    const isPoliced = side === 'policies' || side === 'quotas';
    const policed = { policies: isPoliced ? options.policies : 0, isCounted: side === 'quotas' };
    return { server, apiKey: side === 'echo' ? '' : await provision(server.port, adminKey, policed) };
  };
  try {
    const { other, own } = await startSides(options, dir, { start, started });
    const rest = options.waiting > 0 ? await crowdAt(own[0]?.server, options, started) : null;
    return { comparisons: await measureRounds({ options, load, other, own }), rest };
  } finally {
    for (const child of started.reverse()) await child.close();
  }
}

type Start = (side: Side, env: Readonly<Record<string, string>>) => Promise<Contender>;

function profiledOf({ policies, waiting, store }: BenchOptions): Side {
  if (policies > 0) return 'quotas';
  return waiting > 0 ? 'waiting' : store;
}

/** The servers that are compared. What else is started for them is closed after them. */
async function startSides(
  { policies, waiting, store }: BenchOptions,
  dir: string,
  { start, started }: { readonly start: Start; readonly started: { close(): void | Promise<void> }[] },
): Promise<Pick<Bench, 'other' | 'own'>> {
  const startIn = (side: Side, name: string): Promise<Contender> => start(side, settingsFor(join(dir, name)));
  if (policies > 0) {
    const other = await startIn('embedded', 'none');
    return { other, own: [await startIn('policies', 'policies'), await startIn('quotas', 'quotas')] };
  }
  if (waiting > 0) {
    return { other: await startIn('embedded', 'none'), own: [await startIn('waiting', 'waiting')] };
  }
  if (store === 'embedded') {
    const other = await start('echo', {});
    return { other, own: [await startIn('embedded', 'operations')] };
  }
  const double = await DoubleChild.start();
  started.push(double);
  const other = await startIn('embedded', 'embedded');
  return { other, own: [await start('double', settingsOn(double, join(dir, 'double')))] };
}

/** Lets agents wait at a server from now on. */
async function crowdAt(
  server: ServedChild | undefined,
  { waiting, watchSeconds }: BenchOptions,
  started: { close(): void | Promise<void> }[],
): Promise<Rest> {
  if (server === undefined) throw new Error('there is no server to wait at');
  const crowd = await Crowd.gather(server, adminKey, waiting);
  started.push(crowd);
  say(`${waiting} requests wait; their memory is watched for ${watchSeconds} s`);
  return crowd.watch(watchSeconds);
}

async function measureRounds(bench: Bench): Promise<Comparison[]> {
  const { options, load, other, own } = bench;
  say(`warming up: ${options.warmUpSeconds} s each`);
  const warmUp = { operation: 'reserve', connections: COMPARED_AT, seconds: options.warmUpSeconds } as const;
  for (const contender of [other, ...own]) await run(load, contender, warmUp);
  const rounds: Measurement[][] = [];
  for (let index = 0; index < options.rounds; index++) rounds.push(await round(bench, index));
  return comparisonsOf(bench, rounds);
}

/** Each of our own against the other at every number of connections; the other operations against the echo only. */
function comparisonsOf(
  { options: { connections }, own, other }: Bench,
  rounds: readonly Measurement[][],
): Comparison[] {
  return own.flatMap(({ server }) => {
    const sides = { own: server.side, other: other.server.side, rounds };
    const reserves = connections.map((count) => compare('reserve', count, sides));
    if (other.server.side !== 'echo' || !connections.includes(COMPARED_AT)) return reserves;
    const others = (['decide', 'commit'] as const).map((operation) => compare(operation, COMPARED_AT, sides));
    return [...reserves, ...others];
  });
}

/** The median of a small durable write, in ms: what no durable answer can be faster than. */
function fsyncMs(dir: string): number {
  const file = openSync(join(dir, 'fsync'), 'w');
  const block = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: 200 }, () => {
    const startedAt = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return spreadOf(times).median;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const { comparisons, rest } = await measureOperations(options, dir);
    const dataDir = join(dir, 'start');
    const starts =
      options.events === 0 || options.store === 'double' || options.policies > 0 || options.waiting > 0
        ? []
        : await measureStarts({ ...options, dataDir, adminKey, env: settingsFor(dataDir) });
    const results: Results = {
      node: process.version,
      cpus: cpus().length,
      cpuModel: cpus()[0]?.model ?? 'unknown',
      rounds: options.rounds,
      seconds: options.seconds,
      fsyncMs: fsyncMs(dir),
      comparisons,
      starts,
      rest,
    };
    console.log(options.isJson ? JSON.stringify(results, null, 2) : printed(results));
    if (options.profileDir !== null) console.log(`\n${dominantFunctions(options.profileDir)}`);
    if (comparisons.some(({ failures }) => failures > 0)) process.exitCode = 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
