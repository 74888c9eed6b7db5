/** How fast the embedded store appends, alone and in company, when empty and when it has grown. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from '../event-store/samples.js';

const STREAMS = 16;
const ROUND_MS = 2_000;
const BATCHES = [1, 16, 64, 256];
/** Bytes of an event's data, about those of a reserve over four scopes. */
const DATA_BYTES = 900;

const template = sampleBatch({ stream: 'tenant-bench', reason: 'x'.repeat(DATA_BYTES) })[0];
const grownTo = Number(process.argv[2] ?? 0);

/** Events are cloned from one, so that what is measured is the store and not the sealing. */
function batchOf(count: number): SealedEvent[] {
  if (template === undefined) throw new Error('no sample');
  return Array.from({ length: count }, () => {
    const id = randomUUID();
    return { ...template, id, claim: `reserve||${id}` as Claim };
  });
}

class Writer {
  #revision = NO_STREAM;
  constructor(
    private readonly store: EventStore,
    private readonly stream: string,
  ) {}

  async append(count: number): Promise<void> {
    const result = await this.store.append(this.stream, this.#revision, batchOf(count));
    if (result.kind !== 'appended') throw new Error(`unexpected ${result.kind}`);
    this.#revision = result.revision;
  }
}

/** Several streams, each with one append in flight, together `perGroup` events in the air. */
async function throughput(writers: readonly Writer[], perGroup: number): Promise<string> {
  const active = writers.slice(0, Math.min(perGroup, writers.length));
  const count = Math.max(1, Math.min(200, Math.floor(perGroup / active.length)));
  const end = performance.now() + ROUND_MS;
  const start = performance.now();
  const cpu = process.cpuUsage();
  let events = 0;
  await Promise.all(
    active.map(async (writer) => {
      while (performance.now() < end) {
        await writer.append(count);
        events += count;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  const used = process.cpuUsage(cpu);
  const perEvent = (used.user + used.system) / events;
  return `${String(perGroup).padStart(4)} in the air: ${Math.round(events / seconds)} events/s, ${perEvent.toFixed(0)} µs CPU an event`;
}

async function latencyAlone(writer: Writer): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < 1_000; i++) {
    const start = performance.now();
    await writer.append(1);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  return `alone: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function report(title: string, writers: readonly Writer[]): Promise<void> {
  console.log(title);
  for (const perGroup of BATCHES) console.log(`  ${await throughput(writers, perGroup)}`);
  const [first] = writers;
  if (first !== undefined) console.log(`  ${await latencyAlone(first)}`);
}

const directory = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const path = join(directory, 'events.db');
let store = await openSqliteEventStore({ path });
try {
  const writers = Array.from({ length: STREAMS }, (_, i) => new Writer(store, `tenant-bench-${i}`));
  await report('empty store', writers);
  if (grownTo > 0) {
    while ((await store.headPosition()) < grownTo)
      await Promise.all(writers.map((writer) => writer.append(200)));
    await report(`store of ${await store.headPosition()} events`, writers);
    await store.close();
    const start = performance.now();
    store = await openSqliteEventStore({ path });
    console.log(`reopened in ${(performance.now() - start).toFixed(0)} ms`);
    const readStart = performance.now();
    let position = 0;
    let read = 0;
    while (read < 200_000) {
      const events = await store.readAll({ position, limit: 1_000 });
      if (events.length === 0) break;
      read += events.length;
      position = events.at(-1)?.position ?? position;
    }
    console.log(`read back at ${Math.round((read / (performance.now() - readStart)) * 1_000)} events/s`);
  }
} finally {
  await store.close();
  rmSync(directory, { recursive: true });
}
