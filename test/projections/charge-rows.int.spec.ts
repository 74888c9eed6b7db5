/** Charges one by one: each once, in order, over pages, and together what the events say. */

import type { DebitId } from '../../src/domain/ids.js';
import { focusHeading, focusRecord } from '../../src/http/finops/focus.js';
import {
  type BilledPeriod,
  type BilledRow,
  ChargeRowQueries,
} from '../../src/projections/charges/charge-rows.queries.js';
import { ChargebackQueries } from '../../src/projections/charges/chargeback.queries.js';
import { chargesProjection } from '../../src/projections/charges/charges.projection.js';
import { csvRows } from '../http/csv.js';
import { correctSome } from './corrections.js';
import { onEveryDatabase, runsHere } from './databases.js';
import { project } from './harness.js';
import { createBudget, openTenant, START_MS, TestLedger } from './ledger.js';
import { moneyLedger } from './money-ledger.js';
import { movementsOf } from './naive-charges.js';

const UNITS = ['USD_MICROCENTS', 'TOKENS', 'CREDITS', 'RISK_POINTS'] as const;
const ALWAYS = { fromMs: 0, untilMs: START_MS + 3_650 * 86_400_000 } as const;

const gathered = async (rows: AsyncIterable<BilledRow>): Promise<BilledRow[]> => {
  const all: BilledRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
};
/** Dollars in microcents. */
function microcentsOf(text = ''): bigint {
  const [, sign, whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${decimals.padEnd(8, '0')}`);
}
const told = (rows: readonly { atMs: number; amount: bigint }[]): string[] =>
  rows.map(({ atMs, amount }) => `${atMs} ${amount}`).toSorted();

/** A tenant that was charged so often in one moment, and corrected as often in another. */
function busyLedger(charges: number): TestLedger {
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  ledger.run('acme', createBudget('tenant:acme', 1_000_000n));
  for (let nth = 0; nth < charges; nth++) {
    const debitId = ledger.mint('evt') as DebitId;
    const charge = { type: 'Debit', debitId, decisionId: ledger.decisionId() } as const;
    const asked = { subject: { app: 'ide' }, action: { kind: 'llm.completion', name: 'gpt' } };
    const more = { metrics: null, clientTimeMs: null, metadata: null };
    const actual = { unit: 'TOKENS', amount: BigInt(nth + 1) } as const;
    ledger.run('acme', { ...charge, ...asked, actual, overagePolicy: 'REJECT', ...more });
  }
  return ledger;
}

onEveryDatabase(() => {
  describe('charges one by one', () => {
    it('are each there once over many pages, also those of the same moment', async () => {
      const models = await project(busyLedger(1_203), { projections: [chargesProjection] });
      await models.caughtUp();
      const of: BilledPeriod = { tenantId: 'acme', unit: 'TOKENS', ...ALWAYS };
      const rows = await gathered(new ChargeRowQueries(models.db).charges(of));
      expect(rows.length).toBe(1_203);
      expect(new Set(rows.map(({ chargeId }) => chargeId)).size).toBe(1_203);
      expect(rows.reduce((sum, { amount }) => sum + amount, 0n)).toBe((1_203n * 1_204n) / 2n);
      await models.close();
    });

    it('are what the events say, with their corrections, in any part of the time', async () => {
      for (let seed = 1; seed <= runsHere(4); seed++) {
        const ledger = correctSome(moneyLedger(seed, 300));
        const models = await project(ledger, { projections: [chargesProjection], pageEvents: 7 * seed });
        await models.caughtUp();
        const queries = new ChargeRowQueries(models.db);
        const movements = movementsOf(ledger);
        const middleMs = START_MS + 10 * 86_400_000;
        for (const tenantId of ledger.tenantIds) {
          for (const unit of UNITS) {
            const own = movements.filter((each) => each.tenantId === tenantId && each.unit === unit);
            for (const part of [{}, { untilMs: middleMs }, { fromMs: middleMs }]) {
              const of = { tenantId, unit, ...ALWAYS, ...part };
              const within = own.filter(({ atMs }) => atMs >= of.fromMs && atMs < of.untilMs);
              const charges = await gathered(queries.charges(of));
              const corrections = await gathered(queries.corrections(of));
              expect(told(charges)).toEqual(told(within.filter(({ what }) => what === 'charge')));
              expect(told(corrections)).toEqual(told(within.filter(({ what }) => what === 'correction')));
              const times = charges.map(({ atMs }) => atMs);
              expect(times).toEqual(times.toSorted((one, other) => one - other));
            }
          }
        }
        await models.close();
      }
    });

    it('come to what the ledger charged in FOCUS rows, to the last digit of a dollar', async () => {
      for (let seed = 1; seed <= runsHere(4); seed++) {
        const ledger = moneyLedger(seed, 300);
        const models = await project(ledger);
        await models.caughtUp();
        const queries = new ChargeRowQueries(models.db);
        let billed = 0n;
        for (const tenant of await queries.tenants(null)) {
          for (const unit of UNITS) {
            const of = { tenantId: tenant.tenantId, unit, ...ALWAYS };
            const rows = [
              ...(await gathered(queries.charges(of))),
              ...(await gathered(queries.corrections(of))),
            ];
            const text = focusHeading() + rows.map((row) => focusRecord(row, tenant)).join('');
            for (const { BilledCost } of csvRows(text)) billed += microcentsOf(BilledCost);
          }
        }
        const period = { tenantId: null, unit: 'USD_MICROCENTS', ...ALWAYS } as const;
        const request = { period, groupings: [], calendar: null, sample: null };
        const { ledger: totals } = await new ChargebackQueries(models.db).report(request);
        expect(billed).toBe(totals.charged);
        expect(billed).toBeGreaterThan(0n);
        await models.close();
      }
    });

    it('tell of a correction whom its charge was for, and when it was settled', async () => {
      const ledger = moneyLedger(2, 200);
      const models = await project(ledger, { projections: [chargesProjection] });
      await models.caughtUp();
      const queries = new ChargeRowQueries(models.db);
      const of: BilledPeriod = { tenantId: 'acme', unit: 'USD_MICROCENTS', ...ALWAYS };
      const charges = new Map((await gathered(queries.charges(of))).map((row) => [row.chargeId, row]));
      const corrections = await gathered(queries.corrections(of));
      expect(corrections.length).toBeGreaterThan(0);
      for (const { chargeId, app, name, dimensions, settledAtMs, reason, actual } of corrections) {
        const charge = charges.get(chargeId);
        expect({ app, name, dimensions, settledAtMs }).toEqual({
          app: charge?.app,
          name: charge?.name,
          dimensions: charge?.dimensions,
          settledAtMs: charge?.atMs,
        });
        expect([reason, actual]).toEqual(['credit', null]);
      }
      await models.close();
    });
  });
});
