/** What units of work cost: against the events, told one by one. */

import type { Command } from '../../src/domain/commands.js';
import type { DebitId } from '../../src/domain/ids.js';
import { chargesProjection } from '../../src/projections/charges/charges.projection.js';
import {
  UnitCostQueries,
  type UnitCosts,
  type UnitCostsRequest,
} from '../../src/projections/charges/unit-costs.queries.js';
import { type Acme, openAcme, TENANT } from './acme.js';
import { correctSome } from './corrections.js';
import { onEveryDatabase, runsHere } from './databases.js';
import { project } from './harness.js';
import { createBudget, START_MS } from './ledger.js';
import { type Movement, movementsOf } from './naive-charges.js';
import { randomLedger } from './random-ledger.js';

const ALWAYS = { tenantId: 'acme', unit: 'TOKENS', fromMs: 0, untilMs: START_MS + 365 * 86_400_000 } as const;
const SESSIONS = [{ column: 'tenant_id' }, { column: 'workflow' }] as const;

type Way = readonly [
  name: string,
  unitOfWork: UnitCostsRequest['unitOfWork'],
  keyOf: (of: Movement) => (string | null)[],
];

/** What a unit of work may be, with the same told of a movement. */
const WAYS: readonly Way[] = [
  [
    'session',
    SESSIONS,
    ({ tenantId, of }) => [of.subject === null ? null : tenantId, of.subject?.workflow ?? null],
  ],
  [
    'dimension',
    [{ dimension: 'cost_center' }],
    ({ of }) => [of.subject?.dimensions?.['Cost_Center']?.toLowerCase() ?? null],
  ],
  ['model', [{ column: 'model' }], ({ of }) => [of.model]],
  ['tenant', [{ column: 'tenant_id' }], ({ tenantId, of }) => [of.subject === null ? null : tenantId]],
];

/** The same, told naively. */
function toldOf(movements: readonly Movement[], keyOf: Way[2], top: number): Omit<UnitCosts, 'ledger'> {
  const units = new Map<string, { key: (string | null)[]; charges: number; charged: bigint }>();
  for (const movement of movements) {
    if (movement.what !== 'charge' && movement.what !== 'correction') continue;
    const key = keyOf(movement);
    const unit = units.get(JSON.stringify(key)) ?? { key, charges: 0, charged: 0n };
    if (movement.what === 'charge') unit.charges += 1;
    unit.charged += movement.amount;
    units.set(JSON.stringify(key), unit);
  }
  const all = [...units.values()];
  const sumsOf = (some: typeof all) => ({
    units: some.length,
    charges: some.reduce((sum, { charges }) => sum + charges, 0),
    charged: some.reduce((sum, { charged }) => sum + charged, 0n),
  });
  const known = all.filter(({ key }) => key.at(-1) !== null);
  const work = known
    .filter(({ charges }) => charges > 0)
    .sort((one, other) =>
      one.charged === other.charged
        ? String(one.key) < String(other.key)
          ? -1
          : 1
        : one.charged > other.charged
          ? -1
          : 1,
    );
  const rising = work.map(({ charged }) => charged).reverse();
  const atPercent = (percent: number) => rising[Math.ceil((percent * rising.length) / 100) - 1] ?? 0n;
  const { charged: total } = sumsOf(all);
  const reached = work.findIndex((_, nth) => 2n * sumsOf(work.slice(0, nth + 1)).charged >= total);
  return {
    work: sumsOf(work),
    quantiles:
      work.length === 0
        ? null
        : { p50: atPercent(50), p90: atPercent(90), p95: atPercent(95), p99: atPercent(99) },
    top: work.slice(0, top),
    half: reached < 0 || total <= 0n ? null : reached + 1,
    unattributed: { ...sumsOf(all.filter(({ key }) => key.at(-1) === null)), units: 0 },
    earlier: sumsOf(known.filter(({ charges }) => charges === 0)),
  };
}

