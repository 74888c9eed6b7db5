/** A process to be killed: appends to several streams without end and prints each acknowledgement. */

import { writeSync } from 'node:fs';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import { GENESIS_HASH } from '../../src/domain/hash-chain.js';
import { NO_STREAM } from '../../src/ports/event-store.port.js';
import { type Acknowledgement, BATCH_LENGTH, STREAMS } from './acknowledgement.js';
import { sampleBatch } from './samples.js';

async function appendForever(path: string): Promise<void> {
  const store = await openSqliteEventStore({ path });
  await Promise.all(
    STREAMS.map(async (stream) => {
      const last = (await store.readStream(stream, { revision: 0, limit: 1_000_000 })).at(-1);
      let revision = last?.revision ?? NO_STREAM;
      let previousHash = last === undefined ? GENESIS_HASH : (JSON.parse(last.metadata).hash as string);
      for (;;) {
        const claim = `claim-${revision}`;
        const batch = sampleBatch({ stream, previousHash, count: BATCH_LENGTH, claims: [claim] });
        const result = await store.append(stream, revision, batch);
        if (result.kind !== 'appended') throw new Error(`unexpected ${result.kind}`);
        revision = result.revision;
        previousHash = batch.at(-1)?.metadata.hash ?? '';
        const line: Acknowledgement = { stream, revision, ids: batch.map(({ id }) => id), claim };
        writeSync(1, `${JSON.stringify(line)}\n`);
      }
    }),
  );
}

await appendForever(process.argv[2] ?? '');
