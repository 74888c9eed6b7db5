/** The one map from refusals to HTTP: a status, and the error code of each plane of the protocol. */

import type { RefusalCode } from '../domain/refusals.js';

/** `runtime`: /v1 and /gate; `governance`: /v1/admin and /admin, whose error codes differ. */
export type Plane = 'runtime' | 'governance';

/** Error codes of the runtime plane (cycles-protocol-v0, ErrorCode, and its extension 0.1.26). */
export type RuntimeCode =
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BUDGET_EXCEEDED'
  | 'BUDGET_FROZEN'
  | 'BUDGET_CLOSED'
  | 'RESERVATION_EXPIRED'
  | 'RESERVATION_FINALIZED'
  | 'IDEMPOTENCY_MISMATCH'
  | 'UNIT_MISMATCH'
  | 'OVERDRAFT_LIMIT_EXCEEDED'
  | 'DEBT_OUTSTANDING'
  | 'MAX_EXTENSIONS_EXCEEDED'
  | 'LIMIT_EXCEEDED'
  | 'TENANT_CLOSED'
  | 'ACTION_QUOTA_EXCEEDED'
  | 'ACTION_KIND_NOT_ALLOWED'
  | 'ACTION_KIND_DENIED'
  | 'INTERNAL_ERROR';

/** Error codes that only the governance plane knows (cycles-governance-admin-v0.1.25, ErrorCode). */
export type GovernanceCode =
  | Exclude<RuntimeCode, 'MAX_EXTENSIONS_EXCEEDED'>
  | 'TENANT_NOT_FOUND'
  | 'TENANT_SUSPENDED'
  | 'BUDGET_NOT_FOUND'
  | 'POLICY_VIOLATION'
  | 'INSUFFICIENT_PERMISSIONS'
  | 'KEY_REVOKED'
  | 'KEY_EXPIRED'
  | 'DUPLICATE_RESOURCE';

export type ErrorCode = RuntimeCode | GovernanceCode;

interface Mapping {
  readonly status: number;
  readonly runtime: RuntimeCode;
  /** Where it differs from the runtime's. */
  readonly governance?: GovernanceCode;
}

