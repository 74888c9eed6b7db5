/** Starting and stopping: one clear line when it cannot, nothing lost when it ends. */

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { StartError, startServer } from '../../src/main.js';
import { Serving } from './serving.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-start-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const start = (settings: Record<string, string> = {}) =>
  startServer(
    readConfig({
      COUNTERSIGN_PORT: '0',
      COUNTERSIGN_DATA_DIR: join(directory, 'data'),
      COUNTERSIGN_LOG_LEVEL: 'silent',
      ...settings,
    }),
  );

/** The message of a start that must fail: one line, without a stack. */
async function complaintOf(starting: Promise<unknown>): Promise<string> {
  const error = await starting.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartError);
  const { message } = error as StartError;
  expect(message).not.toContain('\n');
  return message;
}

describe('a start that cannot be', () => {
  it('says that the port is taken, and lets go of the data directory', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    expect(await complaintOf(start({ COUNTERSIGN_PORT: String(port) }))).toBe(
      `127.0.0.1:${port} is in use by another program`,
    );
    await new Promise((resolve) => taken.close(resolve));
    const server = await start();
    await server.close();
  });

  it('says that the data directory is in use', async () => {
    const server = await start();
    expect(await complaintOf(start())).toMatch(/in use by another process/);
    await server.close();
  });

  it('says that the data directory cannot be one', async () => {
    await writeFile(join(directory, 'data'), 'a file');
    expect(await complaintOf(start())).toMatch(/data directory .* cannot be used/);
  });

  it('says that the ledger is corrupt, and leaves it as it is', async () => {
    const server = await start();
    await server.close();
    const path = join(directory, 'data', 'ledger.db');
    const garbage = 'this is no ledger'.repeat(1_000);
    await writeFile(path, garbage);
    await complaintOf(start());
    expect(await readFile(path, 'utf8')).toBe(garbage);
  });

  it('says that a kept key is unusable', async () => {
    const server = await start();
    await server.close();
    await writeFile(join(directory, 'data', 'master.key'), 'short');
    expect(await complaintOf(start())).toMatch(/master\.key holds no usable key/);
  });

  it('says that the address is not this machine’s', async () => {
    const settings = { COUNTERSIGN_HOST: '192.0.2.1', COUNTERSIGN_INSECURE_BIND: '1' };
    expect(await complaintOf(start(settings))).toMatch(/192\.0\.2\.1 is not an address of this machine/);
  });
});

describe('a first start that fails', () => {
  it('makes nothing when it cannot listen', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const settings = { COUNTERSIGN_DATA_DIR: join(directory, 'state', 'countersign') };
    await complaintOf(start({ ...settings, COUNTERSIGN_PORT: String(port) }));
    await new Promise((resolve) => taken.close(resolve));
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps no keys that nobody was shown, and the next start shows new ones', async () => {
    const data = join(directory, 'data');
    await mkdir(join(data, 'read.db'), { recursive: true });
    await complaintOf(start());
    expect((await readdir(data)).filter((name) => name.endsWith('.key'))).toEqual([]);
    await rmdir(join(data, 'read.db'));
    const server = await start();
    expect(server.isAdminKeyNew).toBe(true);
    await server.close();
  });

  it('leaves the keys that were there', async () => {
    const first = await start();
    await first.close();
    const data = join(directory, 'data');
    await rm(join(data, 'read.db'));
    await mkdir(join(data, 'read.db'));
    await complaintOf(start());
    expect(await readdir(data)).toEqual(expect.arrayContaining(['admin.key', 'master.key']));
  });
});

describe('a first start', () => {
  it('makes a directory and keys that only their owner can read, and keeps them', async () => {
    const first = await start();
    expect(first.isAdminKeyNew).toBe(true);
    await first.close();
    const data = join(directory, 'data');
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(data)) expect((await stat(join(data, name))).mode & 0o077).toBe(0);
    const second = await start();
    expect(second).toMatchObject({ isAdminKeyNew: false, adminKey: first.adminKey });
    await second.close();
  });
});

describe('a stop', () => {
  it('answers what is in flight, and the next start has all of it', async () => {
    const dataDir = join(directory, 'kept');
    const serving = await Serving.start({ COUNTERSIGN_DATA_DIR: dataDir });
    const acme = await serving.tenant('acme');
    await acme.budget('', 1_000);
    const asked = Array.from({ length: 50 }, () => acme.reserve(1).catch(() => null));
    await acme.reserve(1);
    await serving.server.close();
    const granted = (await Promise.all(asked)).filter((reply) => reply?.status === 200).length + 1;
    const again = await Serving.start({ COUNTERSIGN_DATA_DIR: dataDir });
    const ledgers = await again.asAdmin('GET', '/v1/admin/budgets?tenant_id=acme');
    expect(ledgers.at('ledgers.0.reserved.amount')).toBe(granted);
    await again.stop();
    await serving.stop();
  });

  it('waits for a client that does not read its answer, but not for long', async () => {
    const serving = await Serving.start({}, { closeMaxMs: 100 });
    const { hostname, port } = new URL(serving.server.url);
    const socket = connect(Number(port), hostname);
    socket.pause();
    // Far more answers than the buffers between the two hold.
    const request = `GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
    socket.write(request.repeat(8));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('readable', resolve));
    await serving.stop();
    socket.destroy();
    await ended;
  });

  it('may be asked for twice', async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
  });
});

it('says that the data directory may not be written', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  if (process.getuid?.() !== 0) await chmod(directory, 0o500);
  // Permissions do not bind a superuser, but a file in the way binds everybody.
  const dataDir = process.getuid?.() === 0 ? join(file, 'data') : join(directory, 'data');
  expect(await complaintOf(start({ COUNTERSIGN_DATA_DIR: dataDir }))).toMatch(/cannot be used/);
  await chmod(directory, 0o700);
});
