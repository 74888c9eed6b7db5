/** Sessions: one row a run of an agent, whatever the pages of events were. */

import { SessionQueries } from '../../src/projections/sessions/sessions.queries.js';
import { sessionsTable } from '../../src/projections/sessions/sessions.table.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { project } from './harness.js';
import { createBudget, issueKey, keyActor, START_MS } from './ledger.js';
import { randomLedger } from './random-ledger.js';

onEveryDatabase(() => {
  describe('sessions', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 100n, { unit: 'RISK_POINTS' }));
      acme.ledger.run('acme', createBudget(APP, 1_000n));
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
    });
    afterEach(() => acme.models.close());

    const queries = async () => {
      await acme.models.caughtUp();
      return new SessionQueries(acme.models.db);
    };
    const call = (sessionId: string, points: number) => {
      const submitted = toolCall(acme.ledger, { sessionId, points });
      acme.ledger.run('acme', submitted, { actor: keyActor('key_1') });
      return submitted;
    };

    it('add up what was proposed, decided and used', async () => {
      const allowed = call('S1', 20);
      acme.ledger.nowMs += 1_000;
      call('s1', 0);
      call('s1', 500);
      acme.ledger.nowMs += 1_000;
      acme.ledger.run('acme', outcomeOf(acme.ledger, allowed.toolCallId), { actor: keyActor('key_1') });
      expect(await (await queries()).find('acme', 'S1')).toEqual({
        tenantId: 'acme',
        sessionId: 's1',
        firstRevision: 4,
        firstAtMs: START_MS,
        lastAtMs: START_MS + 2_000,
        subject: { app: 'ide', workflow: 'S1', agent: 'claude', toolset: 'shell' },
        harness: 'cursor',
        keyId: 'key_1',
        proposals: { total: 3, allowed: 2, allowedWithCaps: 0, denied: 1, pending: 0, observed: 0 },
        highestTier: 3,
        pointsProposed: 520n,
        used: [{ unit: 'RISK_POINTS', held: 0n, charged: 20n, released: 0n }],
        openApprovals: 0,
      });
    });

    it('count what a reservation holds, and what is left of it once it is settled', async () => {
      const { reservationId } = acme.reserve(30n);
      const held = await (await queries()).find('acme', 'run-7');
      expect(held?.used).toEqual([{ unit: 'TOKENS', held: 30n, charged: 0n, released: 0n }]);
      acme.ledger.nowMs += 5_000;
      acme.commit(reservationId, 12n);
      const settled = await (await queries()).find('acme', 'run-7');
      expect(settled?.used).toEqual([{ unit: 'TOKENS', held: 0n, charged: 12n, released: 18n }]);
      expect(settled?.lastAtMs).toBe(START_MS + 5_000);
    });

    it('are listed in pages that stay stable while older ones go on', async () => {
      for (const sessionId of ['a', 'b', 'c']) call(sessionId, 1);
      const list = await queries();
      const first = await list.list({ tenantId: 'acme' }, { limit: 2 });
      call('a', 1);
      call('d', 1);
      const second = await (await queries()).list(
        { tenantId: 'acme' },
        { limit: 2, cursor: first.nextCursor },
      );
      expect([...first.items, ...second.items].map(({ sessionId }) => sessionId)).toEqual(['c', 'b', 'a']);
      expect(second.items[0]?.proposals.total).toBe(2);
    });

    it.each([
      [{ decision: 'DENY' }, ['loud']],
      [{ tierMin: 3 }, ['loud', 'busy']],
      [{ agent: 'CLAUDE' }, ['loud', 'busy', 'idle']],
      [{ harness: 'codex' }, []],
      [{ keyId: 'key_1' }, ['loud', 'busy', 'idle']],
      [{ untilMs: START_MS + 1_000 }, ['idle']],
      [{ fromMs: START_MS + 2_000 }, ['loud']],
      [{ tenantId: 'other' }, []],
    ] as const)('are filtered by %j', async (filter, expected) => {
      call('idle', 0);
      acme.ledger.nowMs += 1_000;
      call('busy', 5);
      acme.ledger.nowMs += 1_000;
      call('loud', 500);
      const { items } = await (await queries()).list(filter, { limit: 10 });
      expect(items.map(({ sessionId }) => sessionId)).toEqual(expected);
    });

    it('are the same however events come in pages', async () => {
      const ledger = randomLedger(7, 300);
      const [inOne, byOne] = [
        await project(ledger, { pageEvents: 10_000 }),
        await project(ledger, { pageEvents: 1 }),
      ];
      await Promise.all([inOne.caughtUp(), byOne.caughtUp()]);
      const rows = await inOne.rows(sessionsTable);
      expect(rows.length).toBeGreaterThan(5);
      expect(await byOne.rows(sessionsTable)).toEqual(rows);
      await Promise.all([inOne.close(), byOne.close()]);
    });
  });
});