const STATUS: Readonly<Record<RefusalCode, Mapping>> = {
  key_unknown: { status: 401, runtime: 'UNAUTHORIZED' },
  key_revoked: { status: 401, runtime: 'UNAUTHORIZED', governance: 'KEY_REVOKED' },
  key_expired: { status: 401, runtime: 'UNAUTHORIZED', governance: 'KEY_EXPIRED' },
  permission_missing: { status: 403, runtime: 'FORBIDDEN', governance: 'INSUFFICIENT_PERMISSIONS' },
  operator_only: { status: 403, runtime: 'FORBIDDEN', governance: 'INSUFFICIENT_PERMISSIONS' },
  scope_forbidden: { status: 403, runtime: 'FORBIDDEN' },
  tenant_not_found: { status: 404, runtime: 'NOT_FOUND', governance: 'TENANT_NOT_FOUND' },
  reservation_not_found: { status: 404, runtime: 'NOT_FOUND' },
  tool_call_not_found: { status: 404, runtime: 'NOT_FOUND' },
  foreign_object: { status: 403, runtime: 'FORBIDDEN' },
  idempotency_mismatch: { status: 409, runtime: 'IDEMPOTENCY_MISMATCH' },
  registry_changed: { status: 409, runtime: 'INVALID_REQUEST' },
  tool_call_settled: { status: 409, runtime: 'RESERVATION_FINALIZED' },
  tenant_closed: { status: 409, runtime: 'TENANT_CLOSED' },
  tenant_suspended: { status: 403, runtime: 'FORBIDDEN', governance: 'TENANT_SUSPENDED' },
  request_invalid: { status: 400, runtime: 'INVALID_REQUEST' },
  gate_hold: { status: 403, runtime: 'FORBIDDEN' },
  reservation_finalized: { status: 409, runtime: 'RESERVATION_FINALIZED' },
  reservation_expired: { status: 410, runtime: 'RESERVATION_EXPIRED' },
  max_extensions_exceeded: { status: 409, runtime: 'MAX_EXTENSIONS_EXCEEDED' },
  unit_mismatch: { status: 400, runtime: 'UNIT_MISMATCH' },
  tenant_exists: { status: 409, runtime: 'INVALID_REQUEST', governance: 'DUPLICATE_RESOURCE' },
  key_not_found: { status: 404, runtime: 'NOT_FOUND' },
  key_over: { status: 409, runtime: 'INVALID_REQUEST', governance: 'KEY_REVOKED' },
  template_not_found: { status: 404, runtime: 'NOT_FOUND' },
  template_exists: { status: 409, runtime: 'INVALID_REQUEST', governance: 'DUPLICATE_RESOURCE' },
  budget_exists: { status: 409, runtime: 'INVALID_REQUEST', governance: 'DUPLICATE_RESOURCE' },
  budget_not_found: { status: 404, runtime: 'NOT_FOUND', governance: 'BUDGET_NOT_FOUND' },
  policy_not_found: { status: 404, runtime: 'NOT_FOUND' },
  policy_exists: { status: 409, runtime: 'INVALID_REQUEST', governance: 'DUPLICATE_RESOURCE' },
  counter_not_found: { status: 404, runtime: 'NOT_FOUND' },
  period_open: { status: 409, runtime: 'INVALID_REQUEST' },
  period_closed: { status: 409, runtime: 'INVALID_REQUEST' },
  registration_not_found: { status: 404, runtime: 'NOT_FOUND' },
  rate_limited: { status: 429, runtime: 'LIMIT_EXCEEDED' },
  self_protection: { status: 403, runtime: 'FORBIDDEN' },
  radius_refused: { status: 403, runtime: 'FORBIDDEN' },
  kind_denied: { status: 409, runtime: 'ACTION_KIND_DENIED' },
  kind_not_allowed: { status: 409, runtime: 'ACTION_KIND_NOT_ALLOWED' },
  quota_exceeded: { status: 409, runtime: 'ACTION_QUOTA_EXCEEDED' },
  budget_closed: { status: 409, runtime: 'BUDGET_CLOSED' },
  budget_frozen: { status: 409, runtime: 'BUDGET_FROZEN' },
  budget_not_frozen: { status: 409, runtime: 'INVALID_REQUEST' },
  over_limit: { status: 409, runtime: 'OVERDRAFT_LIMIT_EXCEEDED' },
  debt_outstanding: { status: 409, runtime: 'DEBT_OUTSTANDING' },
  budget_exceeded: { status: 409, runtime: 'BUDGET_EXCEEDED' },
  overdraft_limit_exceeded: { status: 409, runtime: 'OVERDRAFT_LIMIT_EXCEEDED' },
  amount_overflow: { status: 400, runtime: 'INVALID_REQUEST' },
  approval_unavailable: { status: 403, runtime: 'FORBIDDEN' },
  approval_limit: { status: 429, runtime: 'LIMIT_EXCEEDED' },
  approval_required: { status: 403, runtime: 'FORBIDDEN' },
  approval_rejected: { status: 403, runtime: 'FORBIDDEN' },
  approval_expired: { status: 403, runtime: 'FORBIDDEN' },
  approval_not_found: { status: 404, runtime: 'NOT_FOUND' },
  approver_required: { status: 403, runtime: 'FORBIDDEN', governance: 'INSUFFICIENT_PERMISSIONS' },
  approver_forbidden: { status: 403, runtime: 'FORBIDDEN', governance: 'INSUFFICIENT_PERMISSIONS' },
  passkey_required: { status: 403, runtime: 'FORBIDDEN', governance: 'INSUFFICIENT_PERMISSIONS' },
};

/** Status and error code of a refusal on a plane. */
export function statusOf(code: RefusalCode, plane: Plane): { status: number; code: ErrorCode } {
  const { status, runtime, governance } = STATUS[code];
  return { status, code: plane === 'governance' ? (governance ?? runtime) : runtime };
}

/** The plane whose error codes a path speaks. */
export const planeOfUrl = (path: string): Plane =>
  path.startsWith('/v1/admin/') || path.startsWith('/admin/') ? 'governance' : 'runtime';
