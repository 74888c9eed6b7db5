/**
 * The stores that the servers of a run are on: the embedded ones, or with COUNTERSIGN_EVENT_STORE=double a double of
 * EventStoreDB, and with COUNTERSIGN_READ_STORE=postgres a schema of a real PostgreSQL, for each data directory. They
 * stay over a restart of the server as a cluster and a database would.
 */

import { randomBytes } from 'node:crypto';
import { EsdbDouble } from '../esdb-double/server.js';
import { dropSchema, freshSchema } from '../postgres/postgres.js';

interface Chosen {
  readonly settings: Readonly<Record<string, string>>;
  leave(): Promise<void>;
}

const EMBEDDED: Chosen = { settings: {}, leave: async () => undefined };

const chosen = new Map<string, Promise<readonly Chosen[]>>();
const isDouble = process.env['COUNTERSIGN_EVENT_STORE'] === 'double';
const isPostgres = process.env['COUNTERSIGN_READ_STORE'] === 'postgres';

afterAll(async () => {
  for (const dataDir of [...chosen.keys()]) await leaveStore(dataDir);
});

/** The settings of a server over a data directory, the same each time; none for the embedded stores. */
export async function chosenStore(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (!isDouble && !isPostgres) return {};
  const known = chosen.get(dataDir) ?? begin();
  chosen.set(dataDir, known);
  const [events, rows] = await known;
  return { ...events?.settings, ...rows?.settings };
}

/** Ends the stores of a data directory that is not used any more. */
export async function leaveStore(dataDir: string): Promise<void> {
  const known = chosen.get(dataDir);
  chosen.delete(dataDir);
  for (const store of (await known) ?? []) await store.leave();
}

const begin = (): Promise<readonly Chosen[]> =>
  Promise.all([isDouble ? beginDouble() : EMBEDDED, isPostgres ? beginPostgres() : EMBEDDED]);

async function beginDouble(): Promise<Chosen> {
  const double = await EsdbDouble.start();
  const settings = {
    COUNTERSIGN_EVENT_STORE: double.connectionString,
    COUNTERSIGN_MASTER_KEY: randomBytes(32).toString('base64url'),
    COUNTERSIGN_ADMIN_KEY: randomBytes(32).toString('base64url'),
  };
  return { settings, leave: async () => double.close() };
}

async function beginPostgres(): Promise<Chosen> {
  const url = await freshSchema();
  return { settings: { COUNTERSIGN_READ_STORE: url }, leave: () => dropSchema(url) };
}