onEveryDatabase(() => {
  describe('what units of work cost', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(TENANT, 1_000_000n));
    });
    afterEach(() => acme.models.close());

    const debit = (workflow: string | null, amount: bigint, more: object = {}): DebitId => {
      const debitId = acme.ledger.mint('evt') as DebitId;
      const command: Command = {
        type: 'Debit',
        debitId,
        decisionId: acme.ledger.decisionId(),
        subject: { app: 'ide', ...(workflow !== null && { workflow }) },
        action: { kind: 'llm.completion', name: 'gpt' },
        actual: { unit: 'TOKENS', amount },
        overagePolicy: 'REJECT',
        metrics: null,
        clientTimeMs: null,
        metadata: null,
        ...more,
      };
      expect(acme.ledger.run('acme', command)).toBe('accepted');
      return debitId;
    };
    const correct = (chargeId: DebitId, charged: bigint, delta: bigint) =>
      acme.ledger.run('acme', {
        type: 'AdjustCharge',
        charge: { chargeId, unit: 'TOKENS', charged, scopes: [TENANT as never] },
        delta,
        reason: 'credit',
        metadata: {},
      });
    const costs = async (more: Partial<UnitCostsRequest> = {}) => {
      await acme.models.caughtUp();
      const asked = { period: ALWAYS, unitOfWork: SESSIONS, top: 3, ...more };
      return new UnitCostQueries(acme.models.db).of(asked);
    };

    it('are those of all charges of each, with their corrections', async () => {
      debit('run-1', 10n);
      const second = debit('run-1', 20n);
      debit('run-2', 5n);
      debit(null, 3n);
      correct(second, 20n, -4n);
      expect(await costs()).toEqual({
        work: { units: 2, charges: 3, charged: 31n },
        quantiles: { p50: 5n, p90: 26n, p95: 26n, p99: 26n },
        top: [
          { key: ['acme', 'run-1'], charges: 2, charged: 26n },
          { key: ['acme', 'run-2'], charges: 1, charged: 5n },
        ],
        half: 1,
        unattributed: { units: 0, charges: 1, charged: 3n },
        earlier: { units: 0, charges: 0, charged: 0n },
        ledger: { charges: 4, charged: 34n },
      });
    });

    it('leave apart what is corrected of work of an earlier period', async () => {
      const early = debit('run-1', 20n);
      acme.ledger.nowMs += 120_000;
      const fromMs = Math.floor(acme.ledger.nowMs / 60_000) * 60_000;
      debit('run-2', 7n);
      correct(early, 20n, -9n);
      const { work, earlier, ledger, half } = await costs({ period: { ...ALWAYS, fromMs } });
      expect(work).toEqual({ units: 1, charges: 1, charged: 7n });
      expect(earlier).toEqual({ units: 1, charges: 0, charged: -9n });
      expect([ledger.charged, half]).toEqual([-2n, null]);
    });

    it('order and add up exactly what leaves 64 bits', async () => {
      const most = 9_000_000_000_000_000_000n;
      for (const [app, workflow, amount] of [
        ['one', 'big', most],
        ['two', 'big', most],
        ['three', 'small', most - 1n],
      ] as const) {
        acme.ledger.run('acme', createBudget(`${TENANT}/app:${app}`, most, { unit: 'USD_MICROCENTS' }));
        debit(workflow, 0n, { subject: { app, workflow }, actual: { unit: 'USD_MICROCENTS', amount } });
      }
      const { top, work, quantiles, half } = await costs({ period: { ...ALWAYS, unit: 'USD_MICROCENTS' } });
      expect(top.map(({ charged }) => charged)).toEqual([2n * most, most - 1n]);
      expect([work.charged, quantiles?.p50, half]).toEqual([3n * most - 1n, most - 1n, 1]);
    });

    it('put work first that cost more, where corrections left some of it below nothing', async () => {
      const early = debit('returned', 3_000n);
      acme.ledger.nowMs += 120_000;
      const fromMs = Math.floor(acme.ledger.nowMs / 60_000) * 60_000;
      for (const [workflow, amount] of [
        ['returned', 5n],
        ['dear', 100n],
        ['cheap', 1n],
      ] as const) {
        debit(workflow, amount);
      }
      correct(early, 3_000n, -50n);
      const { top, quantiles } = await costs({ period: { ...ALWAYS, fromMs } });
      expect(top.map(({ charged }) => charged)).toEqual([100n, 1n, -45n]);
      expect(quantiles).toEqual({ p50: 1n, p90: 100n, p95: 100n, p99: 100n });
    });

    it('are nothing where nothing was charged', async () => {
      const nothing = { units: 0, charges: 0, charged: 0n };
      expect(await costs()).toEqual({
        work: nothing,
        quantiles: null,
        top: [],
        half: null,
        unattributed: nothing,
        earlier: nothing,
        ledger: { charges: 0, charged: 0n },
      });
    });

    it.each(WAYS)('are what the events say, by %s', async (_name, unitOfWork, keyOf) => {
      for (let seed = 1; seed <= runsHere(8); seed++) {
        const ledger = correctSome(randomLedger(seed, 250));
        const models = await project(ledger, { projections: [chargesProjection], pageEvents: 7 * seed });
        await models.caughtUp();
        const queries = new UnitCostQueries(models.db);
        for (const tenantId of ledger.tenantIds) {
          const own = movementsOf(ledger).filter(
            (each) => each.unit === 'TOKENS' && each.tenantId === tenantId,
          );
          const times = own.map(({ atMs }) => atMs);
          const middleMs = Math.ceil(((times.at(-1) ?? 0) + (times[0] ?? 0)) / 2 / 60_000) * 60_000;
          for (const part of [{}, { untilMs: middleMs }, { fromMs: middleMs }]) {
            const period = { ...ALWAYS, tenantId, ...part };
            const within = own.filter(({ atMs }) => atMs >= period.fromMs && atMs < period.untilMs);
            const { ledger: totals, ...told } = await queries.of({ period, unitOfWork, top: 2 });
            expect(told).toEqual(toldOf(within, keyOf, 2));
            expect(totals.charged).toBe(told.work.charged + told.unattributed.charged + told.earlier.charged);
          }
        }
        await models.close();
      }
    });
  });
});
