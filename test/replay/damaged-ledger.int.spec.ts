/** Verification of a ledger whose file is damaged: it says where, goes on behind it, and does not fall over. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { openSqliteEventReader } from '../../src/adapters/event-store-sqlite/reader.js';
import { NO_STREAM } from '../../src/ports/event-store.port.js';
import { type VerifyReport, verifyLedger } from '../../src/replay/verify.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';
import { randomLedger } from '../projections/random-ledger.js';

const PAGE_BYTES = 4096;

let directory: TemporaryDirectory;
let path: string;
let events: number;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory.path, 'ledger.db');
  const ledger = randomLedger(5, 400);
  const store = await directory.openStore({ path });
  const revisions = new Map<string, number>();
  for (const { stream, events: batch } of ledger.sealed) {
    const appended = await store.append(stream, revisions.get(stream) ?? NO_STREAM, batch);
    if (appended.kind !== 'appended') throw new Error(appended.kind);
    revisions.set(stream, appended.revision);
  }
  events = ledger.stored.length;
  await store.close();
});
afterEach(() => directory.remove());

async function verified(): Promise<VerifyReport> {
  const reader = openSqliteEventReader(path);
  try {
    return await verifyLedger(reader, createEventCodec());
  } finally {
    reader.close();
  }
}

/** Changes the first byte of a text in the file, and answers in which event's data it stands. */
async function changeByte(text: string, nth: number, to: number): Promise<void> {
  const bytes = await readFile(path);
  let at = -1;
  for (let i = 0; i <= nth; i++) at = bytes.indexOf(text, at + 1);
  expect(at).toBeGreaterThan(0);
  bytes[at + text.length - 1] = to;
  await writeFile(path, bytes);
}

it('is sound before the damage', async () => {
  expect(await verified()).toMatchObject({ isSound: true, events, gaps: [], findings: [] });
});

it('names the event of a changed letter', async () => {
  await changeByte('"heldScopes"', 20, 0x41);
  const report = await verified();
  expect(report).toMatchObject({ isSound: false, gaps: [], findings: [{ check: 'chain' }] });
});

it('names the one position whose bytes are no text any more, and checks the events behind it', async () => {
  await changeByte('"heldScopes"', 20, 0xff);
  const { isSound, gaps, findings, ...report } = await verified();
  expect(isSound).toBe(false);
  expect(gaps).toHaveLength(1);
  const [gap] = gaps;
  expect(gap?.toPosition).toBe(gap?.fromPosition);
  expect(gap?.after?.position).toBe((gap?.fromPosition ?? 0) - 1);
  expect(gap?.message).toContain(path);
  expect(report.events).toBe(events - 1);
  expect(findings).toMatchObject([{ check: 'order' }]);
});

it('names the positions of a page that is gone', async () => {
  const bytes = await readFile(path);
  const page = Math.floor(bytes.indexOf('"heldScopes"', bytes.length / 2) / PAGE_BYTES);
  bytes.fill(0xa5, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  await writeFile(path, bytes);
  const { isSound, gaps } = await verified();
  expect(isSound).toBe(false);
  expect(gaps.length).toBeGreaterThan(0);
  for (const { message } of gaps) expect(message).toContain('malformed');
});

it('never aborts the process, whichever byte is changed', async () => {
  const sound = await readFile(path);
  for (let at = 100; at < sound.length; at += 19_997) {
    const bytes = Buffer.from(sound);
    bytes[at] = 0xfe;
    await writeFile(path, bytes);
    const report = await verified().catch((error: Error) => error);
    if (report instanceof Error) expect(report.message).toContain(path);
  }
});
