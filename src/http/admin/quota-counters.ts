/** Renders quota counters. */

import { policyOfCounter } from '../../commands/counter-policy.js';
import type { PolicyBook } from '../../domain/policy-book.js';
import type { Counter } from '../../domain/state.js';
import { isoOf } from '../ledger.dto.js';
import { type QuotaCounterDto, RISK } from './quota-counter.dto.js';

/** Rate limits are counted as well, but are no quotas of actions. */
export const isQuotaCounter = ({ counted }: Counter): boolean => /^(kind|risk):/.test(counted);

export function quotaCounterOf(counter: Counter, policies: PolicyBook): QuotaCounterDto {
  const { counted, scope, window, windowKey, used, limit } = counter;
  const policyId = policyOfCounter(counter, policies);
  const name = counted.slice(counted.indexOf(':') + 1);
  return {
    ...(counted.startsWith('risk:') ? { action_kind: RISK, risk_class: name } : { action_kind: name }),
    scope,
    scope_path: scope,
    window,
    window_key: windowKey,
    used,
    limit,
    remaining: Math.max(0, limit - used),
    ...(policyId !== undefined && { policy_id: policyId }),
    expires_at: isoOf(counter.expiresAtMs),
    last_incremented_at: isoOf(counter.lastUsedAtMs),
  };
}
