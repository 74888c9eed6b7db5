/** One example of every event about policies, kinds and counters, for the golden bytes. */

import type { LedgerEvent, QuotaUse } from '../../src/domain/events.js';
import type { PolicyId, ScopePath } from '../../src/domain/ids.js';

const policyId = 'pol_01JDGGGGGGGGGGGGGGGGGGGGGG' as PolicyId;
const startMs = 1_795_305_600_000;

const quotas: readonly QuotaUse[] = [
  {
    scope: 'tenant:acme/agent:bot' as ScopePath,
    counted: 'risk:high_risk',
    window: 'per_day_tumbling',
    windowKey: '2026-11-22',
    used: 4,
    limit: 5,
    crossedBp: 8_000,
  },
  {
    scope: 'tenant:acme/agent:bot' as ScopePath,
    counted: 'kind:message.email.send',
    window: 'per_run',
    windowKey: 'run-7',
    filter: '{"hosts":["api.example.com"],"recipientDomains":[],"resourceTypes":[]}',
    used: 1,
    limit: 5,
    expiresAtMs: startMs,
  },
];

/** A decision or hold as it is under a policy, with the parts that are otherwise left out; none for other events. */
export function underPolicy(event: LedgerEvent): LedgerEvent[] {
  if (event.type === 'Reserved') return [{ ...event, data: { ...event.data, policyId, quotas } }];
  if (event.type === 'Committed') return [{ ...event, data: { ...event.data, quotas } }];
  if (event.type !== 'Decided') return [];
  const deny = {
    quotaViolation: {
      actionKind: 'code.exec',
      window: 'per_run',
      windowKey: 'run-7',
      used: 5,
      limit: 5,
      scope: 'tenant:acme' as ScopePath,
      policyId,
    },
    blockedByScope: 'tenant:acme' as ScopePath,
    blockedByPolicy: policyId,
    suggestedFix: '5',
    budgetRemaining: -9_007_199_254_740_993n,
  } as const;
  return [{ ...event, data: { ...event.data, deny, policyId, quotas, observed: true } }];
}

export const POLICY_EVENTS: readonly LedgerEvent[] = [
  {
    type: 'PolicyCreated',
    data: {
      policyId,
      name: 'support agents',
      description: null,
      scopePattern: 'tenant:acme/*',
      priority: 10,
      caps: { maxTokens: 4096, cooldownMs: 5 },
      overagePolicy: 'REJECT',
      ttl: { defaultTtlMs: 30_000, maxTtlMs: null, maxExtensions: 3 },
      rateLimits: { reservationsPerMinute: 60, commitsPerMinute: null },
      actionQuotas: [
        {
          actionKind: 'message.email.send',
          maxCalls: 5,
          window: 'per_run',
          runTtlMs: 86_400_000,
          thresholdBp: 8_000,
          hosts: ['api.example.com'],
          recipientDomains: [],
          resourceTypes: ['users'],
        },
      ],
      riskClassQuotas: [
        {
          riskClass: 'high_risk',
          maxCalls: 10,
          window: 'per_hour_tumbling',
          runTtlMs: 86_400_000,
          thresholdBp: 9_900,
        },
      ],
      allowedKinds: [],
      deniedKinds: ['payment.charge'],
      requiredLevels: ['agent'],
      degradation: [{ usedPercent: 80, caps: { maxStepsRemaining: 1 }, refusedRiskClasses: ['high_risk'] }],
      status: 'ACTIVE',
      effectiveFromMs: startMs,
      effectiveUntilMs: null,
    },
  },
  { type: 'PolicyUpdated', data: { policyId, changes: { priority: 11, caps: null, status: 'DISABLED' } } },
  { type: 'PolicyDeleted', data: { policyId } },
  {
    type: 'ActionKindDeclared',
    data: {
      kind: 'custom.acme.invoice.post',
      riskClass: 'external_side_effect',
      description: 'Posts an invoice.',
      policyKeySpec: { host: true, resourceType: 'invoice' },
      mcpToolPrefixes: ['invoice_'],
      deprecated: true,
      replacementKind: 'http.post',
    },
  },
  {
    type: 'QuotaCounterReset',
    data: {
      counters: [
        {
          scope: 'tenant:acme/agent:bot' as ScopePath,
          counted: 'kind:message.email.send',
          window: 'per_run',
          windowKey: 'run-7',
          filter: '',
          used: 5,
          limit: 5,
        },
      ],
      policyId,
      reason: 'counted twice',
    },
  },
];
