/** Notifications as rows: the same whatever the pages of events were, and read page by page. */

import { NotificationQueries } from '../../src/projections/notifications/notifications.queries.js';
import { notificationsTable } from '../../src/projections/notifications/notifications.table.js';
import { APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { project } from './harness.js';
import { createBudget } from './ledger.js';
import { randomLedger } from './random-ledger.js';

onEveryDatabase(() => {
  describe('the rows of notifications', () => {
    it('are the same whatever the pages are, when they are rebuilt, and delivered again', async () => {
      const ledger = randomLedger(17, 400);
      const [inOne, oneByOne] = [
        await project(ledger, { pageEvents: 10_000 }),
        await project(ledger, { pageEvents: 1 }),
      ];
      await Promise.all([inOne.caughtUp(), oneByOne.caughtUp()]);
      const rows = await inOne.rows(notificationsTable);
      expect(rows.length).toBeGreaterThan(50);
      expect(new Set(rows.map((row) => row.event_id)).size).toBe(rows.length);
      expect(await oneByOne.rows(notificationsTable)).toEqual(rows);
      await oneByOne.projector.rebuild(['notifications']);
      expect(await oneByOne.rows(notificationsTable)).toEqual(rows);
      await Promise.all([inOne.close(), oneByOne.close()]);
      const again = await project(ledger, { connection: inOne.connection });
      await again.caughtUp();
      expect(await again.rows(notificationsTable)).toEqual(rows);
      await again.close();
    });

    it('page by page are all of the list, also while more arrive, and a cursor is good for its question only', async () => {
      const acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 100n));
      const credit = () =>
        acme.ledger.run('acme', {
          type: 'FundBudget',
          decisionId: acme.ledger.decisionId(),
          scope: APP,
          unit: 'TOKENS',
          operation: 'CREDIT',
          amount: 1n,
          spent: null,
          reason: null,
          metadata: {},
        });
      for (let i = 0; i < 6; i++) credit();
      await acme.models.caughtUp();
      const queries = new NotificationQueries(acme.models.db);
      const filter = { eventType: 'budget.funded', scope: 'tenant:ACME' };
      const first = await queries.list(filter, { limit: 4 });
      credit();
      await acme.models.caughtUp();
      const second = await queries.list(filter, { limit: 4, cursor: first.nextCursor });
      expect([first.items.length, second.items.length, second.nextCursor]).toEqual([4, 2, null]);
      await expect(queries.list({}, { limit: 4, cursor: first.nextCursor })).rejects.toThrow('cursor');
      expect((await queries.list({ scope: 'tenant:acme/app:i' }, { limit: 9 })).items).toEqual([]);
      const one = first.items[0];
      expect(await queries.find(one?.eventId ?? '')).toEqual(one);
      await acme.models.close();
    });
  });
});
