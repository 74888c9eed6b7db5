/** `npm run bench`: the ledger server against a bare echo, both started here, on this machine, in one go. */

import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadChild, ServedChild, type SpawnOptions } from './children.js';
import { type Measurement, measure } from './measure.js';
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

/** Everything that a round needs. */
interface Bench {
  readonly options: BenchOptions;
  readonly load: LoadChild;
  readonly echo: ServedChild;
  readonly ledger: ServedChild;
  readonly apiKey: string;
}

const adminKey = randomBytes(32).toString('hex');

const settingsFor = (dataDir: string): Record<string, string> => ({
  COUNTERSIGN_DATA_DIR: dataDir,
  COUNTERSIGN_PORT: '0',
  COUNTERSIGN_ADMIN_KEY: adminKey,
});

async function run(
  bench: Bench,
  operation: Operation,
  connections: number,
  seconds: number,
): Promise<Measurement> {
  const { load, echo, ledger, apiKey } = bench;
  const server = operation === 'echo' ? echo : ledger;
  const measured = await measure(load, server, { operation, apiKey, connections, seconds });
  say(`${operation} at ${connections}: ${measured.perSecond.toFixed(0)} a second`);
  if (measured.firstFailure !== null)
    say(`  ${measured.failures} failed, one of them with ${measured.firstFailure}`);
  return measured;
}

/** Both servers at every number of connections, in an order that changes from round to round. */
async function round(bench: Bench, index: number): Promise<Measurement[]> {
  const { connections, seconds } = bench.options;
  const measurements: Measurement[] = [];
  for (const count of connections) {
    const pair: Operation[] = index % 2 === 0 ? ['echo', 'reserve'] : ['reserve', 'echo'];
    // A commit settles what the reserve before it was granted.
    if (count === COMPARED_AT) pair.push('decide', 'commit');
    for (const operation of pair) measurements.push(await run(bench, operation, count, seconds));
  }
  return measurements;
}

async function measureOperations(options: BenchOptions, dataDir: string): Promise<Comparison[]> {
  const load = new LoadChild();
  const servers: ServedChild[] = [];
  const start = async (name: string, how?: SpawnOptions): Promise<ServedChild> => {
    const server = await ServedChild.start(name, how);
    servers.push(server);
    return server;
  };
  try {
    const echo = await start('echo-server');
    const { profileDir } = options;
    const ledger = await start('ledger-server', { env: settingsFor(dataDir), profileDir });
    const apiKey = await provision(ledger.port, adminKey);
    return await measureRounds({ options, load, echo, ledger, apiKey });
  } finally {
    load.close();
    for (const server of servers) await server.close();
  }
}

async function measureRounds(bench: Bench): Promise<Comparison[]> {
  const { options } = bench;
  say(`warming up: ${options.warmUpSeconds} s each`);
  for (const operation of ['echo', 'reserve'] as const) {
    await run(bench, operation, COMPARED_AT, options.warmUpSeconds);
  }
  const rounds: Measurement[][] = [];
  for (let index = 0; index < options.rounds; index++) rounds.push(await round(bench, index));
  return comparisonsOf(options, rounds);
}

const comparisonsOf = ({ connections }: BenchOptions, rounds: readonly Measurement[][]): Comparison[] => [
  ...connections.map((count) => compare('reserve', count, rounds)),
  ...(connections.includes(COMPARED_AT)
    ? [compare('decide', COMPARED_AT, rounds), compare('commit', COMPARED_AT, rounds)]
    : []),
];

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
    const comparisons = await measureOperations(options, join(dir, 'operations'));
    const dataDir = join(dir, 'start');
    const starts =
      options.events === 0
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
