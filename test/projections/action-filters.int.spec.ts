/** The audit record's filters: each finds what it is about, and nothing else. */

import type { DebitId } from '../../src/domain/ids.js';
import { type ActionFilter, ActionQueries } from '../../src/projections/actions/actions.queries.js';
import { InvalidCursor } from '../../src/projections/page.js';
import { type Acme, APP, openAcme, TENANT } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor, START_MS } from './ledger.js';

const TRACE = 'b'.repeat(32);
const REFUSED = { reasonCode: 'BUDGET_EXCEEDED', tier: 3, toolName: 'Query' } as const;

onEveryDatabase(() => {
  describe('the audit record', () => {
    let acme: Acme;
    const ids = new Map<string, string>();

    /** One tool call that is allowed and run, one that is denied, one reservation and one charge. */
    beforeAll(async () => {
      acme = await openAcme();
      const { ledger } = acme;
      ledger.run('acme', createBudget(APP, 100n, { unit: 'RISK_POINTS' }));
      ledger.run('acme', createBudget(TENANT, 1_000n));
      ledger.run('acme', issueKey('key_1', 'aa'));
      const calm = toolCall(ledger, { sessionId: 'S1', points: 0 });
      ledger.run('acme', calm, { actor: keyActor('key_1') });
      ledger.run('acme', outcomeOf(ledger, calm.toolCallId, 'failed'), { actor: keyActor('key_1') });
      ledger.nowMs += 1_000;
      const wild = toolCall(ledger, { sessionId: 's2', points: 500 });
      const record = {
        ...wild.record,
        harness: 'codex',
        tool: { name: 'Query', server: 'db', input: { sql: 'DROP TABLE "Executives" -- 100%' } },
      };
      ledger.run('acme', { ...wild, record }, { actor: keyActor('key_1'), traceId: TRACE });
      ledger.nowMs += 1_000;
      const { reservationId } = acme.reserve(30n);
      ledger.nowMs += 1_000;
      const debitId = ledger.mint('evt') as DebitId;
      ledger.run('acme', {
        type: 'Debit',
        debitId,
        decisionId: ledger.decisionId(),
        subject: {
          app: 'ide',
          workspace: 'West',
          toolset: 'Web',
          dimensions: { team: 'B', cost: '{"team":"a"}' },
        },
        action: { kind: 'llm.completion', name: 'Big-Model' },
        actual: { unit: 'TOKENS', amount: 9n },
        overagePolicy: 'REJECT',
        metrics: null,
        clientTimeMs: null,
        metadata: null,
      });
      for (const [name, id] of Object.entries({
        calm: calm.toolCallId,
        wild: wild.toolCallId,
        reservationId,
        debitId,
      }))
        ids.set(id, name);
      await acme.models.caughtUp();
    });
    afterAll(() => acme.models.close());

    const find = async (filter: ActionFilter) => {
      const { items } = await new ActionQueries(acme.models.db).list(filter, { limit: 50 });
      return items.map(({ actionId }) => ids.get(actionId));
    };

    it.each<readonly [ActionFilter, readonly string[]]>([
      [{}, ['debitId', 'reservationId', 'wild', 'calm']],
      [{ tenantId: 'acme' }, ['debitId', 'reservationId', 'wild', 'calm']],
      [{ tenantId: 'other' }, []],
      [{ sessionId: 's1' }, ['calm']],
      [{ workspace: 'west' }, ['debitId']],
      [{ app: 'IDE' }, ['debitId', 'reservationId', 'wild', 'calm']],
      [{ agent: 'Claude' }, ['wild', 'calm']],
      [{ toolset: 'web' }, ['debitId']],
      [{ dimension: { key: 'team', value: 'a' } }, ['reservationId']],
      [{ dimension: { key: 'team', value: 'b' } }, ['debitId']],
      [{ dimension: { key: 'tea_', value: 'a' } }, []],
      [{ operation: 'debit' }, ['debitId']],
      [{ decision: 'DENY' }, ['wild']],
      [{ reasonCode: 'BUDGET_EXCEEDED' }, ['wild']],
      [{ policyId: 'pol_none' }, []],
      [{ tier: 0 }, ['calm']],
      [{ tier: 3 }, ['wild']],
      [{ actionKind: 'llm.completion' }, ['debitId', 'reservationId']],
      [{ toolName: 'Query' }, ['wild']],
      [{ toolServer: 'db' }, ['wild']],
      [{ harness: 'cursor' }, ['calm']],
      [{ keyId: 'key_1' }, ['wild', 'calm']],
      [{ operatorId: 'opr_1' }, []],
      [{ approverId: 'opr_1' }, []],
      [{ outcome: 'failed' }, ['calm']],
      [{ outcome: 'none' }, ['debitId', 'reservationId', 'wild']],
      [{ traceId: TRACE }, ['wild']],
      [{ fromMs: START_MS + 1_000, untilMs: START_MS + 3_000 }, ['reservationId', 'wild']],
      [{ tenantId: 'acme', untilMs: START_MS + 1_000 }, ['calm']],
      [{ tenantId: 'acme', untilMs: START_MS }, []],
      [{ text: 'drop table "exec' }, ['wild']],
      [{ text: '100%' }, ['wild']],
      [{ text: '1_0%' }, []],
      [{ text: 'update users' }, ['calm']],
      [{ text: 'big-model' }, ['debitId']],
      [{ tenantId: 'acme', decision: 'DENY', tier: 3, text: 'EXECUTIVES' }, ['wild']],
      [{ traceId: TRACE, tenantId: 'acme', sessionId: 's2', ...REFUSED }, ['wild']],
      [{ traceId: TRACE, tenantId: 'acme', sessionId: 's1', ...REFUSED }, []],
      [{ tenantId: 'acme', sessionId: 'S2', ...REFUSED }, ['wild']],
      [{ sessionId: 's1', tier: 3 }, []],
      [{ tenantId: 'acme', ...REFUSED, toolName: 'Shell' }, []],
    ])('finds %j', async (filter, expected) => {
      expect(await find(filter)).toEqual(expected);
    });

    it('shows what a charge without a reservation moved', async () => {
      const [debit] = (await new ActionQueries(acme.models.db).list({ operation: 'debit' }, { limit: 1 }))
        .items;
      expect(debit?.authorized.holds).toMatchObject([
        { status: 'COMMITTED', endReason: 'debit', amount: 0n, actual: 9n, charged: 9n },
      ]);
    });

    it('gives out cursors for one question and one direction only', async () => {
      const queries = new ActionQueries(acme.models.db);
      const { nextCursor: cursor } = await queries.list({ tenantId: 'acme' }, { limit: 1 });
      await expect(queries.list({ app: 'ide' }, { limit: 1, cursor })).rejects.toThrow(InvalidCursor);
      await expect(queries.list({ tenantId: 'acme' }, { limit: 1, cursor }, 'asc')).rejects.toThrow(
        InvalidCursor,
      );
    });
  });
});
