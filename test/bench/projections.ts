/**
 * `npm run bench:projections -- [events]`: how fast a ledger of some size is projected into all read models, how fast
 * a page of the audit record is found in it, and what exporting it takes of the server's memory.
 */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { openSqliteEventReader } from '../../src/adapters/event-store-sqlite/reader.js';
import { openReadDatabase } from '../../src/adapters/read-store/sqlite.js';
import { ledgerPath, readModelsPath } from '../../src/config.js';
import { PROJECTIONS } from '../../src/projections/catalogue.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import type { Projection } from '../../src/projections/projection.js';
import { Projector } from '../../src/projections/projector.js';
import type { AnyTables } from '../../src/projections/table.js';
import { ServedChild } from './children.js';
import { growLedger } from './grow.js';
import { provision } from './provision.js';
import { TENANT } from './requests.js';
import { quantileOf } from './statistics.js';
import { aligned } from './table.js';

const PAGES = 101;
const FILTERS = `tenant_id=${TENANT}&session_id=run-7&decision=ALLOW&kind=llm.completion&limit=50`;
const FORMATS = ['ndjson', 'csv'] as const;

const events = Number(process.argv[2] ?? 100_000);
const adminKey = randomBytes(32).toString('hex');
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const env = { COUNTERSIGN_DATA_DIR: dataDir, COUNTERSIGN_PORT: '0', COUNTERSIGN_ADMIN_KEY: adminKey };

interface Pace {
  readonly perSecond: number;
  /** Of this process, in µs. */
  readonly cpuPerEvent: number;
}

/** Projects the whole ledger into an empty file, on this thread alone. */
async function projectAll(path: string, projections: readonly Projection[]): Promise<Pace> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const reader = openSqliteEventReader(ledgerPath(dataDir));
  const files = openReadDatabase(path);
  const head = await reader.headPosition();
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await new Promise<void>((done, failed) => {
    const projector = new Projector({
      db: exclusiveDatabase<AnyTables>(files.writing),
      reader,
      codec: createEventCodec(),
      projections,
      onProgress(status) {
        if (status.some((each) => each.position < head)) return;
        projector.stop().then(done, failed);
      },
    });
    projector.start().catch(failed);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const used = process.cpuUsage(cpu);
  files.close();
  await reader.close();
  return { perSecond: events / seconds, cpuPerEvent: (used.user + used.system) / events };
}

/** What reading and decoding cost is in each; so the parts are more than the whole. */
async function paces(): Promise<string> {
  const own = join(dataDir, 'alone.db');
  const rows = [['read models', 'events/s', 'CPU µs/event']];
  const all = await projectAll(readModelsPath(dataDir), PROJECTIONS);
  const row = (name: string, pace: Pace) => [name, pace.perSecond.toFixed(0), pace.cpuPerEvent.toFixed(1)];
  rows.push(row('all', all));
  for (const projection of PROJECTIONS) rows.push(row(projection.name, await projectAll(own, [projection])));
  return aligned(rows);
}

const ask = (server: ServedChild, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { 'X-Admin-API-Key': adminKey } });

async function pageTimes(server: ServedChild): Promise<string> {
  const times: number[] = [];
  for (let nth = 0; nth < PAGES; nth++) {
    const startedAt = performance.now();
    const answer = await ask(server, `/audit/actions?${FILTERS}`);
    const { actions } = (await answer.json()) as { actions: unknown[] };
    if (actions.length === 0) throw new Error(`no actions: ${answer.status}`);
    times.push(performance.now() - startedAt);
  }
  const [median, most] = [quantileOf(times, 0.5), quantileOf(times, 1)];
  return `a page with three filters: median ${median.toFixed(1)} ms, most ${most.toFixed(1)} ms`;
}

/** The growth of the server's memory over what it was before, looked at while the export runs. */
async function exported(server: ServedChild, format: (typeof FORMATS)[number]): Promise<string> {
  const before = (await server.usage()).rssBytes;
  let most = before;
  const startedAt = performance.now();
  const answer = await ask(server, `/audit/export?format=${format}&tenant_id=${TENANT}`);
  if (answer.body === null || answer.status !== 200) throw new Error(`no export: ${answer.status}`);
  let bytes = 0;
  let lookedAt = startedAt;
  for await (const chunk of answer.body) {
    bytes += (chunk as Uint8Array).length;
    if (performance.now() - lookedAt < 100) continue;
    lookedAt = performance.now();
    most = Math.max(most, (await server.usage()).rssBytes);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const mib = (count: number): string => `${(count / 2 ** 20).toFixed(0)} MiB`;
  return `export as ${format}: ${mib(bytes)} in ${seconds.toFixed(1)} s, memory ${mib(before)} and at most ${mib(most - before)} more`;
}

try {
  const first = await ServedChild.start('embedded', { env });
  await provision(first.port, adminKey);
  await first.close();
  await growLedger(ledgerPath(dataDir), events);
  console.log(`${events} events, reservations and their commits over four scopes\n`);
  console.log(`${await paces()}\n`);
  const server = await ServedChild.start('embedded', { env });
  console.log(await pageTimes(server));
  for (const format of FORMATS) console.log(await exported(server, format));
  await server.close();
} finally {
  rmSync(dataDir, { recursive: true });
}
