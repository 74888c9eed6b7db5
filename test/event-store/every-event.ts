/** One example of every event, each optional part present somewhere, for the golden bytes. */

import type {
  BalanceAfter,
  EventMetadata,
  EventType,
  LedgerEvent,
  PolicyKeys,
} from '../../src/domain/events.js';
import type {
  DebitId,
  DecisionId,
  KeyId,
  ReservationId,
  ScopePath,
  TemplateId,
  TenantId,
} from '../../src/domain/ids.js';
import { APPROVAL_EVENTS } from './approval-events.js';
import { CHANNEL_EVENTS } from './channel-events.js';
import { CLOSING_EVENTS } from './closing-events.js';
import { OPERATOR_EVENTS } from './operator-events.js';
import { POLICY_EVENTS } from './policy-events.js';
import { REGISTRY_EVENTS } from './registry-events.js';

const tenant = 'tenant:acme' as ScopePath;
const app = 'tenant:acme/app:ide' as ScopePath;
const session = 'tenant:acme/app:ide/workflow:run-7' as ScopePath;
const reservationId = 'rsv_01JDAAAAAAAAAAAAAAAAAAAAAA' as ReservationId;
const decisionId = 'dec_01JDBBBBBBBBBBBBBBBBBBBBBB' as DecisionId;
const keyId = 'key_01JDCCCCCCCCCCCCCCCCCCCCCC' as KeyId;
const templateId = 'tpl_01JDDDDDDDDDDDDDDDDDDDDDDD' as TemplateId;
const startMs = 1_795_305_600_000;
const day = { length: 'daily', startMs, endMs: startMs + 86_400_000 } as const;

const balance = (scope: ScopePath, spent: bigint, reserved = 0n): BalanceAfter => ({
  scope,
  unit: 'RISK_POINTS',
  allocated: 9_223_372_036_854_775_807n,
  spent,
  reserved,
  debt: 3n,
  overdraftLimit: 10n,
  uncovered: 1n,
});

const action = {
  kind: 'infra.volume.delete',
  name: 'Shell',
  tags: ['gate'],
  policy_keys: { team: '42' } as PolicyKeys,
};
const subject = { tenant: 'acme', app: 'ide', workflow: 'run-7', dimensions: { cost_center: '0042' } };
const metadata = { digits: '123', nested: { amount: '7', list: ['9007199254740993'] }, accent: 'é' };

const opening: LedgerEvent[] = [
  {
    type: 'TenantOpened',
    data: {
      tenantId: 'acme' as TenantId,
      name: 'Acme',
      parentTenantId: null,
      settings: {
        overagePolicy: 'ALLOW_IF_AVAILABLE',
        defaultTtlMs: 60_000,
        maxTtlMs: 3_600_000,
        maxExtensions: 10,
        expiryPolicy: 'AUTO_RELEASE',
      },
      metadata: { amount: '12' },
    },
  },
  {
    type: 'TenantUpdated',
    data: { name: 'Acme Inc', settings: { maxTtlMs: 7_200_000 }, metadata: { amount: '13' } },
  },
  { type: 'TenantSuspended', data: { reason: 'unpaid' } },
  { type: 'TenantReactivated', data: { reason: null } },
  { type: 'TenantClosed', data: { reason: '12' } },
  {
    type: 'ApiKeyIssued',
    data: {
      keyId,
      secretHash: 'ab'.repeat(32),
      prefix: 'cyc_live_ab',
      name: 'harness',
      description: null,
      permissions: ['reservations:create'],
      scopeFilter: ['tenant:acme/app:ide'],
      fixedSubject: { app: 'ide' },
      trusted: false,
      ownerOperatorId: null,
      expiresAtMs: startMs,
      metadata,
    },
  },
  {
    type: 'ApiKeyUpdated',
    data: {
      keyId,
      changes: {
        name: 'harness two',
        description: null,
        permissions: ['reservations:create', 'reservations:commit'],
        scopeFilter: ['tenant:acme/app:cli'],
        fixedSubject: { app: 'cli' },
        trusted: true,
        ownerOperatorId: 'opr_01JDEEEEEEEEEEEEEEEEEEEEEE',
        expiresAtMs: startMs + 1,
        metadata,
      },
    },
  },
  { type: 'ApiKeyRevoked', data: { keyId, reason: 'leaked' } },
];

