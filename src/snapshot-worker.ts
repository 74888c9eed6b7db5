/** The snapshot worker: makes, keeps and finds snapshots, so that neither deciding nor queries wait for it. */

import { parentPort, workerData } from 'node:worker_threads';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { stepBack } from './adapters/read-store/priority.js';
import { SnapshotHost } from './adapters/read-store/snapshot-host.js';
import type { SnapshotWorkerData } from './adapters/read-store/snapshot-messages.js';
import { openReadDatabase } from './adapters/read-store/sqlite.js';
import { systemClock } from './adapters/system/clock.js';
import type { TenantId } from './domain/ids.js';
import { type LedgerPlace, openLedgerReader } from './ledger.js';
import { exclusiveDatabase } from './projections/dialect.js';
import { Snapshots } from './projections/snapshots.js';
import type { AnyTables } from './projections/table.js';
import type { WriterLog } from './writer/context.js';
import { DEFAULT_LIMITS } from './writer/limits.js';
import { takeSnapshot } from './writer/snapshots.js';

if (parentPort === null) throw new Error('the snapshot worker runs as a worker thread only');
const { eventStore, snapshotsPath, macKey, stepsBack } = workerData as SnapshotWorkerData;
if (stepsBack) stepBack();
const host = new SnapshotHost(parentPort);
const report: WriterLog['warn'] = (fields, message) => {
  const { err, tenantId } = fields as { err?: Error; tenantId?: string };
  host.report(`${message} (tenant ${tenantId}): ${err?.message}`);
};

const reader = await openLedgerReader(eventStore as LedgerPlace);
const file = openReadDatabase(snapshotsPath, { onSetAside: (message) => host.report(message) });
const snapshots = new Snapshots(exclusiveDatabase<AnyTables>(file.writing), macKey);
await snapshots.createSchema();
const context = {
  snapshots,
  store: reader,
  codec: createEventCodec(),
  clock: systemClock,
  limits: DEFAULT_LIMITS,
  random: Math.random,
  log: { warn: report, error: report },
};

host.serve({
  latest: (tenantId, stateVersion) => snapshots.latest(tenantId, stateVersion),
  take: (tenantId, revision) => takeSnapshot(tenantId as TenantId, revision, context),
  interrupt: () => void reader.close(),
  close: () => file.close(),
});
