/** Charges: reports of them against what the events say, told one by one. */

import {
  ChargebackQueries,
  type ChargeGroup,
  type Grouping,
} from '../../src/projections/charges/chargeback.queries.js';
import { chargesProjection } from '../../src/projections/charges/charges.projection.js';
import { chargesTable } from '../../src/projections/charges/charges.table.js';
import { type Acme, APP, openAcme } from './acme.js';
import { correctSome } from './corrections.js';
import { onEveryDatabase, runsHere } from './databases.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { project } from './harness.js';
import { createBudget, issueKey, keyActor, START_MS } from './ledger.js';
import { moneyLedger } from './money-ledger.js';
import { type Movement, movementsOf } from './naive-charges.js';
import { randomLedger } from './random-ledger.js';

const DAY_MS = 86_400_000;
const ALWAYS = { tenantId: null, unit: 'TOKENS', fromMs: 0, untilMs: START_MS + 365 * DAY_MS } as const;

const column = (name: Extract<Grouping, { column: string }>['column']): Grouping => ({ column: name });

/** Ways to group, with the same told of a movement. */
const WAYS: readonly (readonly [
  name: string,
  groupings: readonly Grouping[],
  keyOf: (of: Movement) => (string | null)[],
])[] = [
  ['nothing', [], () => []],
  [
    'tenant',
    [column('tenant_id')],
    ({ tenantId, what, of }) => [what === 'correction' && of.subject === null ? null : tenantId],
  ],
  [
    'app and session',
    [column('app'), column('workflow')],
    ({ of }) => [of.subject?.app ?? null, of.subject?.workflow ?? null],
  ],
  [
    'dimension',
    [{ dimension: 'cost_center' }],
    ({ of }) => [of.subject?.dimensions?.['Cost_Center']?.toLowerCase() ?? null],
  ],
  ['kind and model', [column('kind'), column('model')], ({ of }) => [of.action?.kind ?? null, of.model]],
  ['harness', [column('harness')], ({ of }) => [of.harness]],
];

const SUMS = ['charges', 'charged', 'adjusted', 'actual', 'reserved', 'released', 'denied'] as const;
const sumsOf = (group: Pick<ChargeGroup, (typeof SUMS)[number]>) =>
  SUMS.map((name) => `${name} ${group[name]}`).join(', ');

function toldOf(
  movements: readonly Movement[],
  keyOf: (of: Movement) => (string | null)[],
): Map<string, string> {
  const groups = new Map<string, Record<(typeof SUMS)[number], bigint>>();
  for (const movement of movements) {
    const name = JSON.stringify(keyOf(movement));
    const zero = {
      charges: 0n,
      charged: 0n,
      adjusted: 0n,
      actual: 0n,
      reserved: 0n,
      released: 0n,
      denied: 0n,
    };
    const sums = groups.get(name) ?? zero;
    const { what, amount, actual, times } = movement;
    if (what === 'charge') sums.charges += 1n;
    if (what === 'charge' || what === 'correction') sums.charged += amount;
    if (what === 'charge') sums.actual += actual;
    if (what === 'correction') sums.adjusted += amount;
    if (what === 'hold') sums.reserved += amount;
    if (what === 'return') sums.released += amount;
    if (what === 'denial') sums.denied += BigInt(times);
    groups.set(name, sums);
  }
  const isAnything = (sums: Record<string, bigint>) => Object.values(sums).some((sum) => sum !== 0n);
  const told = [...groups].filter(([, sums]) => isAnything(sums));
  return new Map(told.map(([name, sums]) => [name, SUMS.map((sum) => `${sum} ${sums[sum]}`).join(', ')]));
}

