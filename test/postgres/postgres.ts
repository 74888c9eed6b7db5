/**
 * A real PostgreSQL for tests: the one that COUNTERSIGN_TEST_POSTGRES names, or one of the system's own binaries,
 * started once for each worker of a run, over a directory that goes with it.
 */

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresAddress } from '../../src/adapters/read-store/postgres.js';
import { parsePostgresUrl } from '../../src/adapters/read-store/postgres-address.js';

const NAMED = process.env['COUNTERSIGN_TEST_POSTGRES'] ?? null;
const HOME = '/usr/lib/postgresql';
const PATIENCE_MS = 30_000;

/** The newest binaries of the system; null when it has none. */
const binaries = (): string | null => {
  const versions = existsSync(HOME) ? readdirSync(HOME).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(HOME, version, 'bin'));
  return found.find((path) => existsSync(join(path, 'postgres'))) ?? null;
};

/** Whether tests can have a PostgreSQL here; says loudly, once a worker, what is not tested when they cannot. */
export const hasPostgres = (): boolean => {
  if (NAMED !== null || binaries() !== null) return true;
  if (!told.has('told')) {
    process.stderr.write(
      '\nNOT TESTED: the read models on PostgreSQL. No PostgreSQL was found: install one, or set COUNTERSIGN_TEST_POSTGRES.\n\n',
    );
  }
  told.add('told');
  return false;
};
const told = new Set<string>();

/** Kept over the test files of a worker. */
const KEPT = Symbol.for('countersign.test.postgres');
const kept = globalThis as { [KEPT]?: Promise<string> };

/** The URL of a schema that is nobody else's. */
export async function freshSchema(): Promise<string> {
  kept[KEPT] ??= NAMED === null ? start() : Promise.resolve(NAMED);
  const url = new URL(await kept[KEPT]);
  url.searchParams.set('schema', `t_${randomBytes(8).toString('hex')}`);
  return url.href;
}

/** The same as the product reads it. */
export function addressOf(url: string): PostgresAddress {
  const address = parsePostgresUrl(url);
  if (typeof address === 'string') throw new Error(address);
  return address;
}

/** Drops a schema with all that is in it. */
export async function dropSchema(url: string): Promise<void> {
  const { connectionString, schema } = addressOf(url);
  await ask(connectionString, `drop schema if exists "${schema}" cascade`);
}

/** Asks one thing, as somebody beside the product would. */
export async function ask(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function start(): Promise<string> {
  const path = binaries();
  if (path === null) throw new Error('there is no PostgreSQL');
  const directory = mkdtempSync('/tmp/countersign-postgres-');
  if (isRoot()) chownSync(directory, Number(execFileSync('id', ['-u', 'postgres'])), -1);
  const data = join(directory, 'data');
  const [command, args] = asNobodyElse(join(path, 'initdb'), [
    ...['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
  ]);
  execFileSync(command, args, { stdio: 'ignore', cwd: '/' });
  const port = await freePort();
  serve(join(path, 'postgres'), directory, port);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answering(url);
  return url;
}

/** It ends when this process does, however that ends: its guard then has nothing to read any more. */
function serve(postgres: string, directory: string, port: number): void {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    max_connections: 200,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const guarded = `"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf '${directory}'`;
  const [command, args] = asNobodyElse('sh', [
    '-c',
    guarded,
    'sh',
    postgres,
    '-D',
    join(directory, 'data'),
    ...options,
  ]);
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  child.unref();
  (child.stdin as unknown as { unref(): void } | null)?.unref();
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root. */
const asNobodyElse = (command: string, args: readonly string[]): [string, readonly string[]] =>
  isRoot() ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

async function answering(url: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await ask(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
