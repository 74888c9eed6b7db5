/** What changes a row that is there: extensions, charges without a hold, corrections, new properties. */

import type { Debit } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import type { DebitId, KeyId, OperatorId, ScopePath } from '../../src/domain/ids.js';
import { ActionQueries } from '../../src/projections/actions/actions.queries.js';
import { BalanceQueries } from '../../src/projections/balances/balances.queries.js';
import { DirectoryQueries } from '../../src/projections/directory/directory.queries.js';
import { ReservationQueries } from '../../src/projections/reservations/reservations.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { createBudget, issueKey, START_MS } from './ledger.js';

const PLACE = { scope: APP, unit: 'TOKENS' } as const;
const DEBIT = 'evt_1' as DebitId;

onEveryDatabase(() => {
  describe('read models', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 100n));
    });
    afterEach(() => acme.models.close());

    const budget = async () => {
      await acme.models.caughtUp();
      return new BalanceQueries(acme.models.db).find('acme', APP, 'TOKENS');
    };
    const debit = (amount: bigint, origin: Partial<Origin> = {}) => {
      const command: Debit = {
        type: 'Debit',
        debitId: DEBIT,
        decisionId: acme.ledger.decisionId(),
        subject: { app: 'ide', workflow: 'Run-7' },
        action: { kind: 'llm.completion', name: 'gpt' },
        actual: { unit: 'TOKENS', amount },
        overagePolicy: null,
        metrics: null,
        clientTimeMs: null,
        metadata: { note: 'x' },
      };
      acme.ledger.run('acme', command, origin);
    };

    it('follow a charge without a hold, and record it as an action', async () => {
      debit(30n);
      expect(await budget()).toMatchObject({ spent: 30n, reserved: 0n });
      const action = await new ActionQueries(acme.models.db).find(DEBIT);
      expect(action?.proposed).toMatchObject({ operation: 'debit', sessionId: 'run-7' });
      expect(action?.decided).toMatchObject({ decision: 'ALLOW', answered: true });
    });

    it('record which operator carried the authority', async () => {
      const actor = { type: 'operator', operatorId: 'opr_1' as OperatorId } as const;
      debit(30n, { actor });
      await acme.models.caughtUp();
      const action = await new ActionQueries(acme.models.db).find(DEBIT);
      expect(action?.carriedBy).toMatchObject({ actorType: 'operator', operatorId: 'opr_1', keyId: null });
    });

    it('follow the adjustment of a charge and the correction of a budget', async () => {
      debit(30n);
      const charge = { chargeId: DEBIT, unit: 'TOKENS', charged: 30n, scopes: [APP as ScopePath] } as const;
      acme.ledger.run('acme', { type: 'AdjustCharge', charge, delta: -12n, reason: 'refund', metadata: {} });
      expect(await budget()).toMatchObject({ spent: 18n });
      const amounts = { allocated: 90n, spent: 5n, debt: 0n, uncovered: 0n };
      acme.ledger.run('acme', { type: 'CorrectBudget', ...PLACE, ...amounts, reason: 'a wrong import' });
      expect(await budget()).toMatchObject({ allocated: 90n, spent: 5n });
    });

    it('move the expiry of a reservation that is extended', async () => {
      const { reservationId } = acme.reserve(40n);
      const decisionId = acme.ledger.decisionId();
      const command = {
        type: 'Extend',
        reservationId,
        decisionId,
        extendByMs: 30_000,
        metadata: null,
      } as const;
      expect(acme.ledger.run('acme', command)).toBe('accepted');
      await acme.models.caughtUp();
      const found = await new ReservationQueries(acme.models.db).find(reservationId, START_MS);
      expect(found).toMatchObject({
        status: 'ACTIVE',
        reserved: 40n,
        expiresAtMs: START_MS + 90_000,
        dueAtMs: START_MS + 95_000,
      });
    });

    it('take over the changed properties of a budget, and leave the others', async () => {
      const period = { startMs: START_MS, endMs: START_MS + 60_000 };
      const changes = { overagePolicy: 'REJECT', rolloverPolicy: 'CARRY_FORWARD', period } as const;
      acme.ledger.run('acme', { type: 'UpdateBudget', ...PLACE, overdraftLimit: 9n, changes });
      expect(await budget()).toMatchObject({
        allocated: 100n,
        overdraftLimit: 9n,
        overagePolicy: 'REJECT',
        rolloverPolicy: 'CARRY_FORWARD',
        period: { length: 'custom', ...period },
        metadata: { cost_center: '0042' },
      });
      debit(30n);
      acme.ledger.nowMs += 60_000;
      acme.ledger.settleDue('acme');
      expect(await budget()).toMatchObject({
        allocated: 170n,
        spent: 0n,
        period: { startMs: START_MS + 60_000, endMs: START_MS + 120_000 },
      });
      acme.ledger.run('acme', {
        type: 'UpdateBudget',
        ...PLACE,
        overdraftLimit: null,
        changes: { period: null },
      });
      expect(await budget()).toMatchObject({ overdraftLimit: 9n, period: null });
    });

    it('take over the changed properties of a tenant, and leave the others', async () => {
      const changes = {
        name: 'New',
        settings: { maxExtensions: 3, maxTtlMs: 5_000 },
        metadata: { plan: 'pro' },
      };
      acme.ledger.nowMs += 7;
      acme.ledger.run('acme', { type: 'UpdateTenant', changes, status: 'SUSPENDED', reason: null });
      await acme.models.caughtUp();
      const directory = new DirectoryQueries(acme.models.db, () => acme.models.caughtUp());
      expect(await directory.tenant('acme')).toMatchObject({
        name: 'New',
        status: 'SUSPENDED',
        settings: { maxExtensions: 3, maxTtlMs: 5_000, defaultTtlMs: 60_000 },
        metadata: { plan: 'pro' },
        updatedAtMs: START_MS + 7,
      });
    });

    it('take over the changed properties of a key, and leave the others', async () => {
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
      const changes = { permissions: ['balances:read'], scopeFilter: ['app:cli'], description: 'for CI' };
      acme.ledger.run('acme', { type: 'UpdateApiKey', keyId: 'key_1' as KeyId, changes });
      await acme.models.caughtUp();
      const directory = new DirectoryQueries(acme.models.db, () => acme.models.caughtUp());
      expect(await directory.key('key_1', START_MS)).toMatchObject({
        name: 'harness',
        ...changes,
        fixedSubject: { app: 'ide' },
        status: 'ACTIVE',
      });
    });
  });
});
