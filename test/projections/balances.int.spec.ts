/** Balances: what each event does to a budget’s row, and how budgets are found. */

import { INT64_MAX } from '../../src/domain/amount.js';
import { BalanceQueries } from '../../src/projections/balances/balances.queries.js';
import { type Acme, APP, defineSessionTemplate, openAcme, TENANT } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { toolCall } from './gate-calls.js';
import { createBudget, START_MS } from './ledger.js';

onEveryDatabase(() => {
  describe('balances', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
    });
    afterEach(() => acme.models.close());

    const at = async (scope: string) => {
      await acme.models.caughtUp();
      return new BalanceQueries(acme.models.db).find('acme', scope, 'TOKENS');
    };

    it('open with what was allocated', async () => {
      acme.ledger.run('acme', createBudget(APP, 100n, { overdraftLimit: 7n }));
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
      acme.ledger.run('acme', createBudget(APP, INT64_MAX));
      acme.reserve(INT64_MAX - 1n);
      expect(await at(APP)).toMatchObject({ allocated: INT64_MAX, reserved: INT64_MAX - 1n });
    });

    it('follow reserve, commit, release, fund, freeze and unfreeze', async () => {
      acme.ledger.run('acme', createBudget(TENANT, 1_000n));
      acme.ledger.run('acme', createBudget(APP, 100n));
      const first = acme.reserve(40n).reservationId;
      expect(await at(APP)).toMatchObject({ reserved: 40n, spent: 0n });
      acme.commit(first, 30n);
      expect(await at(APP)).toMatchObject({ reserved: 0n, spent: 30n });
      expect(await at(TENANT)).toMatchObject({ reserved: 0n, spent: 30n });
      const second = acme.reserve(5n).reservationId;
      const decisionId = acme.ledger.decisionId();
      acme.ledger.run('acme', { type: 'Release', reservationId: second, decisionId, reason: null });
      expect(await at(APP)).toMatchObject({ reserved: 0n, spent: 30n });
      const place = { scope: APP, unit: 'TOKENS', reason: null } as const;
      const funding = { operation: 'CREDIT', amount: 11n, spent: null, metadata: {} } as const;
      acme.ledger.run('acme', {
        type: 'FundBudget',
        decisionId: acme.ledger.decisionId(),
        ...place,
        ...funding,
      });
      expect(await at(APP)).toMatchObject({ allocated: 111n });
      acme.ledger.nowMs += 1_000;
      acme.ledger.run('acme', { type: 'FreezeBudget', ...place });
      expect(await at(APP)).toMatchObject({ status: 'FROZEN', updatedAtMs: START_MS + 1_000 });
      acme.ledger.run('acme', { type: 'UnfreezeBudget', ...place });
      expect(await at(APP)).toMatchObject({ status: 'ACTIVE' });
    });

    it('start a new period with nothing spent, and close when idle', async () => {
      defineSessionTemplate(acme.ledger);
      acme.ledger.run('acme', toolCall(acme.ledger, { sessionId: 's1', points: 20 }));
      acme.ledger.nowMs += 3_600_000;
      acme.ledger.settleDue('acme');
      acme.ledger.nowMs += 15 * 3_600_000;
      acme.ledger.settleDue('acme');
      acme.ledger.nowMs += 9 * 3_600_000;
      acme.ledger.settleDue('acme');
      await acme.models.caughtUp();
      const queries = new BalanceQueries(acme.models.db);
      const daily = await queries.find('acme', APP, 'RISK_POINTS');
      expect(daily).toMatchObject({ allocated: 500n, spent: 0n, template: 'tpl_2' });
      expect(daily?.period?.startMs).toBe(Date.parse('2026-03-02T00:00:00.000Z'));
      const session = await queries.find('acme', `${APP}/workflow:s1`, 'RISK_POINTS');
      expect(session).toMatchObject({ status: 'CLOSED', spent: 20n, template: 'tpl_1' });
    });

    it('close with their tenant and give every hold back', async () => {
      acme.ledger.run('acme', createBudget(APP, 100n));
      acme.reserve(40n);
      acme.close();
      expect(await at(APP)).toMatchObject({ status: 'CLOSED', reserved: 0n });
    });

    it('are found by the segments of their scope, page by page', async () => {
      const scopes = [TENANT, APP, `${APP}/workflow:a_b`, `${APP}/workflow:axb`, `${TENANT}/workflow:a_b`];
      for (const scope of scopes) acme.ledger.run('acme', createBudget(scope, 1n));
      await acme.models.caughtUp();
      const queries = new BalanceQueries(acme.models.db);
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
      const same = await queries.list(
        { tenantId: 'acme', scopePrefix: `${APP.toUpperCase()}/` },
        { limit: 100 },
      );
      expect(same.items).toEqual(below.items);
      await expect(queries.list({}, { limit: 1, cursor: 'x' })).rejects.toThrow('cursor');
    });

    it('give out cursors that are good for the same question only', async () => {
      for (const scope of [TENANT, APP]) acme.ledger.run('acme', createBudget(scope, 1n));
      await acme.models.caughtUp();
      const queries = new BalanceQueries(acme.models.db);
      const page = (cursor: string | null) => ({ limit: 1, cursor });
      const all = await queries.list({ tenantId: 'acme' }, page(null));
      const containing = await queries.containing('acme', {}, page(null));
      const [ofLedgers, ofBalances] = [page(all.nextCursor), page(containing.nextCursor)];
      expect((await queries.list({ tenantId: 'acme' }, ofLedgers)).items).toHaveLength(1);
      expect((await queries.containing('acme', {}, ofBalances)).items).toHaveLength(1);
      for (const asked of [
        () => queries.list({}, ofLedgers),
        () => queries.list({ tenantId: 'acme', unit: 'TOKENS' }, ofLedgers),
        () => queries.list({ tenantId: 'acme' }, ofBalances),
        () => queries.containing('acme', {}, ofLedgers),
        () => queries.containing('acme', { app: 'ide' }, ofBalances),
        () => queries.containing('globex', {}, ofBalances),
      ]) {
        await expect(asked()).rejects.toThrow('cursor');
      }
    });
  });
});
