/** The read worker: the projector and all queries, on a thread and connections of their own. */

import { parentPort, workerData } from 'node:worker_threads';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { ReadHost } from './adapters/read-store/host.js';
import { MendingReadService } from './adapters/read-store/mending.js';
import type { ReadWorkerData } from './adapters/read-store/messages.js';
import type { PostgresAddress } from './adapters/read-store/postgres.js';
import { stepBack } from './adapters/read-store/priority.js';
import type { SharedReadService } from './adapters/read-store/shared.js';
import { type LedgerPlace, type LedgerReader, openLedgerReader } from './ledger.js';
import type { ProjectionStatus, SqlConnection } from './ports/read-store.port.js';
import { PROJECTIONS } from './projections/catalogue.js';
import { exclusiveDatabase } from './projections/dialect.js';
import { generationsTable } from './projections/generations.js';
import { progressOf } from './projections/progress.js';
import { Projector } from './projections/projector.js';
import type { AnyTables } from './projections/table.js';

if (parentPort === null) throw new Error('the read worker runs as a worker thread only');
const host = new ReadHost(parentPort);
const { eventStore, readStorePath, postgres = null } = workerData as ReadWorkerData;

await host.serve(async () => {
  const reader = await openLedgerReader(eventStore as LedgerPlace, (message) => host.complain(message));
  const readModels = postgres === null ? inFile(reader) : await inPostgres(reader, postgres);
  await readModels.open();
  // Not before: whoever starts the server waits for this thread.
  stepBack();
  return {
    head: await reader.headPosition(),
    service: {
      queries: readModels.queries,
      rebuild: (names, onProgress) => readModels.rebuild(names, onProgress),
      notify: (position) => reader.notify(position),
      async close() {
        await readModels.close();
        await reader.close();
      },
    },
  };
});

function inFile(reader: LedgerReader): MendingReadService {
  return new MendingReadService({
    path: readStorePath,
    names: PROJECTIONS.map(({ name }) => name),
    tables: [generationsTable, ...PROJECTIONS.flatMap(({ tables }) => tables)].map(({ name }) => name),
    pullInto: ({ writing }, onProgress) => projectorOver(reader, writing, onProgress),
    headPosition: () => reader.headPosition(),
    report: (projections) => host.report(projections),
    onTrouble: (message) => host.complain(message),
  });
}

/** The driver is loaded by those alone who use it. */
async function inPostgres(reader: LedgerReader, address: PostgresAddress): Promise<SharedReadService> {
  const { SharedReadService } = await import('./adapters/read-store/shared.js');
  let head = 0;
  return new SharedReadService({
    address,
    names: PROJECTIONS.map(({ name }) => name),
    pullInto: (connection, onProgress) => projectorOver(reader, connection, onProgress),
    progress: (connection) => progressOf(connection, PROJECTIONS, head),
    onAppended: (listener) =>
      reader.onAppended((position) => {
        head = Math.max(head, position);
        listener();
      }),
    report: (projections) => host.report(projections),
    onTrouble: (message) => host.complain(message),
  });
}

function projectorOver(
  reader: LedgerReader,
  connection: SqlConnection,
  onProgress: (projections: readonly ProjectionStatus[]) => void,
): Projector {
  return new Projector({
    db: exclusiveDatabase<AnyTables>(connection),
    reader,
    codec: createEventCodec(),
    projections: PROJECTIONS,
    onProgress,
    mayBeOthers: connection.flavour === 'postgres',
  });
}
