/** Actions: the five questions of the audit record. */

import type { DecisionId } from '../../src/domain/ids.js';
import { ActionQueries } from '../../src/projections/actions/actions.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor, START_MS } from './ledger.js';

onEveryDatabase(() => {
  describe('actions', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(APP, 100n, { unit: 'RISK_POINTS' }));
      acme.ledger.run('acme', createBudget(APP, 1_000n));
      acme.ledger.run('acme', createBudget(APP, 1_000n, { unit: 'USD_MICROCENTS' }));
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
    });
    afterEach(() => acme.models.close());

    const find = async (id: string) => {
      await acme.models.caughtUp();
      return new ActionQueries(acme.models.db).find(id);
    };
    it('answer the five questions of an allowed tool call', async () => {
      const call = toolCall(acme.ledger, { sessionId: 'S1', points: 20, dollars: 300n });
      acme.ledger.run('acme', call, { actor: keyActor('key_1'), idempotencyKey: 'toolu_1' });
      acme.ledger.nowMs += 900;
      acme.ledger.run('acme', outcomeOf(acme.ledger, call.toolCallId), { actor: keyActor('key_1') });
      const action = await find(call.toolCallId);
      expect(action?.proposed).toMatchObject({
        operation: 'tool_call',
        sessionId: 's1',
        subject: { app: 'ide', workflow: 'S1', toolset: 'shell' },
        toolCall: { harness: 'cursor', cwd: '/repo', tool: call.record.tool },
        assessment: { riskPoints: 20, tier: 3 },
      });
      expect(action?.decided).toMatchObject({
        decision: 'ALLOW',
        reasonCode: null,
        answered: true,
        repeats: 1,
      });
      expect(action?.decided.balances[0]).toMatchObject({ scope: APP, reserved: 0n, allocated: 100n });
      expect(action?.authorized).toMatchObject({
        atMs: START_MS,
        scopePath: expect.stringContaining('workflow:s1'),
      });
      expect(action?.authorized.holds).toMatchObject([
        {
          unit: 'RISK_POINTS',
          amount: 20n,
          status: 'COMMITTED',
          endReason: 'outcome',
          charged: 20n,
          settledAtMs: START_MS + 900,
        },
        { unit: 'USD_MICROCENTS', amount: 300n, status: 'COMMITTED', charged: 300n },
      ]);
      expect(action?.authorized.holds[0]?.balancesHeld[0]).toMatchObject({ reserved: 20n, spent: 0n });
      expect(action?.authorized.holds[0]?.balancesSettled?.[0]).toMatchObject({ reserved: 0n, spent: 20n });
      expect(action?.outcome).toMatchObject({
        status: 'succeeded',
        atMs: START_MS + 900,
        httpStatus: 200,
        refunded: false,
      });
      expect(action?.carriedBy).toMatchObject({
        actorType: 'api_key',
        keyId: 'key_1',
        idempotencyKey: 'toolu_1',
      });
      expect(action?.ledger.hash).toMatch(/^[0-9a-f]{64}$/);
    });

    it('record a denial as carefully', async () => {
      const call = toolCall(acme.ledger, { sessionId: 's1', points: 500 });
      acme.ledger.run('acme', call);
      const action = await find(call.toolCallId);
      expect(action?.decided).toMatchObject({ decision: 'DENY', reasonCode: 'BUDGET_EXCEEDED' });
      expect(action?.decided.message).toContain('500 RISK_POINTS');
      expect(action?.authorized).toMatchObject({ atMs: null, holds: [] });
      expect(action?.outcome).toBeNull();
    });

    it('record a call that holds nothing, a preflight, a refused reserve and a refused commit', async () => {
      const free = toolCall(acme.ledger, { sessionId: 's1', points: 0 });
      acme.ledger.run('acme', free);
      expect((await find(free.toolCallId))?.authorized).toMatchObject({ atMs: START_MS, holds: [] });
      const decisionId = acme.ledger.decisionId();
      const request = {
        subject: { app: 'ide' },
        action: { kind: 'llm.completion', name: 'gpt' },
        estimate: { unit: 'TOKENS', amount: 5n },
        metadata: null,
      } as const;
      acme.ledger.run('acme', { type: 'Decide', operation: 'decide', decisionId, ...request });
      expect(await find(decisionId)).toMatchObject({
        proposed: { operation: 'decide' },
        decided: { decision: 'ALLOW' },
        authorized: { atMs: null },
      });
      expect(acme.reserve(5_000n).ruling).toBe('refused');
      expect(acme.commit('rsv_none' as never, 1n)).toBe('refused');
      await acme.models.caughtUp();
      const [commitRecord, reserveRecord] = (
        await new ActionQueries(acme.models.db).list({ tenantId: 'acme' }, { limit: 2 })
      ).items;
      expect(reserveRecord).toMatchObject({
        proposed: { operation: 'reserve' },
        decided: { decision: 'DENY', answered: false, reasonCode: 'BUDGET_EXCEEDED' },
      });
      expect(commitRecord).toMatchObject({
        proposed: { operation: 'commit' },
        authorized: { reservationId: 'rsv_none', atMs: null },
      });
    });

    it('make a plain reservation its own record, from hold to expiry', async () => {
      const { reservationId } = acme.reserve(7n);
      expect(await find(reservationId)).toMatchObject({
        proposed: { operation: 'reserve', sessionId: 'run-7', estimate: { unit: 'TOKENS', amount: 7n } },
        decided: { decision: 'ALLOW', balances: [{ scope: APP, reserved: 0n }] },
        authorized: { holds: [{ status: 'HELD', amount: 7n }] },
      });
      acme.ledger.nowMs += 65_000;
      acme.ledger.settleDue('acme');
      expect((await find(reservationId))?.authorized.holds).toMatchObject([
        { status: 'EXPIRED', endReason: 'expired', charged: 0n, released: 7n },
      ]);
    });

    it('commit a hold of the gate whose outcome never came, and release the rest with the tenant', async () => {
      const silent = toolCall(acme.ledger, { sessionId: 's1', points: 20 });
      acme.ledger.run('acme', silent);
      acme.ledger.nowMs += 3_600_000;
      acme.ledger.settleDue('acme');
      const open = toolCall(acme.ledger, { sessionId: 's1', points: 20 });
      acme.ledger.run('acme', open);
      acme.close();
      expect((await find(silent.toolCallId))?.authorized.holds).toMatchObject([
        { status: 'COMMITTED', endReason: 'timeout', charged: 20n },
      ]);
      expect((await find(open.toolCallId))?.authorized.holds).toMatchObject([
        { status: 'RELEASED', endReason: 'tenant_closed', charged: 0n },
      ]);
    });

    it('are listed by session, newest first, in stable pages', async () => {
      const calls = ['S1', 's1', 's2', 's1'].map((sessionId) =>
        toolCall(acme.ledger, { sessionId, points: 1 }),
      );
      for (const call of calls) acme.ledger.run('acme', call);
      await acme.models.caughtUp();
      const queries = new ActionQueries(acme.models.db);
      const first = await queries.list({ tenantId: 'acme', sessionId: 'S1' }, { limit: 2 });
      acme.ledger.run('acme', toolCall(acme.ledger, { sessionId: 's1', points: 1 }));
      await acme.models.caughtUp();
      const filter = { tenantId: 'acme', sessionId: 's1' };
      const second = await queries.list(filter, { limit: 2, cursor: first.nextCursor });
      const ids = [...first.items, ...second.items].map(({ actionId }) => actionId);
      expect(ids).toEqual([calls[3], calls[1], calls[0]].map((call) => call?.toolCallId as DecisionId));
      expect(second.nextCursor).toBeNull();
    });
  });
});
