/** Refusals: every expected "no", in order of precedence. The first that applies wins. */

import type { DenyDetail } from './deny-detail.js';
import type { JsonObject } from './events.js';

/**
 * `transient`: the same request may succeed later (after funding, a period's end, a repaid debt).
 * `final`: it cannot. No refusal burns its idempotency key: only successful answers replay.
 */
export const REFUSALS = {
  key_unknown: 'final',
  key_revoked: 'final',
  key_expired: 'final',
  permission_missing: 'final',
  operator_only: 'final',
  scope_forbidden: 'final',
  tenant_not_found: 'final',
  reservation_not_found: 'final',
  tool_call_not_found: 'final',
  foreign_object: 'final',
  idempotency_mismatch: 'final',
  tool_call_settled: 'final',
  registry_changed: 'transient',
  tenant_closed: 'final',
  tenant_suspended: 'transient',
  request_invalid: 'final',
  gate_hold: 'final',
  reservation_finalized: 'final',
  reservation_expired: 'final',
  max_extensions_exceeded: 'final',
  unit_mismatch: 'final',
  tenant_exists: 'final',
  key_not_found: 'final',
  key_over: 'final',
  template_not_found: 'final',
  template_exists: 'final',
  budget_exists: 'final',
  policy_not_found: 'final',
  policy_exists: 'final',
  counter_not_found: 'final',
  period_open: 'transient',
  period_closed: 'final',
  registration_not_found: 'final',
  approval_not_found: 'final',
  approver_required: 'final',
  approver_forbidden: 'final',
  passkey_required: 'final',
  budget_not_found: 'transient',
  rate_limited: 'transient',
  self_protection: 'final',
  radius_refused: 'final',
  approval_rejected: 'final',
  approval_expired: 'transient',
  kind_denied: 'final',
  kind_not_allowed: 'final',
  quota_exceeded: 'transient',
  budget_closed: 'final',
  budget_frozen: 'transient',
  budget_not_frozen: 'final',
  over_limit: 'transient',
  debt_outstanding: 'transient',
  budget_exceeded: 'transient',
  overdraft_limit_exceeded: 'transient',
  amount_overflow: 'final',
  approval_unavailable: 'transient',
  approval_limit: 'transient',
  approval_required: 'transient',
} as const satisfies Record<string, 'transient' | 'final'>;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence that a person can act on; no secret, no other tenant's data. */
  readonly message: string;
  readonly details?: JsonObject;
  readonly deny?: DenyDetail;
}

export const refusal = (
  code: RefusalCode,
  message: string,
  details?: JsonObject,
  deny?: DenyDetail,
): Refusal => ({ code, message, ...(details && { details }), ...(deny && { deny }) });

export const isRefusal = (value: object): value is Refusal => 'code' in value && 'message' in value;

/** Reason codes on the wire (cycles-protocol-v0, DecisionReasonCode) where they are not the upper-cased code. */
const REASON_CODES: Partial<Record<RefusalCode, string>> = {
  over_limit: 'OVERDRAFT_LIMIT_EXCEEDED',
  scope_forbidden: 'FORBIDDEN',
  permission_missing: 'FORBIDDEN',
  foreign_object: 'FORBIDDEN',
  gate_hold: 'FORBIDDEN',
  request_invalid: 'INVALID_REQUEST',
  rate_limited: 'LIMIT_EXCEEDED',
  kind_denied: 'ACTION_KIND_DENIED',
  kind_not_allowed: 'ACTION_KIND_NOT_ALLOWED',
  quota_exceeded: 'ACTION_QUOTA_EXCEEDED',
};

export const reasonCodeOf = (code: RefusalCode): string => REASON_CODES[code] ?? code.toUpperCase();
