/** The read store as a whole: the real event store, the real worker, queries from this thread. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import { openReadStore } from '../../src/adapters/read-store/store.js';
import { INT64_MAX } from '../../src/domain/amount.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import type { ReadStore } from '../../src/ports/read-store.port.js';
import { PROJECTIONS } from '../../src/projections/catalogue.js';
import { createReadModels, type ReadModels } from '../../src/projections/read-models.js';
import { verifyLedger } from '../../src/replay/verify.js';
import { temporaryDirectory } from '../event-store/temporary-directory.js';
import { APP, defineSessionTemplate } from './acme.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { createBudget, issueKey, openTenant, START_MS, TestLedger } from './ledger.js';
import { randomLedger } from './random-ledger.js';

const WORKER = new URL('../../src/read-worker.js', import.meta.url);

describe('the read store', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let events: EventStore;
  let store: ReadStore;
  let models: ReadModels;
  let ledger: TestLedger;
  let appended = 0;
  let trouble: string[];
  let revisions: Map<string, number>;

  const open = async (more: { callsMax?: number; worker?: URL } = {}) => {
    store = await openReadStore({
      worker: WORKER,
      eventStore: join(directory.path, 'events.db'),
      readStorePath: join(directory.path, 'read.db'),
      onTrouble: (message) => trouble.push(message),
      ...more,
    });
    models = createReadModels(store, { appended: () => appended, catchUpMs: 10_000 });
  };

  /** Appends to the real store what the test ledger has made since the last time. */
  const flush = async () => {
    for (const { stream, events: batch } of ledger.sealed.splice(0)) {
      const result = await events.append(stream, revisions.get(stream) ?? NO_STREAM, batch);
      if (result.kind !== 'appended') throw new Error(`not appended: ${result.kind}`);
      revisions.set(stream, result.revision);
      appended = result.position;
    }
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    trouble = [];
    revisions = new Map();
    appended = 0;
    ledger = new TestLedger();
    events = await openSqliteEventStore({ path: join(directory.path, 'events.db') });
    await open();
  });
  afterEach(async () => {
    await store.close();
    await events.close();
    await directory.remove();
  });

  it('lets a client read its own writes', async () => {
    ledger.run('acme', openTenant('acme'));
    ledger.run('acme', createBudget(APP, INT64_MAX));
    await flush();
    await models.catchUp();
    const budget = await models.balances.find('acme', APP, 'TOKENS');
    expect(budget?.allocated).toBe(INT64_MAX);
    expect(store.status().projections.map(({ position, lag }) => [position, lag])).toEqual(
      store.status().projections.map(() => [appended, 0]),
    );
  });

  it('answers a wait at once when it is over, and with false when its time is up', async () => {
    expect(await store.waitFor(0, 0)).toBe(true);
    expect(await store.waitFor(5, 1)).toBe(false);
    ledger.run('acme', openTenant('acme'));
    await flush();
    const waiting = store.waitFor(appended, 10_000, ['directory']);
    store.notify(appended);
    expect(await waiting).toBe(true);
    expect(await store.waitFor(appended, 1, ['nothing'])).toBe(false);
  });

  it('finds a key’s tenant although nobody has told it of the append', async () => {
    ledger.run('acme', openTenant('acme'));
    ledger.run('acme', issueKey('key_1', 'aa'));
    await flush();
    expect(await models.directory.ownerOfSecret('aa')).toEqual({ tenantId: 'acme', keyId: 'key_1' });
    expect(await models.directory.ownerOfSecret('bb')).toBeNull();
  });

  it('remembers what the folded state forgets', async () => {
    ledger.run('acme', openTenant('acme'));
    ledger.run('acme', createBudget(APP, 100n, { unit: 'RISK_POINTS' }));
    const call = toolCall(ledger, { sessionId: 's1', points: 5 });
    ledger.run('acme', call);
    ledger.run('acme', outcomeOf(ledger, call.toolCallId, 'unknown'));
    const denied = toolCall(ledger, { sessionId: 's1', points: 500 });
    ledger.run('acme', denied);
    await flush();
    const { history } = models;
    expect(await history.reservation(call.riskReservationId)).toEqual({
      tenantId: 'acme',
      status: 'COMMITTED',
    });
    expect(await history.reservation(call.moneyReservationId)).toBeNull();
    const tenantId = 'acme';
    expect(await history.toolCall(call.toolCallId)).toEqual({
      tenantId,
      decision: 'ALLOW',
      outcome: 'unknown',
    });
    expect(await history.toolCall(denied.toolCallId)).toEqual({ tenantId, decision: 'DENY', outcome: null });
  });

  it('knows who has something falling due, soonest first', async () => {
    expect(await models.dueTimes.nextDueMs()).toBeNull();
    for (const [index, tenantId] of ['acme', 'beta', 'gamma'].entries()) {
      ledger.run(tenantId, openTenant(tenantId));
      ledger.run(tenantId, createBudget(`tenant:${tenantId}/app:ide`, 100n, { unit: 'RISK_POINTS' }));
      const call = toolCall(ledger, { sessionId: 's1', points: 1 });
      ledger.run(tenantId, { ...call, holdMs: 30_000 - index * 10_000 });
      ledger.run(tenantId, { ...toolCall(ledger, { sessionId: 's2', points: 1 }), holdMs: 50_000 });
    }
    await flush();
    await models.catchUp();
    const { dueTimes } = models;
    expect(await dueTimes.nextDueMs()).toBe(START_MS + 10_000);
    expect(await dueTimes.dueTenants(START_MS + 9_999, 10)).toEqual([]);
    expect(await dueTimes.dueTenants(START_MS + 30_000, 10)).toEqual(['gamma', 'beta', 'acme']);
    expect(await dueTimes.dueTenants(START_MS + 30_000, 2)).toEqual(['gamma', 'beta']);
    ledger.nowMs += 10_000;
    ledger.settleDue('gamma');
    await flush();
    await models.catchUp();
    expect(await dueTimes.nextDueMs()).toBe(START_MS + 20_000);
    expect(await dueTimes.dueTenants(START_MS + 30_000, 10)).toEqual(['beta', 'acme']);
  });

  it('counts the end of a budget’s period among what falls due', async () => {
    ledger.run('acme', openTenant('acme'));
    defineSessionTemplate(ledger);
    const call = toolCall(ledger, { sessionId: 's1', points: 5 });
    ledger.run('acme', call);
    ledger.run('acme', outcomeOf(ledger, call.toolCallId));
    await flush();
    await models.catchUp();
    expect(await models.dueTimes.nextDueMs()).toBe(Date.parse('2026-03-02T00:00:00.000Z'));
  });

  it('rebuilds everything while it answers, and tells how far it is', async () => {
    ledger = randomLedger(11, 400);
    await flush();
    await models.catchUp();
    const before = await models.balances.list({}, { limit: 100 });
    const heard = new Map<string, number>();
    const rebuilding = store.rebuild('all', ({ name, position }) => heard.set(name, position));
    expect(await models.balances.list({}, { limit: 100 })).toEqual(before);
    await rebuilding;
    expect([...heard.values()]).toEqual(PROJECTIONS.map(() => appended));
    expect(await models.balances.list({}, { limit: 100 })).toEqual(before);
  });

  it('agrees with the ledger, as verification sees it', async () => {
    ledger = randomLedger(3, 300);
    await flush();
    await models.catchUp();
    const verified = () => verifyLedger(events, createEventCodec(), { readModels: models.balances });
    expect(await verified()).toMatchObject({ isSound: true, readModelsCompared: true, head: appended });
    const file = new Database(join(directory.path, 'read.db'));
    file.exec(`update balances_g1 set spent = spent + 1 where scope = 'tenant:beta'`);
    file.close();
    expect((await verified()).findings).toMatchObject([{ check: 'read_model', stream: 'tenant-beta' }]);
  });

  it('keeps its rows over a restart, and makes them anew when its file is gone or broken', async () => {
    ledger.run('acme', openTenant('acme'));
    await flush();
    await models.catchUp();
    await store.close();
    await open();
    await models.catchUp();
    expect(await models.directory.tenant('acme')).toMatchObject({ name: 'Tenant acme' });
    await store.close();
    writeFileSync(
      join(directory.path, 'read.db'),
      'this is no database, whatever else it may be '.repeat(50),
    );
    await open();
    await models.catchUp();
    expect(await models.directory.tenant('acme')).toMatchObject({ name: 'Tenant acme' });
  });

  it('refuses what it cannot hold or do, with a reason', async () => {
    const execute = (sql: string, ...parameters: unknown[]) => store.connection.execute({ sql, parameters });
    await expect(execute('select ?', true)).rejects.toMatchObject({ kind: 'contradiction' });
    await expect(execute('select * from nowhere')).rejects.toMatchObject({ kind: 'fault' });
    await expect(execute('delete from read_models')).rejects.toMatchObject({ kind: 'fault' });
    expect((await execute('select ? as n', INT64_MAX)).rows).toEqual([{ n: INT64_MAX }]);
  });

  it('turns queries away when too many are waiting', async () => {
    await store.close();
    await open({ callsMax: 2 });
    const ask = () => store.connection.execute({ sql: 'select 1 as one', parameters: [] });
    const answers = await Promise.allSettled([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(answers[2]).toMatchObject({ reason: { kind: 'overloaded' } });
    expect((await ask()).rows).toEqual([{ one: 1n }]);
  });

  it('fails clearly once its worker has died', async () => {
    await store.close();
    const program = join(directory.path, 'dying.mjs');
    writeFileSync(
      program,
      `import { parentPort } from 'node:worker_threads';
       parentPort.postMessage({ kind: 'opened', head: 0 });
       parentPort.once('message', () => { throw new Error('out of luck'); });`,
    );
    await open({ worker: pathToFileURL(program) });
    const waiting = store.waitFor(9, 10_000);
    const ask = () => store.connection.execute({ sql: 'select 1', parameters: [] });
    await expect(ask()).rejects.toThrow('out of luck');
    expect(await waiting).toBe(false);
    await expect(ask()).rejects.toThrow('out of luck');
    expect(store.status().dead).toBe('out of luck');
    expect(trouble).toEqual(['the read worker died: out of luck']);
  });

  it('says why it cannot open', async () => {
    await store.close();
    const eventStore = join(directory.path, 'missing', 'events.db');
    const readStorePath = join(directory.path, 'read.db');
    const opening = openReadStore({
      worker: WORKER,
      eventStore,
      readStorePath,
    });
    await expect(opening).rejects.toMatchObject({ name: 'ReadStoreFault', kind: 'fault' });
  });
});
