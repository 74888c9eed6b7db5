/**
 * The event store that the servers of a run are on: the embedded one, or with COUNTERSIGN_EVENT_STORE=double a double
 * of EventStoreDB for each data directory, which stays over a restart of the server as a cluster would.
 */

import { randomBytes } from 'node:crypto';
import { EsdbDouble } from '../esdb-double/server.js';

interface Chosen {
  readonly double: EsdbDouble;
  readonly settings: Readonly<Record<string, string>>;
}

const chosen = new Map<string, Promise<Chosen>>();
const isDouble = process.env['COUNTERSIGN_EVENT_STORE'] === 'double';

afterAll(async () => {
  for (const dataDir of [...chosen.keys()]) await leaveStore(dataDir);
});

/** The settings of a server over a data directory, the same each time; none for the embedded store. */
export async function chosenStore(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (!isDouble) return {};
  const known = chosen.get(dataDir) ?? begin();
  chosen.set(dataDir, known);
  return (await known).settings;
}

/** Ends the store of a data directory that is not used any more. */
export async function leaveStore(dataDir: string): Promise<void> {
  const known = chosen.get(dataDir);
  chosen.delete(dataDir);
  (await known)?.double.close();
}

async function begin(): Promise<Chosen> {
  const double = await EsdbDouble.start();
  const settings = {
    COUNTERSIGN_EVENT_STORE: double.connectionString,
    COUNTERSIGN_MASTER_KEY: randomBytes(32).toString('base64url'),
    COUNTERSIGN_ADMIN_KEY: randomBytes(32).toString('base64url'),
  };
  return { double, settings };
}