const budgets: LedgerEvent[] = [
  {
    type: 'BudgetCreated',
    data: {
      ledgerId: 'led_1',
      scope: session,
      unit: 'RISK_POINTS',
      allocated: 100n,
      overdraftLimit: 0n,
      overagePolicy: null,
      rolloverPolicy: 'NONE',
      period: day,
      template: templateId,
      metadata,
      balances: [balance(session, 0n)],
    },
  },
  {
    type: 'BudgetFunded',
    data: {
      scope: tenant,
      unit: 'USD_MICROCENTS',
      operation: 'RESET_SPENT',
      amount: 9_007_199_254_740_993n,
      spent: -5n,
      repaid: 2n,
      reason: null,
      metadata,
      before: balance(tenant, 7n),
      balances: [balance(tenant, 0n)],
    },
  },
  {
    type: 'BudgetUpdated',
    data: {
      scope: app,
      unit: 'RISK_POINTS',
      changes: {
        overagePolicy: null,
        rolloverPolicy: 'CARRY_FORWARD',
        period: { length: 'custom', startMs, endMs: startMs + 1 },
        metadata,
      },
      balances: [balance(app, 0n)],
    },
  },
  { type: 'BudgetFrozen', data: { scope: app, unit: 'TOKENS', reason: '1' } },
  { type: 'BudgetUnfrozen', data: { scope: app, unit: 'TOKENS', reason: null } },
  { type: 'BudgetClosed', data: { scope: session, unit: 'RISK_POINTS', reason: 'idle' } },
  {
    type: 'BudgetRolledOver',
    data: { scope: app, unit: 'RISK_POINTS', period: day, spentBefore: 480n, balances: [balance(app, 0n)] },
  },
  {
    type: 'BudgetTemplateDefined',
    data: {
      templateId,
      scopePattern: 'tenant:acme/**/workflow:*',
      unit: 'RISK_POINTS',
      allocated: 100n,
      overdraftLimit: 0n,
      rolloverPolicy: 'NONE',
      period: 'daily',
      shipped: true,
    },
  },
  { type: 'BudgetTemplateRetired', data: { templateId } },
];

