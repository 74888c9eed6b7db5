/** Finds the policy that a quota counter belongs to. */

import type { Policy, PolicyBook } from '../domain/policy-book.js';
import { filterOf } from '../domain/quota.js';
import { compilePattern, covers } from '../domain/scope-pattern.js';
import type { Counter } from '../domain/state.js';

/** A counter belongs to a scope and outlives changes of policies: its policy is told only where there is one. */
export function policyOfCounter(counter: Counter, policies: PolicyBook): string | undefined {
  const [policy, ...others] = [...policies.values()].filter((each) => isCountedBy(each, counter));
  return others.length === 0 ? policy?.policyId : undefined;
}

function isCountedBy(policy: Policy, { counted, scope, window, filter }: Counter): boolean {
  const hasRule =
    policy.riskClassQuotas.some((rule) => `risk:${rule.riskClass}` === counted && rule.window === window) ||
    policy.actionQuotas.some(
      (rule) => `kind:${rule.actionKind}` === counted && rule.window === window && filterOf(rule) === filter,
    );
  // A tenant's day is counted at its root, wherever below the policy applies.
  return hasRule && (window === 'per_tenant_per_day' || covers(compilePattern(policy.scopePattern), scope));
}
