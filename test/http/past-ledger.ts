/** A real server over a ledger that is months old already. */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import { ledgerPath } from '../../src/config.js';
import { NO_STREAM } from '../../src/ports/event-store.port.js';
import type { TestLedger } from '../projections/ledger.js';
import { Serving } from './serving.js';

/** Serves what a test ledger holds, from the embedded store. */
export async function serveLedger(
  ledger: TestLedger,
  settings: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-past-'));
  const store = await openSqliteEventStore({ path: ledgerPath(dataDir) });
  const revisions = new Map<string, number>();
  for (const { stream, events } of ledger.sealed) {
    const result = await store.append(stream, revisions.get(stream) ?? NO_STREAM, events);
    if (result.kind !== 'appended') throw new Error(`not appended: ${result.kind}`);
    revisions.set(stream, result.revision);
  }
  await store.close();
  return Serving.start({ COUNTERSIGN_DATA_DIR: dataDir, ...settings });
}
