/** The server as a process: what a person sees when it cannot start, and how it ends. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { said } from '../cli/program.js';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));

let directory: string;
let running: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-process-'));
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  await rm(directory, { recursive: true, force: true });
});

class Server {
  errors = '';
  readonly url: Promise<string>;
  readonly ended: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    this.url = new Promise((resolve) => {
      child.stderr?.on('data', (chunk) => {
        this.errors += String(chunk);
        const url = /http:\/\/\S+:\d+/.exec(this.errors)?.[0];
        if (url !== undefined) resolve(url);
      });
    });
    this.ended = new Promise((resolve) => child.on('close', resolve));
  }
}

function serve(settings: Record<string, string> = {}): Server {
  const env = {
    PATH: process.env['PATH'],
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_DATA_DIR: join(directory, 'data'),
    COUNTERSIGN_LOG_LEVEL: 'silent',
    ...settings,
  };
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return new Server(child);
}

/** Runs a start that must fail, and answers the one line that it prints. */
async function complaintOf(settings: Record<string, string>): Promise<string> {
  const server = serve(settings);
  expect(await server.ended).toBeGreaterThan(0);
  const lines = server.errors.trim().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

/** Starts and stops once, so that there is a ledger. */
async function makeLedger(): Promise<void> {
  const server = serve();
  await server.url;
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
}

it('prints one line and fails when the port is taken', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  expect(await complaintOf({ COUNTERSIGN_PORT: String(port) })).toContain(`${port} is in use`);
  await new Promise((resolve) => taken.close(resolve));
});

it('prints one line and fails when another process has the data directory', async () => {
  await serve().url;
  expect(await complaintOf({})).toContain('in use by another process');
});

it('prints one line and fails when the ledger is corrupt', async () => {
  await makeLedger();
  await writeFile(join(directory, 'data', 'ledger.db'), 'no ledger at all'.repeat(1_000));
  expect(await complaintOf({})).toContain('ledger.db');
});

it('prints one line and fails when a newer version wrote the ledger', async () => {
  await makeLedger();
  const database = new Database(join(directory, 'data', 'ledger.db'));
  database.exec("UPDATE meta SET value = 99 WHERE name = 'format'");
  database.close();
  expect(await complaintOf({})).toContain('written by a newer version');
});

it('prints one line and fails for a setting that does not exist', async () => {
  expect(await complaintOf({ COUNTERSIGN_PROT: '1' })).toContain('COUNTERSIGN_PROT is not a known setting');
});

it('ends with 0 when it is asked to', async () => {
  const server = serve();
  const url = await server.url;
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

it('ends with 0 when it is asked to while it waits for an event store', async () => {
  const server = serve({
    COUNTERSIGN_EVENT_STORE: 'esdb://127.0.0.1:1?tls=false',
    COUNTERSIGN_MASTER_KEY: 'm'.repeat(48),
    COUNTERSIGN_ADMIN_KEY: 'a'.repeat(48),
    COUNTERSIGN_LOG_LEVEL: 'warn',
  });
  await said(server.child, 'stdout', /cannot be reached/);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});
