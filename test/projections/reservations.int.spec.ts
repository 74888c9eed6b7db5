/** Reservations: what was held and how it ended, as it is read. */

import { ReservationQueries } from '../../src/projections/reservations/reservations.queries.js';
import { type Acme, APP, openAcme, TENANT } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { createBudget, START_MS } from './ledger.js';

onEveryDatabase(() => {
  describe('reservations', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 1_000n));
    });
    afterEach(() => acme.models.close());

    const find = async (id: string, nowMs = acme.ledger.nowMs) => {
      await acme.models.caughtUp();
      return new ReservationQueries(acme.models.db).find(id, nowMs);
    };

    it('show what was held, for whom and until when', async () => {
      const { reservationId } = acme.reserve(40n, 'key-1');
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
      const one = acme.reserve(40n).reservationId;
      acme.commit(one, 30n);
      expect(await find(one)).toMatchObject({
        status: 'COMMITTED',
        committed: 30n,
        finalizedAtMs: START_MS,
        committedMetadata: { done: true },
        dueAtMs: null,
      });
      const two = acme.reserve(5n).reservationId;
      acme.ledger.run('acme', {
        type: 'Release',
        reservationId: two,
        decisionId: acme.ledger.decisionId(),
        reason: null,
      });
      expect(await find(two)).toMatchObject({ status: 'RELEASED', committed: null, finalizedAtMs: START_MS });
    });

    it('read as expired once they are due, before and after that is recorded', async () => {
      const { reservationId } = acme.reserve(5n);
      acme.ledger.nowMs += 64_999;
      expect(await find(reservationId)).toMatchObject({ status: 'ACTIVE' });
      acme.ledger.nowMs += 1;
      expect(await find(reservationId)).toMatchObject({ status: 'EXPIRED', finalizedAtMs: null });
      acme.ledger.settleDue('acme');
      expect(await find(reservationId)).toMatchObject({
        status: 'EXPIRED',
        finalizedAtMs: null,
        dueAtMs: null,
      });
    });

    it('are released with their tenant, the finished ones untouched', async () => {
      const done = acme.reserve(5n).reservationId;
      acme.commit(done, 5n);
      const open = acme.reserve(5n).reservationId;
      acme.close();
      expect(await find(open)).toMatchObject({ status: 'RELEASED', endReason: 'tenant_closed' });
      expect(await find(done)).toMatchObject({ status: 'COMMITTED' });
    });
  });
});
