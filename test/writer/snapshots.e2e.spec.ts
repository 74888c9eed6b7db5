/** A process that dies while it makes snapshots leaves a file that the next one goes on with. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WorkerSnapshotStore } from '../../src/adapters/read-store/snapshots.js';
import { STATE_VERSION } from '../../src/domain/state.js';
import { temporaryDirectory } from '../event-store/temporary-directory.js';
import { createBudget, openTenant, TestLedger } from '../projections/ledger.js';

const PROGRAM = fileURLToPath(new URL('./snapshot-taker.js', import.meta.url));
const KEY = '07'.repeat(32);
const BUDGETS = 150;

it('what was saved before a kill is there after it, and more can be made', async () => {
  const directory = await temporaryDirectory();
  const [ledgerPath, snapshotsPath] = [
    join(directory.path, 'ledger.db'),
    join(directory.path, 'snapshots.db'),
  ];
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  for (let i = 0; i < BUDGETS; i++) ledger.run('acme', createBudget(`tenant:acme/app:a${i}`, 5n));
  const store = await directory.openStore({ path: ledgerPath });
  for (const [revision, { stream, events }] of ledger.sealed.entries()) {
    await store.append(stream, revision - 1, events);
  }

  const child = spawn(process.execPath, [PROGRAM, ledgerPath, snapshotsPath, KEY, 'acme', String(BUDGETS)]);
  let saved = -1;
  for await (const line of createInterface(child.stdout)) {
    saved = Number(line);
    if (saved === 20) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');

  const snapshots = new WorkerSnapshotStore({
    worker: new URL('../../src/snapshot-worker.js', import.meta.url),
    eventStore: ledgerPath,
    snapshotsPath,
    macKey: Buffer.from(KEY, 'hex'),
  });
  const found = await snapshots.latest('acme', STATE_VERSION);
  expect(found?.revision).toBeGreaterThanOrEqual(saved);
  await snapshots.take('acme', BUDGETS);
  const last = JSON.parse(ledger.stored.at(-1)?.metadata ?? '');
  expect(await snapshots.latest('acme', STATE_VERSION)).toMatchObject({
    revision: BUDGETS,
    chainHash: last.hash,
  });
  await snapshots.close();
  await directory.remove();
});
