/** Ids and claims are found wherever they are: in memory, on their way to the table, in it, after a crash. */

import { join } from 'node:path';
import type { Connection } from '../../src/adapters/event-store-sqlite/connection.js';
import { EventLog } from '../../src/adapters/event-store-sqlite/log.js';
import type { AppendOutcome } from '../../src/adapters/event-store-sqlite/messages.js';
import { openDatabase } from '../../src/adapters/event-store-sqlite/schema.js';
import type { Claim } from '../../src/domain/ids.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

const stream = 'tenant-acme';
/** So few that hundreds of events fill many runs. */
const marksInMemory = 20;

let directory: TemporaryDirectory;
let connection: Connection;
let log: EventLog;

beforeEach(async () => {
  directory = await temporaryDirectory();
  open();
});
afterEach(async () => {
  connection.close();
  await directory.remove();
});

function open(): void {
  connection = openDatabase(join(directory.path, 'events.db'));
  log = new EventLog(connection, { marksInMemory });
}

/** Leaves without closing in an orderly way, as a killed process does. */
function reopen(): void {
  connection.close();
  open();
}

const append = (
  revision: number,
  id = `id-${revision}`,
  claim = `claim-${revision}`,
): AppendOutcome | undefined =>
  log.appendGroup([
    {
      stream,
      expectedRevision: revision - 1,
      events: [{ id, type: 'TenantSuspended', data: '{}', metadata: '{}', claim: claim as Claim }],
    },
  ])[0];

const marksInTable = (): number => Number(connection.query('SELECT count(*) FROM marks')([])[0]?.[0]);
const markedThrough = (): number =>
  Number(connection.query("SELECT value FROM meta WHERE name = 'marked_through'")([])[0]?.[0]);

function expectAllKnown(count: number): void {
  for (let revision = 0; revision < count; revision++) {
    expect(log.findClaim(stream, `claim-${revision}` as Claim)).toBe(revision);
    expect(append(count, `id-${revision}`, 'new')).toEqual({ kind: 'id_conflict', id: `id-${revision}` });
    const claim = `claim-${revision}`;
    expect(append(count, 'new', claim)).toEqual({ kind: 'claimed', claim, revision });
  }
  expect(log.findClaim(stream, `claim-${count}` as Claim)).toBeNull();
}

describe('marks', () => {
  it('are found at every stage of their way to the table', () => {
    for (let revision = 0; revision < 32; revision++) {
      expect(append(revision)).toMatchObject({ kind: 'appended', revision });
      expectAllKnown(revision + 1);
    }
  });

  it('move to the table as events come, so that few stay in memory', () => {
    for (let revision = 0; revision < 300; revision++) {
      append(revision);
      expect(log.marksInMemory).toBeLessThanOrEqual(2 * marksInMemory);
    }
    expect(marksInTable()).toBeGreaterThan(500);
    expect(markedThrough()).toBeGreaterThan(250);
  });

  it.each(Array.from({ length: 10 }, (_, i) => 10 + i))(
    'are all known after a restart at event %i',
    (count) => {
      for (let revision = 0; revision < count; revision++) append(revision);
      reopen();
      expectAllKnown(count);
      for (let revision = count; revision < count + 25; revision++) append(revision);
      reopen();
      expectAllKnown(count + 25);
    },
  );

  it('of a transaction that failed are forgotten', () => {
    for (let revision = 0; revision < 25; revision++) append(revision);
    connection.pragma('max_page_count = 1');
    const big = { id: 'big', type: 'T', data: 'x'.repeat(500_000), metadata: '{}', claim: 'big' as Claim };
    const small = { id: 'small', type: 'T', data: '{}', metadata: '{}', claim: 'small' as Claim };
    const group = [
      { stream, expectedRevision: 24, events: [small] },
      { stream: 'tenant-b', expectedRevision: -1, events: [big] },
    ];
    expect(log.appendGroup(group)).toMatchObject([{ kind: 'fault' }, { kind: 'fault' }]);
    expect(log.findClaim(stream, 'small' as Claim)).toBeNull();
    connection.pragma('max_page_count = 100000');
    expectAllKnown(25);
    expect(log.appendGroup(group)).toMatchObject([{ kind: 'appended' }, { kind: 'appended' }]);
    expect(log.findClaim(stream, 'small' as Claim)).toBe(25);
  });
});
