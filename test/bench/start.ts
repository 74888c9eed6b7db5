/** How long a server needs from nothing to its first answer, with a ledger of some size. */

import { rmSync } from 'node:fs';
import { ledgerPath, snapshotsPath } from '../../src/config.js';
import { ServedChild } from './children.js';
import { exchangeAll } from './connection.js';
import { growLedger } from './grow.js';
import { untilQuiet } from './measure.js';
import { provision } from './provision.js';
import { requestMaker } from './requests.js';

export interface StartMeasurement {
  readonly kind: 'first' | 'without snapshot' | 'with snapshot';
  readonly events: number;
  /** From the start of the process until it listens, in ms. */
  readonly listeningMs: number;
  /** From the start of the process until the tenant's first decision is answered, in ms. */
  readonly answeredMs: number;
  /** Resident memory after the first answer. */
  readonly rssBytes: number;
}

export interface StartOptions {
  readonly dataDir: string;
  readonly adminKey: string;
  readonly env: Readonly<Record<string, string>>;
  readonly events: number;
  readonly rounds: number;
}

/**
 * Grows a ledger and starts a server on it: first with nothing but the ledger, then in turns without and with
 * a snapshot, the read models being there.
 */
export async function measureStarts(options: StartOptions): Promise<StartMeasurement[]> {
  const apiKey = await prepare(options);
  const measurements = [await measureStart('first', options, apiKey)];
  for (let round = 0; round < options.rounds; round++) {
    forgetSnapshots(options.dataDir);
    measurements.push(await measureStart('without snapshot', options, apiKey));
    measurements.push(await measureStart('with snapshot', options, apiKey));
  }
  return measurements;
}

async function prepare({ dataDir, adminKey, env, events }: StartOptions): Promise<string> {
  const server = await ServedChild.start('embedded', { env });
  const apiKey = await provision(server.port, adminKey);
  await server.close();
  await growLedger(ledgerPath(dataDir), events);
  return apiKey;
}

async function measureStart(
  kind: StartMeasurement['kind'],
  { env, events }: StartOptions,
  apiKey: string,
): Promise<StartMeasurement> {
  const startedAt = performance.now();
  const server = await ServedChild.start('embedded', { env });
  const listeningMs = performance.now() - startedAt;
  await firstDecision(server.port, apiKey);
  const answeredMs = performance.now() - startedAt;
  const { rssBytes } = await server.usage();
  // At rest it has caught up and saved its snapshot.
  await untilQuiet(server);
  await server.close();
  return { kind, events, listeningMs, answeredMs, rssBytes };
}

/** Asks for a decision until there is one: a server that is still catching up does not know the key yet. */
async function firstDecision(port: number, apiKey: string): Promise<void> {
  const maker = requestMaker('decide', { port, apiKey });
  let status = 0;
  await exchangeAll(port, {
    next: () => (status === 200 ? null : maker.next('')),
    answered: (answer) => {
      status = answer.status;
    },
  });
}

/** The snapshots are a cache in a file of their own: without it a tenant is folded from its stream. */
function forgetSnapshots(dataDir: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(snapshotsPath(dataDir) + suffix, { force: true });
}
