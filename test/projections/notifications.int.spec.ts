/** Notifications: what each ledger event gives rise to, whatever the pages of events were. */

import type { Command } from '../../src/domain/commands.js';
import type { DebitId, KeyId, PolicyId, ReservationId, ScopePath } from '../../src/domain/ids.js';
import { NotificationQueries } from '../../src/projections/notifications/notifications.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor, SETTINGS } from './ledger.js';

onEveryDatabase(() => {
  describe('notifications', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
    });
    afterEach(() => acme.models.close());

    const run = (command: Command, origin = {}) => acme.ledger.run('acme', command, origin);
    const told = async () => {
      await acme.models.caughtUp();
      const queries = new NotificationQueries(acme.models.db);
      return (await queries.list({}, { limit: 100 }, { direction: 'asc' })).items;
    };
    /** What is told of everything that happens from now on, as type and payload. */
    const since = async () => {
      const before = (await told()).length;
      return async () =>
        (await told()).slice(before).map(({ eventType, data }) => [eventType, data] as const);
    };
    const typesOf = (notices: readonly (readonly [string, unknown])[]) => notices.map(([type]) => type);
    const fund = (operation: 'CREDIT' | 'DEBIT' | 'RESET' | 'REPAY_DEBT' | 'RESET_SPENT', amount: bigint) =>
      run({
        type: 'FundBudget',
        decisionId: acme.ledger.decisionId(),
        scope: APP,
        unit: 'TOKENS',
        operation,
        amount,
        spent: null,
        reason: 'month',
        metadata: {},
      });
    const debit = (actual: bigint, overagePolicy: 'REJECT' | 'ALLOW_WITH_OVERDRAFT' = 'REJECT') =>
      run({
        type: 'Debit',
        debitId: acme.ledger.mint('evt') as DebitId,
        decisionId: acme.ledger.decisionId(),
        subject: { app: 'ide' },
        action: { kind: 'llm.completion', name: 'gpt' },
        actual: { unit: 'TOKENS', amount: actual },
        overagePolicy,
        metrics: null,
        clientTimeMs: null,
        metadata: null,
      });

    it('tell of a tenant, with who did it and in which request', async () => {
      run({ type: 'UpdateTenant', changes: { name: 'A' }, status: null, reason: null });
      const changes = { settings: { ...SETTINGS, maxExtensions: 3 } };
      run({ type: 'UpdateTenant', changes, status: null, reason: null });
      run({ type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null });
      run({ type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null });
      const notices = await told();
      expect(notices.map(({ eventType }) => eventType)).toEqual([
        'tenant.created',
        'tenant.updated',
        'tenant.settings_changed',
        'tenant.suspended',
        'tenant.reactivated',
      ]);
      expect(notices[0]).toMatchObject({
        category: 'tenant',
        tenantId: 'acme',
        scope: 'tenant:acme',
        actor: { type: 'admin', source_ip: '192.0.2.7' },
        requestId: 'req-1',
        traceId: 'a'.repeat(32),
        data: { tenant_id: 'acme', new_status: 'ACTIVE', changed_fields: [] },
      });
      expect(notices[1]?.data).toEqual({ tenant_id: 'acme', changed_fields: ['name'] });
      expect(notices[2]?.data['changed_fields']).toContain('max_reservation_extensions');
      expect(notices[4]?.data).toMatchObject({ previous_status: 'SUSPENDED', new_status: 'ACTIVE' });
    });

    it('tell of keys and policies by their names', async () => {
      const news = await since();
      run(issueKey('key_1', 'aa'));
      const keyId = 'key_1' as KeyId;
      run({ type: 'UpdateApiKey', keyId, changes: { name: 'robot' } });
      run({ type: 'UpdateApiKey', keyId, changes: { permissions: ['balances:read'] } });
      run({ type: 'RevokeApiKey', keyId, reason: null });
      expect(await news()).toEqual([
        [
          'api_key.created',
          { key_id: keyId, key_name: 'harness', new_status: 'ACTIVE', permissions: ['reservations:create'] },
        ],
        ['api_key.permissions_changed', { key_id: keyId, key_name: 'robot', permissions: ['balances:read'] }],
        [
          'api_key.revoked',
          { key_id: keyId, key_name: 'robot', previous_status: 'ACTIVE', new_status: 'REVOKED' },
        ],
      ]);
    });

    it('tell of a budget’s life, with what it was before', async () => {
      const news = await since();
      run(createBudget(APP, 1_000n));
      fund('CREDIT', 100n);
      fund('DEBIT', 50n);
      fund('RESET', 2_000n);
      fund('RESET_SPENT', 2_000n);
      run({ type: 'FreezeBudget', scope: APP, unit: 'TOKENS', reason: 'fraud' });
      run({ type: 'UnfreezeBudget', scope: APP, unit: 'TOKENS', reason: null });
      run({
        type: 'UpdateBudget',
        scope: APP,
        unit: 'TOKENS',
        overdraftLimit: 5n,
        changes: { metadata: { n: 1 } },
      });
      const notices = await news();
      expect(typesOf(notices)).toEqual([
        'budget.created',
        'budget.funded',
        'budget.debited',
        'budget.reset',
        'budget.reset_spent',
        'budget.frozen',
        'budget.unfrozen',
        'budget.updated',
      ]);
      expect(notices[1]?.[1]).toMatchObject({
        scope: APP,
        unit: 'TOKENS',
        operation: 'CREDIT',
        previous_state: { allocated: 1_000n, remaining: 1_000n, status: 'ACTIVE' },
        new_state: { allocated: 1_100n, remaining: 1_100n },
        reason: 'month',
      });
      expect(notices[5]?.[1]).toMatchObject({
        operation: 'STATUS_CHANGE',
        previous_state: { status: 'ACTIVE' },
        new_state: { status: 'FROZEN' },
        reason: 'fraud',
      });
    });

    it('tell of each threshold once in each direction, and of a budget that is used up', async () => {
      run(createBudget(APP, 100n));
      const news = await since();
      const first = acme.reserve(79n).reservationId;
      acme.reserve(1n);
      acme.reserve(5n);
      acme.reserve(15n);
      acme.release(first);
      const notices = await news();
      expect(notices.map(([type, data]) => [type, data['threshold'], data['direction']])).toEqual([
        ['budget.threshold_crossed', 0.8, 'rising'],
        ['budget.threshold_crossed', 0.95, 'rising'],
        ['budget.threshold_crossed', 1, 'rising'],
        ['budget.exhausted', 1, 'rising'],
        ['budget.threshold_crossed', 0.8, 'falling'],
        ['budget.threshold_crossed', 0.95, 'falling'],
        ['budget.threshold_crossed', 1, 'falling'],
      ]);
      expect(notices[0]?.[1]).toMatchObject({
        scope: APP,
        utilization: 0.8,
        allocated: 100n,
        reserved: 80n,
        spent: 0n,
        remaining: 20n,
      });
    });

    it('tell of a charge beyond its hold, of the debt it makes, and of a limit passed and kept again', async () => {
      run(createBudget(APP, 100n, { overdraftLimit: 50n }));
      const { reservationId } = acme.reserve(60n);
      const news = await since();
      acme.commit(reservationId, 70n);
      expect(await news()).toEqual([
        [
          'reservation.commit_overage',
          {
            reservation_id: reservationId,
            scope: APP,
            unit: 'TOKENS',
            estimated_amount: 60n,
            actual_amount: 70n,
            overage: 10n,
            debt_incurred: 0n,
          },
        ],
      ]);
      const later = await since();
      debit(70n, 'ALLOW_WITH_OVERDRAFT');
      run({ type: 'UpdateBudget', scope: APP, unit: 'TOKENS', overdraftLimit: 10n, changes: {} });
      fund('REPAY_DEBT', 40n);
      const notices = await later();
      expect(typesOf(notices)).toEqual([
        'budget.debt_incurred',
        'budget.threshold_crossed',
        'budget.threshold_crossed',
        'budget.threshold_crossed',
        'budget.exhausted',
        'budget.updated',
        'budget.over_limit_entered',
        'budget.debt_repaid',
        'budget.over_limit_exited',
      ]);
      expect(notices[0]?.[1]).toMatchObject({
        debt_incurred: 40n,
        total_debt: 40n,
        overdraft_limit: 50n,
        overage_policy: 'ALLOW_WITH_OVERDRAFT',
      });
      expect(notices[6]?.[1]).toMatchObject({ debt: 40n, is_over_limit: true, debt_utilization: 4 });
    });

    it('tell of a refusal with its reason, and say nothing of a dry run or a refused settlement', async () => {
      run(createBudget(APP, 10n));
      const news = await since();
      acme.reserve(11n);
      acme.commit('rsv_none' as ReservationId, 1n);
      const notices = await news();
      expect(typesOf(notices)).toEqual(['reservation.denied']);
      expect(notices[0]?.[1]).toMatchObject({
        scope: APP,
        unit: 'TOKENS',
        reason_code: 'BUDGET_EXCEEDED',
        requested_amount: 11n,
        remaining: 10n,
        action: { kind: 'llm.completion', name: 'gpt' },
        subject: { app: 'ide' },
        deny_detail: { reason_code: 'BUDGET_EXCEEDED', budget_remaining: 10n },
      });
      acme.reserve(12n);
      const correlations = (await told()).slice(-2).map(({ correlationId }) => correlationId);
      expect(correlations[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(correlations[0]).toBe(correlations[1]);
    });

    it('tell what would have been refused, or let through, where a tenant only observes', async () => {
      run(createBudget(APP, 50n, { unit: 'RISK_POINTS' }));
      run({
        type: 'UpdateTenant',
        changes: { settings: { observeMode: 'OBSERVE' } },
        status: null,
        reason: null,
      });
      const news = await since();
      run(toolCall(acme.ledger, { sessionId: 's', points: 20 }));
      run(toolCall(acme.ledger, { sessionId: 's', points: 500 }));
      const notices = await news();
      expect(notices).toMatchObject([
        [
          'reservation.observed_allowed',
          { observe_mode: 'OBSERVE', decision: 'ALLOW', estimated_amount: 20n },
        ],
        [
          'reservation.observed_denied',
          { observe_mode: 'OBSERVE', deny_detail: { reason_code: 'BUDGET_EXCEEDED' } },
        ],
      ]);
    });

    it('tell of a hold that nobody settled', async () => {
      run(createBudget(APP, 100n));
      const { reservationId } = acme.reserve(5n);
      const news = await since();
      acme.ledger.nowMs += 3_600_000;
      acme.ledger.settleDue('acme');
      expect(await news()).toMatchObject([
        ['reservation.expired', { reservation_id: reservationId, scope: APP, estimated_amount: 5n }],
      ]);
      expect((await told()).at(-1)?.actor).toMatchObject({ type: 'system' });
    });

    it('warn once of a quota, and tie its refusals and its reset to the warning', async () => {
      run(createBudget(APP, 1_000n));
      const policyId = 'pol_1' as PolicyId;
      run({
        type: 'CreatePolicy',
        policyId,
        rules: {
          name: 'few',
          description: null,
          scopePattern: APP,
          priority: 0,
          caps: null,
          overagePolicy: null,
          ttl: null,
          rateLimits: null,
          actionQuotas: [
            {
              actionKind: 'llm.completion',
              maxCalls: 2,
              window: 'per_day_tumbling',
              runTtlMs: 1_000,
              thresholdBp: 5_000,
              hosts: [],
              recipientDomains: [],
              resourceTypes: [],
            },
          ],
          riskClassQuotas: [],
          allowedKinds: [],
          deniedKinds: [],
          requiredLevels: [],
          degradation: [],
          status: 'ACTIVE',
          effectiveFromMs: null,
          effectiveUntilMs: null,
        },
      });
      run({ type: 'UpdatePolicy', policyId, changes: { name: 'fewer', priority: 2 } });
      const news = await since();
      for (const amount of [1n, 2n, 3n]) acme.reserve(amount);
      const notices = await news();
      expect(typesOf(notices)).toEqual(['quota.threshold_approaching', 'reservation.denied']);
      expect(notices[0]?.[1]).toMatchObject({
        scope: APP,
        action_kind: 'llm.completion',
        window: 'per_day_tumbling',
        window_key: '2026-03-01',
        used: 1,
        limit: 2,
        threshold_pct: 0.5,
        policy_id: 'pol_1',
      });
      const [warned, refused] = (await told()).slice(-2);
      expect(warned).toMatchObject({ category: 'policy', correlationId: refused?.correlationId });
      run({
        type: 'ResetQuotaCounter',
        scope: APP as ScopePath,
        counted: 'kind:llm.completion',
        window: 'per_day_tumbling',
        windowKey: '2026-03-01',
        reason: 'stuck',
      });
      run({ type: 'DeletePolicy', policyId });
      const [reset, deleted] = (await told()).slice(-2);
      expect(reset).toMatchObject({
        eventType: 'quota.counter_reset',
        correlationId: warned?.correlationId,
        data: { previous_used: 2, limit: 2, actor_id: 'admin', reason: 'stuck' },
      });
      expect(deleted).toMatchObject({
        eventType: 'policy.deleted',
        data: { policy_id: 'pol_1', name: 'fewer', scope_pattern: APP },
      });
      const updated = (await told()).find(({ eventType }) => eventType === 'policy.updated');
      expect(updated?.data['changed_fields']).toEqual(['name', 'priority']);
    });

    it('tell of everything that a closing tenant takes along, one by one and tied together', async () => {
      run(createBudget(APP, 100n));
      run(createBudget('tenant:acme', 100n));
      run(issueKey('key_1', 'aa'));
      run(issueKey('key_2', 'bb'));
      run({ type: 'RevokeApiKey', keyId: 'key_1' as KeyId, reason: null });
      acme.reserve(30n);
      const before = (await told()).length;
      acme.close();
      const notices = (await told()).slice(before);
      expect(notices.map(({ eventType }) => eventType)).toEqual([
        'tenant.closed',
        'reservation.released_via_tenant_cascade',
        'budget.closed_via_tenant_cascade',
        'reservation.released_via_tenant_cascade',
        'budget.closed_via_tenant_cascade',
        'api_key.revoked_via_tenant_cascade',
      ]);
      expect(notices[1]?.data).toMatchObject({
        scope: 'tenant:acme',
        prior_status: 'ACTIVE',
        released_amount: 30n,
      });
      expect(notices[5]?.data).toEqual({
        key_id: 'key_2',
        name: 'harness',
        prior_status: 'ACTIVE',
        new_status: 'REVOKED',
        cascade_reason: 'tenant_closed',
      });
      expect(new Set(notices.map(({ correlationId }) => correlationId)).size).toBe(1);
    });

    it('name the key that acted, and the operator who acts for a tenant', async () => {
      run(issueKey('key_1', 'aa'));
      run(createBudget(APP, 10n));
      run(toolCall(acme.ledger, { sessionId: 's', points: 20 }), { actor: keyActor('key_1') });
      const [budget, denied] = (await told()).slice(-2);
      expect(budget?.actor).toMatchObject({ type: 'admin_on_behalf_of' });
      expect(denied?.actor).toMatchObject({ type: 'api_key', key_id: 'key_1' });
    });
  });
});
