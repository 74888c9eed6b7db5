/** Decides about policies, custom action kinds and quota counters. Operators only. */

import { actionKind } from './action-kinds.js';
import { changedIn } from './changes.js';
import type {
  CreatePolicy,
  DeclareActionKind,
  DeletePolicy,
  ResetQuotaCounter,
  UpdatePolicy,
} from './commands.js';
import type { CounterName, PolicyRules } from './policy.events.js';
import { type Refusal, refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { scopePatternProblem } from './scope-pattern.js';
import { closedGuard } from './standing.js';
import type { Tenant, TenantState } from './state.js';

/** More than anybody writes, and few enough to be kept in memory and searched. */
const POLICIES_MAX = 1_000;
const KINDS_MAX = 1_000;

export function createPolicy({ command }: Request<CreatePolicy>, tenant: Tenant, state: TenantState): Ruling {
  const { policyId, rules } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const invalid =
    rulesProblem(rules, tenant, state) ?? roomGuard(state.policies.size, POLICIES_MAX, 'policies');
  if (invalid) return refuse(invalid);
  const taken = nameGuard(rules.name, null, state);
  if (taken) return refuse(taken);
  return accept({ type: 'PolicyCreated', data: { policyId, ...rules } });
}

/** Changes a policy from the next request on; counters go on counting. What is so already is not recorded again. */
export function updatePolicy({ command }: Request<UpdatePolicy>, tenant: Tenant, state: TenantState): Ruling {
  const { policyId } = command;
  const policy = state.policies.get(policyId);
  if (policy === undefined) return refuse(notFound(policyId));
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const changes = changedIn(policy, command.changes);
  const { policyId: _id, createdAtMs: _created, updatedAtMs: _updated, ...rules } = { ...policy, ...changes };
  const invalid = rulesProblem(rules, tenant, state);
  if (invalid) return refuse(invalid);
  const taken = nameGuard(rules.name, policyId, state);
  if (taken) return refuse(taken);
  return Object.keys(changes).length === 0
    ? accept()
    : accept({ type: 'PolicyUpdated', data: { policyId, changes } });
}

export function deletePolicy({ command }: Request<DeletePolicy>, tenant: Tenant, state: TenantState): Ruling {
  const { policyId } = command;
  if (state.policies.get(policyId) === undefined) return refuse(notFound(policyId));
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  return accept({ type: 'PolicyDeleted', data: { policyId } });
}

const notFound = (policyId: string): Refusal =>
  refusal('policy_not_found', `The policy ${policyId} does not exist.`);

function roomGuard(count: number, max: number, what: string): Refusal | null {
  return count < max
    ? null
    : refusal('request_invalid', `The tenant has ${max} ${what}, the most there can be.`);
}

function nameGuard(name: string, except: string | null, state: TenantState): Refusal | null {
  for (const policy of state.policies.values()) {
    if (policy.name === name && policy.policyId !== except) {
      return refusal('policy_exists', `A policy named ${name} exists.`, { policy_id: policy.policyId });
    }
  }
  return null;
}

/** What is wrong with rules as a whole; that each part is well-formed is checked before. */
function rulesProblem(rules: PolicyRules, { tenantId }: Tenant, state: TenantState): Refusal | null {
  const invalid = (field: string, message: string): Refusal => refusal('request_invalid', message, { field });
  const pattern = scopePatternProblem(rules.scopePattern, tenantId);
  if (pattern !== null) return invalid('scope_pattern', pattern);
  if (rules.allowedKinds.length > 0 && rules.deniedKinds.length > 0) {
    return invalid('denied_action_kinds', 'allowed_action_kinds and denied_action_kinds exclude each other.');
  }
  const { effectiveFromMs: from, effectiveUntilMs: until } = rules;
  if (from !== null && until !== null && until <= from) {
    return invalid('effective_until', 'effective_until must lie after effective_from.');
  }
  const { defaultTtlMs, maxTtlMs } = rules.ttl ?? { defaultTtlMs: null, maxTtlMs: null };
  if (defaultTtlMs !== null && maxTtlMs !== null && defaultTtlMs > maxTtlMs) {
    return invalid('reservation_ttl_override.default_ttl_ms', 'default_ttl_ms must not be above max_ttl_ms.');
  }
  const kind = undeclared(rules, state);
  if (kind !== undefined) return invalid('action_kind', `${kind} is not declared in this tenant.`);
  return twice(
    rules.actionQuotas.map((q) =>
      JSON.stringify([q.actionKind, q.window, q.hosts, q.recipientDomains, q.resourceTypes]),
    ),
  )
    ? invalid('action_quotas', 'action_quotas has two rules for the same kind, window and lists.')
    : twice(rules.riskClassQuotas.map((q) => `${q.riskClass} ${q.window}`))
      ? invalid('risk_class_quotas', 'risk_class_quotas has two rules for the same class and window.')
      : twice(rules.degradation.map((step) => `${step.usedPercent}`))
        ? invalid('degradation', 'degradation has two steps at the same share.')
        : null;
}

const twice = (names: readonly string[]): boolean => new Set(names).size < names.length;

function undeclared(rules: PolicyRules, state: TenantState): string | undefined {
  const named = [...rules.allowedKinds, ...rules.deniedKinds, ...rules.actionQuotas.map((q) => q.actionKind)];
  return named.find((kind) => kind.startsWith('custom.') && !state.kinds.has(kind));
}

/** Declares a kind under `custom.` (cycles-action-kinds, CUSTOM.* NAMESPACE RULES), or declares it anew. */
export function declareActionKind(
  { command }: Request<DeclareActionKind>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { declared } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const known = state.kinds.get(declared.kind);
  const full = known === undefined ? roomGuard(state.kinds.size, KINDS_MAX, 'custom kinds') : null;
  if (full) return refuse(full);
  const { replacementKind } = declared;
  if (
    replacementKind !== null &&
    actionKind(replacementKind) === undefined &&
    !state.kinds.has(replacementKind)
  ) {
    return refuse(
      refusal('request_invalid', `replacement_kind ${replacementKind} is not a known kind.`, {
        field: 'replacement_kind',
      }),
    );
  }
  const isSame = known !== undefined && Object.keys(changedIn(known, declared)).length === 0;
  return isSame ? accept() : accept({ type: 'ActionKindDeclared', data: declared });
}

/** Sets a counter back to nothing (cycles-action-kinds, ActionQuotaCounterResetRequest); narrowed ones with it. */
export function resetQuotaCounter(
  { command, nowMs }: Request<ResetQuotaCounter>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { reason } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const counters = [...state.counters.values()].filter(
    (counter) => counter.expiresAtMs > nowMs && isNamed(counter, command),
  );
  const [first] = counters;
  if (first === undefined) {
    return refuse(refusal('counter_not_found', `There is no such counter at ${command.scope}.`));
  }
  return accept({
    type: 'QuotaCounterReset',
    data: {
      counters: counters.map(
        ({ expiresAtMs: _over, runTtlMs: _ttl, lastUsedAtMs: _last, ...counter }) => counter,
      ),
      policyId: null,
      reason,
    },
  });
}

const isNamed = (counter: CounterName, { scope, counted, window, windowKey }: ResetQuotaCounter): boolean =>
  counter.scope === scope &&
  counter.counted === counted &&
  counter.window === window &&
  counter.windowKey === windowKey;
