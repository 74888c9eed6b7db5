/** What the simulated operators say in policies. */

import type { Command } from '../../src/domain/commands.js';
import type { PolicyRules, QuotaWindow } from '../../src/domain/events.js';
import type { PolicyId, TenantId } from '../../src/domain/ids.js';
import type { Random } from './random.js';

export const KINDS = ['llm.completion', 'db.query', 'message.email.send'] as const;
/** Runs have the most to go wrong in: they are given back. */
const WINDOWS: readonly QuotaWindow[] = [
  'per_run',
  'per_run',
  'per_run',
  'per_minute_tumbling',
  'per_hour_tumbling',
  'per_day_tumbling',
  'per_tenant_per_day',
];
/** Few, so that they are made anew, changed and deleted again and again. */
const NAMES = 6;
const MINUTE_MS = 60_000;

/** One of the few policies of a tenant is made, changed or deleted. Its id follows from its name. */
export function policing(random: Random, tenantId: TenantId, nowMs: number): () => Command {
  const name = `policy-${random.int(1, NAMES)}`;
  const policyId = `pol_${tenantId}_${name}` as PolicyId;
  const rules = rulesOf(random, { name, tenantId, nowMs });
  const what = random.weighted({ create: 5, update: 3, delete: 1 });
  if (what === 'delete') return () => ({ type: 'DeletePolicy', policyId });
  if (what === 'create') return () => ({ type: 'CreatePolicy', policyId, rules });
  const { scopePattern: _pattern, name: _name, ...changes } = rules;
  return () => ({ type: 'UpdatePolicy', policyId, changes });
}

function rulesOf(
  random: Random,
  { name, tenantId, nowMs }: { readonly name: string; readonly tenantId: TenantId; readonly nowMs: number },
): PolicyRules {
  const quota = () => ({
    maxCalls: random.int(1, 8),
    window: random.pick(WINDOWS),
    runTtlMs: random.pick([MINUTE_MS, 60 * MINUTE_MS]),
    thresholdBp: 8_000,
  });
  const actionQuotas = random.chance(0.7)
    ? [{ ...quota(), actionKind: random.pick(KINDS), hosts: [], recipientDomains: [], resourceTypes: [] }]
    : [];
  return {
    name,
    description: null,
    scopePattern: random.pick([
      `tenant:${tenantId}`,
      `tenant:${tenantId}/*`,
      `tenant:${tenantId}/app:*`,
      `tenant:${tenantId}/app:a1/*`,
      'agent:g1',
    ]),
    priority: random.int(0, 2),
    caps: random.chance(0.3) ? { maxTokens: random.int(1, 9) } : null,
    overagePolicy: null,
    ttl: null,
    rateLimits: null,
    actionQuotas,
    riskClassQuotas: random.chance(0.3)
      ? [{ ...quota(), riskClass: random.pick(['read_only', 'external_side_effect'] as const) }]
      : [],
    allowedKinds: [],
    deniedKinds: random.chance(0.3) ? [random.pick(KINDS)] : [],
    requiredLevels: [],
    degradation: [],
    status: random.chance(0.9) ? 'ACTIVE' : 'DISABLED',
    effectiveFromMs: random.chance(0.2) ? nowMs + random.int(0, 5 * MINUTE_MS) : null,
    effectiveUntilMs: random.chance(0.2) ? nowMs + random.int(6, 30) * MINUTE_MS : null,
  };
}
