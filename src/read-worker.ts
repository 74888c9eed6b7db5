/** The read worker: the projector and all queries, on a thread and connections of their own. */

import { parentPort, workerData } from 'node:worker_threads';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { ReadHost } from './adapters/read-store/host.js';
import { MendingReadService } from './adapters/read-store/mending.js';
import type { ReadWorkerData } from './adapters/read-store/messages.js';
import { stepBack } from './adapters/read-store/priority.js';
import { type LedgerPlace, openLedgerReader } from './ledger.js';
import { PROJECTIONS } from './projections/catalogue.js';
import { exclusiveDatabase } from './projections/dialect.js';
import { generationsTable } from './projections/generations.js';
import { Projector } from './projections/projector.js';
import type { AnyTables } from './projections/table.js';

if (parentPort === null) throw new Error('the read worker runs as a worker thread only');
const host = new ReadHost(parentPort);
const { eventStore, readStorePath } = workerData as ReadWorkerData;

await host.serve(async () => {
  const reader = openLedgerReader(eventStore as LedgerPlace, (message) => host.complain(message));
  const readModels = new MendingReadService({
    path: readStorePath,
    names: PROJECTIONS.map(({ name }) => name),
    tables: [generationsTable, ...PROJECTIONS.flatMap(({ tables }) => tables)].map(({ name }) => name),
    pullInto: ({ writing }, onProgress) =>
      new Projector({
        db: exclusiveDatabase<AnyTables>(writing),
        reader,
        codec: createEventCodec(),
        projections: PROJECTIONS,
        onProgress,
      }),
    headPosition: () => reader.headPosition(),
    report: (projections) => host.report(projections),
    onTrouble: (message) => host.complain(message),
  });
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