onEveryDatabase(() => {
  describe('charges', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 1_000n, { unit: 'RISK_POINTS' }));
      acme.ledger.run('acme', createBudget(APP, 1_000n, { unit: 'USD_MICROCENTS' }));
      acme.ledger.run('acme', createBudget('tenant:acme', 10_000n));
      acme.ledger.run('acme', createBudget(APP, 1_000n));
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
    });
    afterEach(() => acme.models.close());

    const report = async (groupings: readonly Grouping[], more: object = {}) => {
      await acme.models.caughtUp();
      const request = { period: ALWAYS, groupings, calendar: null, sample: null, ...more };
      return new ChargebackQueries(acme.models.db).report(request);
    };

    it('count a charge once, however many scopes bear it', async () => {
      acme.commit(acme.reserve(30n).reservationId, 12n);
      const { groups, ledger } = await report([]);
      expect(groups.map(sumsOf)).toEqual([
        'charges 1, charged 12, adjusted 0, actual 12, reserved 30, released 18, denied 0',
      ]);
      expect(ledger).toEqual({ charges: 1, charged: 12n });
    });

    it('keep a correction to the period in which it was made', async () => {
      const { reservationId } = acme.reserve(30n);
      acme.commit(reservationId, 12n);
      acme.ledger.nowMs += DAY_MS;
      const charge = {
        chargeId: reservationId,
        unit: 'TOKENS' as const,
        charged: 12n,
        scopes: [APP as never],
      };
      acme.ledger.run('acme', { type: 'AdjustCharge', charge, delta: -5n, reason: 'credit', metadata: {} });
      const midnight = Math.floor(acme.ledger.nowMs / DAY_MS) * DAY_MS;
      const days = await report([column('app')], {
        calendar: 'day',
        period: { ...ALWAYS, fromMs: midnight - DAY_MS },
      });
      expect(
        days.groups.map((group) => [group.stretch, ...group.key, group.charged, group.adjusted]),
      ).toEqual([
        ['2026-03-01', 'ide', 12n, 0n],
        ['2026-03-02', 'ide', -5n, -5n],
      ]);
      expect(days.ledger).toEqual({ charges: 1, charged: 7n });
    });

    it('know the harness of a tool call, whose points and money are a charge each', async () => {
      const submitted = toolCall(acme.ledger, { sessionId: 's1', points: 20, dollars: 300n });
      acme.ledger.run('acme', submitted, { actor: keyActor('key_1') });
      acme.ledger.run('acme', outcomeOf(acme.ledger, submitted.toolCallId), { actor: keyActor('key_1') });
      for (const [unit, charged] of [
        ['RISK_POINTS', 20n],
        ['USD_MICROCENTS', 300n],
      ] as const) {
        const { groups } = await report([column('harness'), column('key_id')], {
          period: { ...ALWAYS, unit },
        });
        expect(groups.map((group) => [...group.key, group.charges, group.charged])).toEqual([
          ['cursor', 'key_1', 1, charged],
        ]);
      }
      expect((await acme.models.rows(chargesTable)).map(({ action_id }) => action_id)).toEqual([
        submitted.toolCallId,
        submitted.toolCallId,
      ]);
    });

    it('count refusals of what would have been charged, and no preflight', async () => {
      acme.reserve(5_000n);
      const decide = { type: 'Decide', decisionId: acme.ledger.decisionId() } as const;
      const asked = {
        subject: { app: 'ide' },
        action: { kind: 'llm.completion', name: 'gpt' },
        metadata: null,
      };
      const estimate = { unit: 'TOKENS', amount: 5_000n } as const;
      acme.ledger.run('acme', { ...decide, operation: 'dry_run', ...asked, estimate });
      const { groups } = await report([column('app')]);
      expect(groups.map((group) => [...group.key, group.denied, group.charged])).toEqual([['ide', 1, 0n]]);
    });

    it('give back with a closed tenant what it held', async () => {
      acme.reserve(30n);
      acme.close();
      const { groups } = await report([]);
      expect(groups.map(({ reserved, released }) => [reserved, released])).toEqual([[30n, 30n]]);
    });

    it('take the smallest amount that so many percent do not exceed', async () => {
      for (let amount = 1n; amount <= 10n; amount++) acme.commit(acme.reserve(20n).reservationId, amount);
      const [action] = (await report([], { sample: 'action' })).groups;
      expect(action?.distribution).toEqual({ count: 10, sum: 55n, p50: 5n, p90: 9n, p95: 10n, p99: 10n });
      const [session] = (await report([column('app')], { sample: 'session' })).groups;
      expect(session?.distribution).toEqual({ count: 1, sum: 55n, p50: 55n, p90: 55n, p95: 55n, p99: 55n });
    });

    it('stay exact where sums leave 64 bits', async () => {
      const most = 9_000_000_000_000_000_000n;
      for (const app of ['one', 'two', 'three']) {
        acme.ledger.run('acme', createBudget(`tenant:acme/app:${app}`, most, { unit: 'USD_MICROCENTS' }));
        acme.ledger.run('acme', {
          type: 'Debit',
          debitId: acme.ledger.mint('evt') as never,
          decisionId: acme.ledger.decisionId(),
          subject: { app, workflow: 'run-1' },
          action: { kind: 'llm.completion', name: 'gpt' },
          actual: { unit: 'USD_MICROCENTS', amount: most - 1n },
          overagePolicy: 'REJECT',
          metrics: null,
          clientTimeMs: null,
          metadata: null,
        });
      }
      const period = { ...ALWAYS, unit: 'USD_MICROCENTS' };
      const { groups, ledger } = await report([], { period, sample: 'session' });
      expect(groups.map(({ charged, distribution }) => [charged, distribution?.p50])).toEqual([
        [3n * (most - 1n), 3n * (most - 1n)],
      ]);
      expect(ledger.charged).toBe(3n * (most - 1n));
    });

    it('group by dimensions whatever is in them', async () => {
      for (const value of ['a"b', "o'c", 'nul\0', 'ÄÖ', '%_\\']) {
        acme.ledger.run('acme', {
          type: 'Debit',
          debitId: acme.ledger.mint('evt') as never,
          decisionId: acme.ledger.decisionId(),
          subject: { app: 'ide', dimensions: { "cost'center": value } },
          action: { kind: 'llm.completion', name: 'gpt' },
          actual: { unit: 'TOKENS', amount: 1n },
          overagePolicy: 'REJECT',
          metrics: null,
          clientTimeMs: null,
          metadata: null,
        });
      }
      const { groups } = await report([{ dimension: "cost'center" }]);
      expect(groups.map(({ key }) => key[0]).toSorted()).toEqual(['%_\\', 'a"b', 'nul\ufffd', "o'c", 'äö']);
    });

    it('are what the events say of money day by day, over new periods, debt and a closed tenant', async () => {
      for (let seed = 1; seed <= runsHere(4); seed++) {
        const ledger = moneyLedger(seed, 300);
        const models = await project(ledger, { projections: [chargesProjection] });
        await models.caughtUp();
        const movements = movementsOf(ledger).filter(({ unit }) => unit === 'USD_MICROCENTS');
        for (const tenantId of ledger.tenantIds) {
          const period = {
            tenantId,
            unit: 'USD_MICROCENTS',
            fromMs: START_MS,
            untilMs: START_MS + 200 * DAY_MS,
          } as const;
          const fromMs = Math.floor(period.fromMs / DAY_MS) * DAY_MS;
          const asked = {
            period: { ...period, fromMs },
            groupings: [],
            calendar: 'day',
            sample: null,
          } as const;
          const { groups, ledger: totals } = await new ChargebackQueries(models.db).report(asked);
          const own = movements.filter((each) => each.tenantId === tenantId);
          const dayOf = ({ atMs }: Movement) => [new Date(atMs).toISOString().slice(0, 10)];
          expect(new Map(groups.map((group) => [JSON.stringify([group.stretch]), sumsOf(group)]))).toEqual(
            toldOf(own, dayOf),
          );
          expect(totals.charged).toBe(groups.reduce((sum, { charged }) => sum + charged, 0n));
        }
        await models.close();
      }
    });

    it.each(WAYS)('are what the events say, grouped by %s', async (_name, groupings, keyOf) => {
      for (let seed = 1; seed <= runsHere(8); seed++) {
        const ledger = correctSome(randomLedger(seed, 250));
        const models = await project(ledger, { projections: [chargesProjection], pageEvents: 7 * seed });
        await models.caughtUp();
        const queries = new ChargebackQueries(models.db);
        const movements = movementsOf(ledger).filter(({ unit }) => unit === 'TOKENS');
        // All tenants are asked for one by one: the directory is not projected here.
        for (const tenantId of ledger.tenantIds) {
          const own = movements.filter((each) => each.tenantId === tenantId);
          const times = own.map(({ atMs }) => atMs);
          const untilMs = Math.ceil(((times.at(-1) ?? 0) + (times[0] ?? 0)) / 2 / 60_000) * 60_000;
          for (const period of [ALWAYS, { ...ALWAYS, untilMs }]) {
            const asked = { period: { ...period, tenantId }, groupings, calendar: null, sample: null };
            const { groups, ledger: totals } = await queries.report(asked);
            const within = own.filter(({ atMs }) => atMs < period.untilMs);
            expect(new Map(groups.map((group) => [JSON.stringify(group.key), sumsOf(group)]))).toEqual(
              toldOf(within, keyOf),
            );
            const charged = within.filter(({ what }) => what === 'charge' || what === 'correction');
            expect(totals.charged).toBe(charged.reduce((sum, { amount }) => sum + amount, 0n));
          }
        }
        await models.close();
      }
    });
  });
});
