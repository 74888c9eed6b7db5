/** An evaluation on the wire. */

import type { Evaluation } from '../../commands/evaluate.command.js';
import type { Check, Explanation } from '../../domain/explanation.js';
import { reasonCodeOf } from '../../domain/refusals.js';
import { isoOf } from '../ledger.dto.js';
import { capsOf } from '../runtime/common.dto.js';
import { assessmentAnswer } from './answer.js';

/** The decision first, then each check in its order, then every policy and why it does or does not apply. */
export function evaluationAnswer(tenantId: string, { explanation, assessment }: Evaluation): object {
  const { decision, reasonCode, message, deny, caps, affectedScopes, ttl } = explanation;
  const decides = explanation.checks.find(({ refusal }) => refusal !== null);
  return {
    tenant_id: tenantId,
    decision,
    ...(reasonCode !== null && { reason_code: reasonCode }),
    ...(message !== null && { message }),
    ...(deny?.suggestedFix !== undefined && { suggested_fix: deny.suggestedFix }),
    ...(caps !== null && { caps: capsOf(caps) }),
    affected_scopes: affectedScopes,
    ...(ttl !== null && {
      ttl: { default_ttl_ms: ttl.defaultTtlMs, max_ttl_ms: ttl.maxTtlMs, max_extensions: ttl.maxExtensions },
    }),
    checks: explanation.checks.map((each) => checkAnswer(each, each === decides)),
    policies: policiesAnswer(explanation),
    ...(assessment !== null && { assessment: assessmentAnswer(assessment) }),
  };
}

const checkAnswer = ({ name, refusal, facts }: Check, decides: boolean): object => ({
  check: name,
  verdict: refusal === null ? 'passed' : 'refused',
  decides,
  ...(refusal !== null && { reason_code: reasonCodeOf(refusal.code), message: refusal.message }),
  facts,
});

const policiesAnswer = ({ policies }: Explanation): object[] =>
  policies.map(({ policy, scope, verdict }) => ({
    policy_id: policy.policyId,
    name: policy.name,
    scope_pattern: policy.scopePattern,
    priority: policy.priority,
    status: policy.status,
    ...(policy.effectiveFromMs !== null && { effective_from: isoOf(policy.effectiveFromMs) }),
    ...(policy.effectiveUntilMs !== null && { effective_until: isoOf(policy.effectiveUntilMs) }),
    covers: scope,
    verdict,
  }));
