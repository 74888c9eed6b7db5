/** Damaged files under a real server: what can be made anew is, and what cannot is named. */

import { existsSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { eventually } from '../event-store/eventually.js';
import { Serving, type TenantClient } from './serving.js';

/** These are about files, whatever the run is on. */
const IN_FILE = { COUNTERSIGN_READ_STORE: 'sqlite' };

const PAGE_BYTES = 4096;

let serving: Serving;
let acme: TenantClient;
const logged: string[] = [];
const logTo = { write: (line: string) => logged.push(line) };

/** Starts over the same directory, with the same client. */
async function restart(): Promise<void> {
  const { dataDir } = serving;
  serving = await Serving.start(
    { ...IN_FILE, COUNTERSIGN_DATA_DIR: dataDir, COUNTERSIGN_LOG_LEVEL: 'warn' },
    { logTo },
  );
  acme = acme.at(serving);
}

/** Overwrites pages of a file, the first of which is number 1. */
async function overwrite(path: string, fromPage: number): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await stat(path);
  const from = (fromPage - 1) * PAGE_BYTES;
  await file.write(Buffer.alloc(size - from, 0xa5), 0, size - from, from);
  await file.close();
}

const readDb = () => join(serving.dataDir, 'read.db');
const ready = () => serving.ask('GET', '/health/ready');
const HELD = { allocated: 1_000, remaining: 900, reserved: 100, spent: 0, debt: 0 };

beforeEach(async () => {
  logged.length = 0;
  serving = await Serving.start({ ...IN_FILE, COUNTERSIGN_LOG_LEVEL: 'warn' }, { logTo });
  acme = await serving.tenant('acme');
  await acme.budget('', 1_000);
  await acme.held(100);
  expect(await acme.balance()).toEqual(HELD);
});
afterEach(async () => {
  await serving.stop();
  await rm(serving.dataDir, { recursive: true, force: true });
});

describe('read models', () => {
  it('that were damaged while nobody looked are set aside at the start and made anew', async () => {
    await serving.server.close();
    await overwrite(readDb(), 4);
    await restart();
    expect(await acme.balance()).toEqual(HELD);
    expect((await ready()).status).toBe(200);
    expect(existsSync(`${readDb()}.damaged`)).toBe(true);
    expect(logged.filter((line) => line.includes('made anew from the ledger'))).toHaveLength(1);
    expect(logged.join()).toContain(readDb());
  });

  it('with a text that is none any more are set aside at the start, and abort nothing', async () => {
    await serving.server.close();
    const bytes = await readFile(readDb());
    for (let at = bytes.indexOf('tenant:acme'); at >= 0; at = bytes.indexOf('tenant:acme', at + 1)) {
      bytes[at] = 0xff;
    }
    await writeFile(readDb(), bytes);
    await restart();
    expect(await acme.balance()).toEqual(HELD);
    expect(existsSync(`${readDb()}.damaged`)).toBe(true);
  });

  it('that are damaged while they are in use are made anew, and no answer comes from an empty table', async () => {
    await serving.server.close();
    await restart();
    await overwrite(readDb(), 3);
    await eventually(async () => {
      const list = await serving.asAdmin('GET', '/v1/admin/budgets?tenant_id=acme');
      if (list.status === 200) expect(list.at('ledgers.0.reserved.amount')).toBe(100);
      expect(list.status).toBe(200);
      expect(existsSync(`${readDb()}.damaged`)).toBe(true);
    });
    await eventually(async () => expect((await ready()).status).toBe(200));
    await acme.held(1);
    expect(await acme.balance()).toMatchObject({ reserved: 101 });
  });

  it('that have lost a table get it back', async () => {
    const vandal = new Database(readDb());
    vandal.exec('drop table balances_g1');
    vandal.close();
    await eventually(async () =>
      expect((await acme.ask('GET', '/v1/balances?tenant=acme')).status).toBe(200),
    );
    expect(await acme.balance()).toEqual(HELD);
    await eventually(async () => expect((await ready()).status).toBe(200));
  });
});
