/** The read worker: the projector and all queries, on a thread and connections of their own. */

import { parentPort, workerData } from 'node:worker_threads';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { openSqliteEventReader } from './adapters/event-store-sqlite/reader.js';
import { ReadHost } from './adapters/read-store/host.js';
import type { ReadWorkerData } from './adapters/read-store/messages.js';
import { stepBack } from './adapters/read-store/priority.js';
import { openReadDatabase } from './adapters/read-store/sqlite.js';
import { PROJECTIONS } from './projections/catalogue.js';
import { exclusiveDatabase } from './projections/dialect.js';
import { Projector } from './projections/projector.js';
import type { AnyTables } from './projections/table.js';

if (parentPort === null) throw new Error('the read worker runs as a worker thread only');
const host = new ReadHost(parentPort);
const { eventStorePath, readStorePath } = workerData as ReadWorkerData;

await host.serve(async () => {
  const reader = openSqliteEventReader(eventStorePath);
  const file = openReadDatabase(readStorePath);
  const db = exclusiveDatabase<AnyTables>(file.writing);
  const projector = new Projector({
    db,
    reader,
    codec: createEventCodec(),
    projections: PROJECTIONS,
    onProgress: (projections) => host.report(projections),
  });
  await projector.start();
  // Not before: whoever starts the server waits for this thread.
  stepBack();
  return {
    head: await reader.headPosition(),
    service: {
      queries: file.reading,
      rebuild: (names, onProgress) =>
        projector.rebuild(names === 'all' ? PROJECTIONS.map(({ name }) => name) : names, onProgress),
      notify: (position) => reader.notify(position),
      async close() {
        await projector.stop();
        file.close();
        reader.close();
      },
    },
  };
});
