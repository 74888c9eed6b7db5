/** What changed about approvals: whoever waits hears of every one, however many an event ends. */

import { systemClock } from '../../src/adapters/system/clock.js';
import type { ApprovalId, OperatorId } from '../../src/domain/ids.js';
import { ReadModelAnswers } from '../../src/projections/approvals/answers.js';
import { ApprovalQueries, type ChangeKey } from '../../src/projections/approvals/approvals.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor } from './ledger.js';

onEveryDatabase(() => {
  describe('changes of approvals', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 100n, { unit: 'RISK_POINTS' }));
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
    });
    afterEach(() => acme.models.close());

    const ask = (sessionId: string): void => {
      const plain = toolCall(acme.ledger, { sessionId, points: 50 });
      const ada = { operatorId: 'opr_ada' as OperatorId, groups: [] };
      const asked = { ...plain, assessment: { ...plain.assessment, tier: 4 as const }, approvers: [ada] };
      acme.ledger.run('acme', asked, { actor: keyActor('key_1') });
    };

    it('that were before anybody began to wait are looked up, and again where that has failed once', async () => {
      for (const session of ['a', 'b']) ask(session);
      acme.close();
      await acme.models.caughtUp();
      const queries = new ApprovalQueries(acme.models.db, acme.models.caughtUp);
      const { items } = await queries.list({ tenants: null }, { limit: 10 });
      const [first, second] = items.map(({ approvalId }) => approvalId as ApprovalId);
      if (first === undefined || second === undefined) throw new Error('nobody was asked');
      const troubles: unknown[] = [];
      let looks = 0;
      const failing: ConstructorParameters<typeof ReadModelAnswers>[0] = {
        changedSince: (key, limit) => queries.changedSince(key, limit),
        settledAmong: (ids) => {
          looks += 1;
          return looks === 2 ? Promise.reject(new Error('the disk is busy')) : queries.settledAmong(ids);
        },
      };
      const answers = new ReadModelAnswers(failing, systemClock, (trouble) => troubles.push(trouble));
      expect(await answers.settled(first, 60_000)).toBe(true);
      // By then every change has been read, so that no later one tells of this.
      expect(await answers.settled(first, 60_000)).toBe(true);
      expect(await answers.settled(second, 60_000)).toBe(true);
      expect(troubles).toHaveLength(1);
      expect(answers.waiters).toBe(0);
    });

    it('are all read, a page at a time, where one event ends many', async () => {
      for (const session of ['a', 'b', 'c']) ask(session);
      acme.close();
      await acme.models.caughtUp();
      const queries = new ApprovalQueries(acme.models.db, acme.models.caughtUp);
      const ended: string[] = [];
      let seen: ChangeKey = { position: 0, approvalId: '' };
      for (;;) {
        const [change, ...more] = await queries.changedSince(seen, 1);
        if (change === undefined) break;
        expect(more).toEqual([]);
        expect(change.status).toBe('CANCELLED');
        ended.push(change.approvalId);
        seen = change;
      }
      expect(new Set(ended).size).toBe(3);
      expect(ended).toHaveLength(3);
    });
  });
});
