/** What a person may ask of the bench. */

import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Rounds of every measurement, the pairs interleaved. */
  readonly rounds: number;
  /** Length of one measurement, in seconds. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: readonly number[];
  /** Size of the ledger whose start is measured; 0 leaves the start out. */
  readonly events: number;
  readonly isJson: boolean;
  /** Where CPU profiles of the ledger server go; null takes none. */
  readonly profileDir: string | null;
  /** What is compared: the embedded store with an echo, or a double of EventStoreDB with the embedded store. */
  readonly store: 'embedded' | 'double';
  /** How many policies the tenant has whose reserves are compared with those of one that has none; 0 compares none. */
  readonly policies: number;
  /** How many requests wait for people while reserves are compared with those of a server where nobody waits; 0: none. */
  readonly waiting: number;
  /** How long the memory of that server is watched, in seconds. */
  readonly watchSeconds: number;
}

const POLICIES_MAX = 1_000;
/** As many questions as a tenant may have open. */
const WAITING_MAX = 10_000;

/** The number of connections at which every operation is compared. */
export const COMPARED_AT = 64;

export const USAGE = `npm run bench -- [flags]
  --rounds N          rounds of every measurement (3)
  --seconds N         length of one measurement (5)
  --warm-up N         seconds of load on each server before the first round (10)
  --connections LIST  numbers of connections (1,16,64,200)
  --events N          size of the ledger whose start is measured; 0 leaves it out (100000)
  --quick             one short round at 1 and 64 connections, and a start with 20000 events
  --store double      reserve on a double of EventStoreDB against reserve on the embedded store, and no start
  --policies N        reserve under N policies against reserve under none, and no start
  --waiting N         reserve while N requests wait for people against reserve while none does, and no start
  --watch N           seconds for which memory is watched while they wait (120)
  --json              the results as JSON
  --profile DIR       CPU profiles of the ledger server, and the functions that dominate`;

/** @throws Error with one line for a flag that is unknown or no number */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      connections: { type: 'string' },
      events: { type: 'string' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      profile: { type: 'string' },
      store: { type: 'string' },
      policies: { type: 'string' },
      waiting: { type: 'string' },
      watch: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const { store = 'embedded' } = values;
  if (store !== 'embedded' && store !== 'double')
    throw new Error(`--store must be embedded or double, not ${store}`);
  const usual = values.quick
    ? { rounds: 1, seconds: 2, warmUp: 2, watch: 10, connections: [1, COMPARED_AT], events: 20_000 }
    : {
        rounds: 3,
        seconds: 5,
        warmUp: 10,
        watch: 120,
        connections: [1, 16, COMPARED_AT, 200],
        events: 100_000,
      };
  return {
    rounds: numberOf('rounds', values.rounds, usual.rounds),
    seconds: numberOf('seconds', values.seconds, usual.seconds),
    warmUpSeconds: numberOf('warm-up', values['warm-up'], usual.warmUp),
    connections: values.connections?.split(',').map((text) => numberOf('connections', text, 1)) ?? [
      ...usual.connections,
    ],
    events: numberOf('events', values.events, usual.events),
    isJson: values.json ?? false,
    profileDir: values.profile ?? null,
    store,
    policies: countOf('policies', values.policies, { max: POLICIES_MAX, store }),
    waiting: countOf('waiting', values.waiting, { max: WAITING_MAX, store }),
    watchSeconds: numberOf('watch', values.watch, usual.watch),
  };
}

/** As many as a tenant may have; they are compared on the embedded store. */
function countOf(
  name: string,
  text: string | undefined,
  { max, store }: { readonly max: number; readonly store: BenchOptions['store'] },
): number {
  const count = numberOf(name, text, 0);
  if (!Number.isInteger(count) || count > max)
    throw new Error(`--${name} must be a whole number up to ${max}, not ${text}`);
  if (count > 0 && store !== 'embedded') throw new Error(`--${name} goes with the embedded store only`);
  return count;
}

function numberOf(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number, not ${text}`);
  return value;
}
