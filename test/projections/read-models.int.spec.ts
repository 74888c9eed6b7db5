/** What each event does to the rows of each read model. */

import { INT64_MAX } from '../../src/domain/amount.js';
import type { DecisionId } from '../../src/domain/ids.js';
import { ActionQueries } from '../../src/projections/actions/actions.queries.js';
import { actionHoldsTable, actionsTable } from '../../src/projections/actions/actions.table.js';
import { BalanceQueries } from '../../src/projections/balances/balances.queries.js';
import { balancesTable } from '../../src/projections/balances/balances.table.js';
import { DirectoryQueries } from '../../src/projections/directory/directory.queries.js';
import { ReservationQueries } from '../../src/projections/reservations/reservations.queries.js';
import { reservationsTable } from '../../src/projections/reservations/reservations.table.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { project, type TestReadModels } from './harness.js';
import { createBudget, issueKey, keyActor, openTenant, START_MS, TestLedger } from './ledger.js';

const TENANT = 'tenant:acme';
const APP = 'tenant:acme/app:ide';

describe('the read models', () => {
  let ledger: TestLedger;
  let models: TestReadModels;

  beforeEach(async () => {
    ledger = new TestLedger();
    ledger.run('acme', openTenant('acme'));
    models = await project(ledger);
  });
  afterEach(() => models.close());

  const reserve = (amount: bigint, idempotencyKey: string | null = null) => {
    const reservationId = ledger.reservationId();
    const ruling = ledger.run(
      'acme',
      {
        type: 'Reserve',
        reservationId,
        decisionId: ledger.decisionId(),
        subject: { tenant: 'acme', app: 'ide', workflow: 'Run-7', dimensions: { team: 'a' } },
        action: { kind: 'llm.completion', name: 'gpt' },
        estimate: { unit: 'TOKENS', amount },
        ttlMs: 60_000,
        gracePeriodMs: 5_000,
        overagePolicy: null,
        metadata: { note: 'x' },
      },
      { idempotencyKey },
    );
    return { reservationId, ruling };
  };
  const commit = (reservationId: ReturnType<typeof ledger.reservationId>, actual: bigint) =>
    ledger.run('acme', {
      type: 'Commit',
      reservationId,
      decisionId: ledger.decisionId(),
      actual: { unit: 'TOKENS', amount: actual },
      metrics: { latency_ms: 12 },
      metadata: { done: true },
    });

  describe('balances', () => {
    const at = async (scope: string) => {
      await models.caughtUp();
      return new BalanceQueries(models.db).find('acme', scope, 'TOKENS');
    };

    it('open with what was allocated', async () => {
      ledger.run('acme', createBudget(APP, 100n, { overdraftLimit: 7n }));
      expect(await at(APP)).toMatchObject({
        tenantId: 'acme',
        scope: APP,
        allocated: 100n,
        spent: 0n,
        reserved: 0n,
        debt: 0n,
        overdraftLimit: 7n,
        status: 'ACTIVE',
        isOverLimit: false,
        createdAtMs: START_MS,
        metadata: { cost_center: '0042' },
      });
    });

    it('keep the whole int64 range exactly', async () => {
      ledger.run('acme', createBudget(APP, INT64_MAX));
      reserve(INT64_MAX - 1n);
      expect(await at(APP)).toMatchObject({ allocated: INT64_MAX, reserved: INT64_MAX - 1n });
    });

    it('follow reserve, commit, release, fund, freeze and unfreeze', async () => {
      ledger.run('acme', createBudget(TENANT, 1_000n));
      ledger.run('acme', createBudget(APP, 100n));
      const first = reserve(40n).reservationId;
      expect(await at(APP)).toMatchObject({ reserved: 40n, spent: 0n });
      commit(first, 30n);
      expect(await at(APP)).toMatchObject({ reserved: 0n, spent: 30n });
      expect(await at(TENANT)).toMatchObject({ reserved: 0n, spent: 30n });
      const second = reserve(5n).reservationId;
      const decisionId = ledger.decisionId();
      ledger.run('acme', { type: 'Release', reservationId: second, decisionId, reason: null });
      expect(await at(APP)).toMatchObject({ reserved: 0n, spent: 30n });
      const place = { scope: APP, unit: 'TOKENS', reason: null } as const;
      const funding = { operation: 'CREDIT', amount: 11n, spent: null, metadata: {} } as const;
      ledger.run('acme', { type: 'FundBudget', ...place, ...funding });
      expect(await at(APP)).toMatchObject({ allocated: 111n });
      ledger.nowMs += 1_000;
      ledger.run('acme', { type: 'FreezeBudget', ...place });
      expect(await at(APP)).toMatchObject({ status: 'FROZEN', updatedAtMs: START_MS + 1_000 });
      ledger.run('acme', { type: 'UnfreezeBudget', ...place });
      expect(await at(APP)).toMatchObject({ status: 'ACTIVE' });
    });

    it('start a new period with nothing spent, and close when idle', async () => {
      ledger.run('acme', {
        type: 'DefineBudgetTemplate',
        templateId: 'tpl_1' as never,
        dailyTemplateId: 'tpl_2' as never,
        scopePattern: 'tenant:acme/**/workflow:*',
        unit: 'RISK_POINTS',
        allocated: 100n,
        overdraftLimit: 0n,
        rolloverPolicy: 'NONE',
        period: null,
      });
      ledger.run('acme', toolCall(ledger, { sessionId: 's1', points: 20 }));
      ledger.nowMs += 3_600_000;
      ledger.settleDue('acme');
      ledger.nowMs += 15 * 3_600_000;
      ledger.settleDue('acme');
      ledger.nowMs += 9 * 3_600_000;
      ledger.settleDue('acme');
      await models.caughtUp();
      const queries = new BalanceQueries(models.db);
      const daily = await queries.find('acme', APP, 'RISK_POINTS');
      expect(daily).toMatchObject({ allocated: 500n, spent: 0n, template: 'tpl_2' });
      expect(daily?.period?.startMs).toBe(Date.parse('2026-03-02T00:00:00.000Z'));
      const session = await queries.find('acme', `${APP}/workflow:s1`, 'RISK_POINTS');
      expect(session).toMatchObject({ status: 'CLOSED', spent: 20n, template: 'tpl_1' });
    });

    it('close with their tenant and give every hold back', async () => {
      ledger.run('acme', createBudget(APP, 100n));
      reserve(40n);
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: 'left' });
      expect(await at(APP)).toMatchObject({ status: 'CLOSED', reserved: 0n });
    });

    it('are found by the segments of their scope, page by page', async () => {
      const scopes = [TENANT, APP, `${APP}/workflow:a_b`, `${APP}/workflow:axb`, `${TENANT}/workflow:a_b`];
      for (const scope of scopes) ledger.run('acme', createBudget(scope, 1n));
      await models.caughtUp();
      const queries = new BalanceQueries(models.db);
      const found = await queries.containing('acme', { workflow: 'A_b' }, { limit: 200 });
      expect(found.items.map(({ scope }) => scope)).toEqual([scopes[2], scopes[4]]);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof queries.containing>> = await queries.containing(
          'acme',
          {},
          { limit: 2, cursor },
        );
        seen.push(...page.items.map(({ scope }) => scope));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual([...scopes].sort());
      const below = await queries.list({ tenantId: 'acme', scopePrefix: APP }, { limit: 100 });
      expect(below.items.map(({ scope }) => scope)).toEqual(scopes.slice(1, 4));
      await expect(queries.list({}, { limit: 1, cursor: 'x' })).rejects.toThrow('cursor');
    });
  });

  describe('reservations', () => {
    const find = async (id: string, nowMs = ledger.nowMs) => {
      await models.caughtUp();
      return new ReservationQueries(models.db).find(id, nowMs);
    };
    beforeEach(() => ledger.run('acme', createBudget(APP, 1_000n)));

    it('show what was held, for whom and until when', async () => {
      const { reservationId } = reserve(40n, 'key-1');
      expect(await find(reservationId)).toMatchObject({
        tenantId: 'acme',
        status: 'ACTIVE',
        idempotencyKey: 'key-1',
        subject: { tenant: 'acme', app: 'ide', workflow: 'Run-7', dimensions: { team: 'a' } },
        action: { kind: 'llm.completion', name: 'gpt' },
        unit: 'TOKENS',
        reserved: 40n,
        committed: null,
        createdAtMs: START_MS,
        expiresAtMs: START_MS + 60_000,
        dueAtMs: START_MS + 65_000,
        finalizedAtMs: null,
        scopePath: `${APP}/workflow:run-7`,
        affectedScopes: [TENANT, APP, `${APP}/workflow:run-7`],
        metadata: { note: 'x' },
        committedMetadata: null,
      });
    });

    it('end committed with the charge, or released', async () => {
      const one = reserve(40n).reservationId;
      commit(one, 30n);
      expect(await find(one)).toMatchObject({
        status: 'COMMITTED',
        committed: 30n,
        finalizedAtMs: START_MS,
        committedMetadata: { done: true },
        dueAtMs: null,
      });
      const two = reserve(5n).reservationId;
      ledger.run('acme', {
        type: 'Release',
        reservationId: two,
        decisionId: ledger.decisionId(),
        reason: null,
      });
      expect(await find(two)).toMatchObject({ status: 'RELEASED', committed: null, finalizedAtMs: START_MS });
    });

    it('read as expired once they are due, before and after that is recorded', async () => {
      const { reservationId } = reserve(5n);
      ledger.nowMs += 64_999;
      expect(await find(reservationId)).toMatchObject({ status: 'ACTIVE' });
      ledger.nowMs += 1;
      expect(await find(reservationId)).toMatchObject({ status: 'EXPIRED', finalizedAtMs: null });
      ledger.settleDue('acme');
      expect(await find(reservationId)).toMatchObject({
        status: 'EXPIRED',
        finalizedAtMs: null,
        dueAtMs: null,
      });
    });

    it('are released with their tenant, the finished ones untouched', async () => {
      const done = reserve(5n).reservationId;
      commit(done, 5n);
      const open = reserve(5n).reservationId;
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
      expect(await find(open)).toMatchObject({ status: 'RELEASED', endReason: 'tenant_closed' });
      expect(await find(done)).toMatchObject({ status: 'COMMITTED' });
    });

    it('are listed newest first, page by page', async () => {
      const made = [reserve(1n), reserve(2n), reserve(3n)].map(({ reservationId }) => reservationId);
      await models.caughtUp();
      const queries = new ReservationQueries(models.db);
      const first = await queries.list('acme', { limit: 2 }, ledger.nowMs);
      reserve(4n);
      await models.caughtUp();
      const second = await queries.list('acme', { limit: 2, cursor: first.nextCursor }, ledger.nowMs);
      const ids = [...first.items, ...second.items].map(({ reservationId }) => reservationId);
      expect(ids).toEqual([...made].reverse());
      expect(second.nextCursor).toBeNull();
    });
  });

  describe('the directory', () => {
    const directory = () => new DirectoryQueries(models.db, () => models.caughtUp());

    it('leads from a secret to its key, at once', async () => {
      ledger.run('acme', issueKey('key_1', 'aa'.repeat(32)));
      expect(await directory().ownerOfSecret('aa'.repeat(32))).toEqual({ tenantId: 'acme', keyId: 'key_1' });
      expect(await directory().ownerOfSecret('bb'.repeat(32))).toBeNull();
      expect(await directory().tenantOfKey('key_1')).toBe('acme');
    });

    it('never returns a secret’s hash', async () => {
      ledger.run('acme', issueKey('key_1', 'aa'.repeat(32)));
      await models.caughtUp();
      const page = await directory().keys({ tenantId: 'acme' }, { limit: 10 }, ledger.nowMs);
      expect(page.items).toHaveLength(1);
      expect(page.items[0]).toMatchObject({ keyId: 'key_1', status: 'ACTIVE', fixedSubject: { app: 'ide' } });
      expect(JSON.stringify(page)).not.toContain('aaaa');
    });

    it('knows revoked and expired keys', async () => {
      for (const key of ['key_1', 'key_2', 'key_3']) ledger.run('acme', issueKey(key, key));
      ledger.run('acme', { type: 'RevokeApiKey', keyId: 'key_1' as never, reason: 'leaked' });
      await models.caughtUp();
      expect(await directory().key('key_1', ledger.nowMs)).toMatchObject({
        status: 'REVOKED',
        revokedAtMs: START_MS,
        revokedReason: 'leaked',
      });
      const later = ledger.nowMs + 91 * 86_400_000;
      expect(await directory().key('key_2', later)).toMatchObject({ status: 'EXPIRED' });
      const ids = async (status: 'ACTIVE' | 'REVOKED' | 'EXPIRED', atMs: number) =>
        (await directory().keys({ status }, { limit: 10 }, atMs)).items.map(({ keyId }) => keyId);
      expect(await ids('ACTIVE', ledger.nowMs)).toEqual(['key_2', 'key_3']);
      expect(await ids('REVOKED', ledger.nowMs)).toEqual(['key_1']);
      expect(await ids('EXPIRED', later)).toEqual(['key_2', 'key_3']);
    });

    it('follows a tenant through suspension to its closing, which revokes its keys', async () => {
      ledger.run('acme', issueKey('key_1', 'aa'));
      const status = async () => {
        await models.caughtUp();
        return directory().tenant('acme');
      };
      expect(await status()).toMatchObject({
        status: 'ACTIVE',
        name: 'Tenant acme',
        metadata: { plan: 'team' },
      });
      ledger.nowMs += 1;
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null });
      expect(await status()).toMatchObject({ status: 'SUSPENDED', suspendedAtMs: START_MS + 1 });
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null });
      expect(await status()).toMatchObject({ status: 'ACTIVE', suspendedAtMs: null });
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
      expect(await status()).toMatchObject({ status: 'CLOSED', closedAtMs: START_MS + 1 });
      expect(await directory().key('key_1', ledger.nowMs)).toMatchObject({
        status: 'REVOKED',
        revokedReason: 'tenant_closed',
      });
    });

    it('lists tenants by status, page by page', async () => {
      for (const id of ['beta', 'zeta']) ledger.run(id, openTenant(id));
      ledger.run('beta', { type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null });
      await models.caughtUp();
      const first = await directory().tenants({}, { limit: 2 });
      const second = await directory().tenants({}, { limit: 2, cursor: first.nextCursor });
      const ids = [...first.items, ...second.items].map(({ tenantId }) => tenantId);
      expect(ids).toEqual(['acme', 'beta', 'zeta']);
      const suspended = await directory().tenants({ status: 'SUSPENDED' }, { limit: 2 });
      expect(suspended.items.map(({ tenantId }) => tenantId)).toEqual(['beta']);
    });

    it('knows whose a reservation is', async () => {
      ledger.run('acme', createBudget(APP, 100n));
      const { reservationId } = reserve(1n);
      expect(await directory().tenantOfReservation(reservationId)).toBe('acme');
      expect(await directory().tenantOfReservation('rsv_none')).toBeNull();
    });
  });

  describe('actions', () => {
    const find = async (id: string) => {
      await models.caughtUp();
      return new ActionQueries(models.db).find(id);
    };
    beforeEach(() => {
      ledger.run('acme', createBudget(`${APP}`, 100n, { unit: 'RISK_POINTS' }));
      ledger.run('acme', createBudget(APP, 1_000n));
      ledger.run('acme', createBudget(APP, 1_000n, { unit: 'USD_MICROCENTS' }));
      ledger.run('acme', issueKey('key_1', 'aa'));
    });

    it('answer the five questions of an allowed tool call', async () => {
      const call = toolCall(ledger, { sessionId: 'S1', points: 20, dollars: 300n });
      ledger.run('acme', call, { actor: keyActor('key_1'), idempotencyKey: 'toolu_1' });
      ledger.nowMs += 900;
      ledger.run('acme', outcomeOf(ledger, call.toolCallId), { actor: keyActor('key_1') });
      const action = await find(call.toolCallId);
      expect(action?.proposed).toMatchObject({
        operation: 'tool_call',
        sessionId: 's1',
        subject: { app: 'ide', workflow: 'S1', toolset: 'shell' },
        toolCall: { harness: 'cursor', cwd: '/repo', tool: call.record.tool },
        assessment: { riskPoints: 20, tier: 3 },
      });
      expect(action?.decided).toMatchObject({
        decision: 'ALLOW',
        reasonCode: null,
        answered: true,
        repeats: 1,
      });
      expect(action?.decided.balances[0]).toMatchObject({ scope: APP, reserved: 0n, allocated: 100n });
      expect(action?.authorized).toMatchObject({
        atMs: START_MS,
        scopePath: expect.stringContaining('workflow:s1'),
      });
      expect(action?.authorized.holds).toMatchObject([
        {
          unit: 'RISK_POINTS',
          amount: 20n,
          status: 'COMMITTED',
          endReason: 'outcome',
          charged: 20n,
          settledAtMs: START_MS + 900,
        },
        { unit: 'USD_MICROCENTS', amount: 300n, status: 'COMMITTED', charged: 300n },
      ]);
      expect(action?.authorized.holds[0]?.balancesHeld[0]).toMatchObject({ reserved: 20n, spent: 0n });
      expect(action?.authorized.holds[0]?.balancesSettled?.[0]).toMatchObject({ reserved: 0n, spent: 20n });
      expect(action?.outcome).toMatchObject({
        status: 'succeeded',
        atMs: START_MS + 900,
        httpStatus: 200,
        refunded: false,
      });
      expect(action?.carriedBy).toMatchObject({
        actorType: 'api_key',
        keyId: 'key_1',
        idempotencyKey: 'toolu_1',
      });
      expect(action?.ledger.hash).toMatch(/^[0-9a-f]{64}$/);
    });

    it('record a denial as carefully', async () => {
      const call = toolCall(ledger, { sessionId: 's1', points: 500 });
      ledger.run('acme', call);
      const action = await find(call.toolCallId);
      expect(action?.decided).toMatchObject({ decision: 'DENY', reasonCode: 'BUDGET_EXCEEDED' });
      expect(action?.decided.message).toContain('500 RISK_POINTS');
      expect(action?.authorized).toMatchObject({ atMs: null, holds: [] });
      expect(action?.outcome).toBeNull();
    });

    it('record a call that holds nothing, a preflight, a refused reserve and a refused commit', async () => {
      const free = toolCall(ledger, { sessionId: 's1', points: 0 });
      ledger.run('acme', free);
      expect((await find(free.toolCallId))?.authorized).toMatchObject({ atMs: START_MS, holds: [] });
      const decisionId = ledger.decisionId();
      const request = {
        subject: { app: 'ide' },
        action: { kind: 'llm.completion', name: 'gpt' },
        estimate: { unit: 'TOKENS', amount: 5n },
        metadata: null,
      } as const;
      ledger.run('acme', { type: 'Decide', operation: 'decide', decisionId, ...request });
      expect(await find(decisionId)).toMatchObject({
        proposed: { operation: 'decide' },
        decided: { decision: 'ALLOW' },
        authorized: { atMs: null },
      });
      expect(reserve(5_000n).ruling).toBe('refused');
      expect(commit('rsv_none' as never, 1n)).toBe('refused');
      await models.caughtUp();
      const [commitRecord, reserveRecord] = (
        await new ActionQueries(models.db).list({ tenantId: 'acme' }, { limit: 2 })
      ).items;
      expect(reserveRecord).toMatchObject({
        proposed: { operation: 'reserve' },
        decided: { decision: 'DENY', answered: false, reasonCode: 'BUDGET_EXCEEDED' },
      });
      expect(commitRecord).toMatchObject({
        proposed: { operation: 'commit' },
        authorized: { reservationId: 'rsv_none', atMs: null },
      });
    });

    it('make a plain reservation its own record, from hold to expiry', async () => {
      const { reservationId } = reserve(7n);
      expect(await find(reservationId)).toMatchObject({
        proposed: { operation: 'reserve', sessionId: 'run-7', estimate: { unit: 'TOKENS', amount: 7n } },
        decided: { decision: 'ALLOW', balances: [{ scope: APP, reserved: 0n }] },
        authorized: { holds: [{ status: 'HELD', amount: 7n }] },
      });
      ledger.nowMs += 65_000;
      ledger.settleDue('acme');
      expect((await find(reservationId))?.authorized.holds).toMatchObject([
        { status: 'EXPIRED', endReason: 'expired', charged: 0n, released: 7n },
      ]);
    });

    it('commit a hold of the gate whose outcome never came, and release the rest with the tenant', async () => {
      const silent = toolCall(ledger, { sessionId: 's1', points: 20 });
      ledger.run('acme', silent);
      ledger.nowMs += 3_600_000;
      ledger.settleDue('acme');
      const open = toolCall(ledger, { sessionId: 's1', points: 20 });
      ledger.run('acme', open);
      ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
      expect((await find(silent.toolCallId))?.authorized.holds).toMatchObject([
        { status: 'COMMITTED', endReason: 'timeout', charged: 20n },
      ]);
      expect((await find(open.toolCallId))?.authorized.holds).toMatchObject([
        { status: 'RELEASED', endReason: 'tenant_closed', charged: 0n },
      ]);
    });

    it('are listed by session, newest first, in stable pages', async () => {
      const calls = ['S1', 's1', 's2', 's1'].map((sessionId) => toolCall(ledger, { sessionId, points: 1 }));
      for (const call of calls) ledger.run('acme', call);
      await models.caughtUp();
      const queries = new ActionQueries(models.db);
      const first = await queries.list({ tenantId: 'acme', sessionId: 'S1' }, { limit: 2 });
      ledger.run('acme', toolCall(ledger, { sessionId: 's1', points: 1 }));
      await models.caughtUp();
      const filter = { tenantId: 'acme', sessionId: 's1' };
      const second = await queries.list(filter, { limit: 2, cursor: first.nextCursor });
      const ids = [...first.items, ...second.items].map(({ actionId }) => actionId);
      expect(ids).toEqual([calls[3], calls[1], calls[0]].map((call) => call?.toolCallId as DecisionId));
      expect(second.nextCursor).toBeNull();
    });
  });

  it('have one row for each budget, reservation, action and hold', async () => {
    ledger.run('acme', createBudget(APP, 100n));
    for (let i = 0; i < 40; i++) reserve(1n);
    await models.caughtUp();
    const counts = await Promise.all(
      [balancesTable, reservationsTable, actionsTable, actionHoldsTable].map(
        async (table) => (await models.rows(table)).length,
      ),
    );
    expect(counts).toEqual([1, 40, 40, 40]);
  });
});