const decisions: LedgerEvent[] = [
  {
    type: 'Decided',
    data: {
      decisionId,
      operation: 'tool_call',
      decision: 'DENY',
      answered: true,
      reasonCode: 'BUDGET_EXCEEDED',
      message: 'Deleting a volume costs 500 risk points and the session has 100.',
      subject,
      action,
      estimate: { unit: 'USD_MICROCENTS', amount: 12n },
      reservationId: null,
      scopePath: session,
      affectedScopes: [tenant, app, session],
      caps: { maxTokens: 5, toolDenylist: ['Shell'] },
      metadata,
      details: { required: 500 },
      repeats: 1,
      gate: {
        harness: 'cursor',
        sessionId: 'run-7',
        tool: { name: 'Shell', server: null, input: { command: 'railway volume delete', amount: '500' } },
        inputTruncated: false,
        inputDigest: 'cd'.repeat(32),
        cwd: '/repo',
        context: { environment: 'production' },
        files: [{ path: 'body.json', sha256: 'ef'.repeat(32), bytes: 120 }],
        assessment: {
          actionKind: 'infra.volume.delete',
          riskClass: 'high_risk',
          tier: 4,
          riskPoints: 500,
          effects: [
            {
              verb: 'delete',
              target: 'railway volume 3d2c42fb',
              radius: 'system',
              reversible: false,
              tier: 4,
              points: 500,
              actionKind: 'infra.volume.delete',
              riskClass: 'high_risk',
              environment: 'unknown',
              reason: 'A volume and its backups go together.',
              span: { source: 'input.command', start: 0, end: 21 },
            },
          ],
          factors: [{ name: 'radius', value: 10, reason: 'a whole system' }],
          radius: 'system',
          opaque: false,
          selfProtection: false,
          engineVersion: '1',
        },
        actionHash: '01'.repeat(32),
        session: balance(session, 0n),
        holds: [{ reservationId, unit: 'RISK_POINTS', amount: 5n, expiresAtMs: startMs }],
      },
      balances: [balance(session, 0n)],
    },
  },
  {
    type: 'Reserved',
    data: {
      reservationId,
      subject,
      action,
      unit: 'RISK_POINTS',
      amount: 5n,
      scopePath: session,
      affectedScopes: [tenant, app, session],
      heldScopes: [app, session],
      createdAtMs: startMs,
      expiresAtMs: startMs + 60_000,
      gracePeriodMs: 5_000,
      overagePolicy: 'ALLOW_WITH_OVERDRAFT',
      caps: null,
      metadata,
      toolCallId: decisionId,
      balances: [balance(app, 0n, 5n), balance(session, 0n, 5n)],
    },
  },
  {
    type: 'Committed',
    data: {
      reservationId,
      reason: 'outcome',
      unit: 'RISK_POINTS',
      actual: 7n,
      charged: 5n,
      released: 0n,
      metrics: { tokens_input: 12, model_version: '4' },
      metadata: null,
      balances: [balance(app, 5n), balance(session, 5n)],
    },
  },
  {
    type: 'Released',
    data: {
      reservationId,
      reason: 'expired',
      note: '5',
      unit: 'RISK_POINTS',
      released: 5n,
      balances: [balance(session, 0n)],
    },
  },
  {
    type: 'Extended',
    data: {
      reservationId,
      extendByMs: 90_000,
      previousExpiresAtMs: startMs + 60_000,
      expiresAtMs: startMs + 120_000,
      gracePeriodMs: 5_000,
      extension: 2,
      metadata,
    },
  },
  {
    type: 'Debited',
    data: {
      debitId: 'evt_01JDFFFFFFFFFFFFFFFFFFFFFF' as DebitId,
      subject,
      action,
      unit: 'RISK_POINTS',
      actual: 9_007_199_254_740_993n,
      charged: 5n,
      scopePath: session,
      affectedScopes: [tenant, app, session],
      chargedScopes: [app],
      overagePolicy: 'ALLOW_IF_AVAILABLE',
      metrics: { latency_ms: 7 },
      clientTimeMs: startMs,
      metadata,
      balances: [balance(app, 5n)],
    },
  },
  {
    type: 'Adjusted',
    data: {
      chargeId: reservationId,
      unit: 'RISK_POINTS',
      delta: -2n,
      charged: 3n,
      reason: '5',
      metadata,
      balances: [balance(app, 3n)],
    },
  },
  {
    type: 'Corrected',
    data: {
      scope: app,
      unit: 'RISK_POINTS',
      reason: 'a wrong import',
      before: balance(app, 3n),
      balances: [balance(app, 9n)],
    },
  },
  {
    type: 'OutcomeRecorded',
    data: {
      toolCallId: decisionId,
      status: 'failed',
      httpStatus: 500,
      exitCode: null,
      error: '12',
      outputSha256: null,
      refunded: false,
      settled: [{ reservationId, unit: 'RISK_POINTS', charged: 5n, released: 0n }],
    },
  },
];

export const EVERY_EVENT: readonly LedgerEvent[] = [
  ...opening,
  ...budgets,
  ...decisions,
  ...POLICY_EVENTS,
  ...CLOSING_EVENTS,
  ...REGISTRY_EVENTS,
  ...OPERATOR_EVENTS,
  ...APPROVAL_EVENTS,
  ...CHANNEL_EVENTS,
];

/** The metadata of the examples, with every field in use. */
export const EXAMPLE_METADATA: Omit<EventMetadata, 'hash' | 'previousHash'> = {
  schema: 1,
  occurredAt: '2026-11-22T12:00:00.000Z',
  actor: { type: 'api_key', keyId },
  sourceIp: '192.0.2.7',
  userAgent: 'cycles-client/1.0',
  requestId: 'req-1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  traceFlags: '01',
  idempotencyKey: '42',
  requestHash: '23'.repeat(32),
  causationId: null,
};

/** The event types in the order of the examples. */
export const EVERY_TYPE: readonly EventType[] = EVERY_EVENT.map(({ type }) => type);
