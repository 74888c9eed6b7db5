/** What was charged of late under budgets: against the events, told one by one. */

import type { TenantId } from '../../src/domain/ids.js';
import { deriveScopes, levelOf } from '../../src/domain/subject.js';
import { balancesProjection } from '../../src/projections/balances/balances.projection.js';
import { BalanceQueries } from '../../src/projections/balances/balances.queries.js';
import { chargesProjection } from '../../src/projections/charges/charges.projection.js';
import { type RatedBudget, RunRateQueries } from '../../src/projections/charges/run-rates.queries.js';
import { APP, openAcme, TENANT } from './acme.js';
import { correctSome } from './corrections.js';
import { onEveryDatabase, runsHere } from './databases.js';
import { project } from './harness.js';
import { createBudget, type TestLedger } from './ledger.js';
import { type Movement, movementsOf } from './naive-charges.js';
import { randomLedger } from './random-ledger.js';

const UNITS = ['TOKENS', 'RISK_POINTS'] as const;

const scopesOf = ({ tenantId, of }: Movement): string[] =>
  of.subject === null ? [] : deriveScopes(of.subject, tenantId as TenantId);

/** Budgets at every scope that anything was charged to, and at some that look like them and bear nothing. */
function budgetsOf(ledger: TestLedger): RatedBudget[] {
  return ledger.tenantIds.flatMap((tenantId) => {
    const own = movementsOf(ledger).filter((movement) => movement.tenantId === tenantId);
    const skipped = [`tenant:${tenantId}/workflow:w1`, `tenant:${tenantId}/workspace:prod/app:ide`];
    const scopes = new Set([...own.flatMap(scopesOf), ...skipped]);
    return [...scopes].flatMap((scope) => UNITS.map((unit) => ({ tenantId, scope, unit })));
  });
}

function toldOf(movements: readonly Movement[], { tenantId, scope, unit }: RatedBudget): bigint {
  return movements
    .filter((movement) => movement.tenantId === tenantId && movement.unit === unit)
    .filter(({ what }) => what === 'charge' || what === 'correction')
    .filter((movement) => scopesOf(movement).includes(scope))
    .reduce((sum, { amount }) => sum + amount, 0n);
}

onEveryDatabase(() => {
  describe('what was charged under budgets', () => {
    it('is what the events say, at every scope and since any moment', async () => {
      for (let seed = 1; seed <= runsHere(8); seed++) {
        const ledger = correctSome(randomLedger(seed, 250));
        const models = await project(ledger, { projections: [chargesProjection], pageEvents: 7 * seed });
        await models.caughtUp();
        const queries = new RunRateQueries(models.db);
        const movements = movementsOf(ledger);
        const times = movements.map(({ atMs }) => atMs);
        const middleMs = Math.ceil(((times.at(-1) ?? 0) + (times[0] ?? 0)) / 2);
        const budgets = budgetsOf(ledger);
        for (const fromMs of [0, middleMs]) {
          const charged = await queries.chargedSince(budgets, fromMs);
          const since = movements.filter(({ atMs }) => atMs >= fromMs);
          expect(budgets.map((budget) => [budget.scope, charged(budget)])).toEqual(
            budgets.map((budget) => [budget.scope, toldOf(since, budget)]),
          );
        }
        await models.close();
      }
    });

    it('is less by corrections that were made since, of charges from before, too', async () => {
      const acme = await openAcme();
      acme.ledger.run('acme', createBudget(TENANT, 1_000n));
      const { reservationId: chargeId } = acme.reserve(90n);
      acme.commit(chargeId, 60n);
      acme.ledger.nowMs += 60_000;
      const charge = { chargeId, unit: 'TOKENS' as const, charged: 60n, scopes: [TENANT as never] };
      acme.ledger.run('acme', { type: 'AdjustCharge', charge, delta: -25n, reason: 'credit', metadata: {} });
      await acme.models.caughtUp();
      const queries = new RunRateQueries(acme.models.db);
      const budgets = [TENANT, APP, `${APP}/workflow:run-7`, `${TENANT}/app:web`].map(
        (scope) => ({ tenantId: 'acme', scope, unit: 'TOKENS' }) as const,
      );
      for (const [fromMs, amounts] of [
        [0, [35n, 35n, 35n, 0n]],
        [acme.ledger.nowMs, [-25n, -25n, -25n, 0n]],
        [acme.ledger.nowMs + 1, [0n, 0n, 0n, 0n]],
      ] as const) {
        expect(budgets.map(await queries.chargedSince(budgets, fromMs))).toEqual(amounts);
      }
      await acme.models.close();
    });

    it('is nothing of no budgets', async () => {
      const models = await project(randomLedger(1, 10), { projections: [chargesProjection] });
      const charged = await new RunRateQueries(models.db).chargedSince([], 0);
      expect(charged({ tenantId: 'acme', scope: 'tenant:acme', unit: 'TOKENS' })).toBe(0n);
      await models.close();
    });

    it('is asked of budgets that are open, at the level that is asked for', async () => {
      const ledger = randomLedger(3, 250);
      const models = await project(ledger, { projections: [balancesProjection] });
      await models.caughtUp();
      const queries = new BalanceQueries(models.db);
      const page = { limit: 100, cursor: null };
      const { items: all } = await queries.list({}, page);
      const told = (budgets: typeof all) => budgets.map(({ scope, unit }) => `${scope} ${unit}`);
      for (const level of ['tenant', 'workspace', 'app', 'workflow'] as const) {
        const { items } = await queries.list({ isOpen: true, level }, page);
        expect(told(items)).toEqual(
          told(all.filter(({ scope, status }) => levelOf(scope) === level && status !== 'CLOSED')),
        );
      }
      const { items: closed } = await queries.list({ isOpen: false }, page);
      expect(told(closed)).toEqual(told(all.filter(({ status }) => status === 'CLOSED')));
      await models.close();
    });
  });
});
