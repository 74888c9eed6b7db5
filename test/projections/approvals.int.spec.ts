/** What changed about approvals: whoever waits hears of every one, however many an event ends. */

import type { OperatorId } from '../../src/domain/ids.js';
import { ApprovalQueries, type ChangeKey } from '../../src/projections/approvals/approvals.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor } from './ledger.js';

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

  it('are all read, a page at a time, where one event ends many', async () => {
    for (const session of ['a', 'b', 'c']) ask(session);
    acme.close();
    await acme.models.caughtUp();
    const queries = new ApprovalQueries(acme.models.db);
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
