/** One notification before it is a row: what is told, and how it hangs together with others. */

import { hash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';

/** The event types of the protocol (cycles-governance-admin-v0.1.25, EventType) that a ledger event gives rise to. */
export const NOTICE_TYPES = [
  'budget.created',
  'budget.updated',
  'budget.funded',
  'budget.debited',
  'budget.reset',
  'budget.reset_spent',
  'budget.debt_repaid',
  'budget.frozen',
  'budget.unfrozen',
  'budget.closed',
  'budget.closed_via_tenant_cascade',
  'budget.threshold_crossed',
  'budget.exhausted',
  'budget.over_limit_entered',
  'budget.over_limit_exited',
  'budget.debt_incurred',
  'reservation.denied',
  'reservation.expired',
  'reservation.commit_overage',
  'reservation.released_via_tenant_cascade',
  'reservation.observed_denied',
  'reservation.observed_allowed',
  'tenant.created',
  'tenant.updated',
  'tenant.suspended',
  'tenant.reactivated',
  'tenant.closed',
  'tenant.settings_changed',
  'api_key.created',
  'api_key.revoked',
  'api_key.revoked_via_tenant_cascade',
  'api_key.permissions_changed',
  'api_key.auth_failed',
  'policy.created',
  'policy.updated',
  'policy.deleted',
  'quota.threshold_approaching',
  'quota.counter_reset',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** The categories of the protocol (EventCategory). */
export const CATEGORIES = [
  'budget',
  'tenant',
  'api_key',
  'policy',
  'reservation',
  'system',
  'webhook',
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Notice {
  readonly type: NoticeType;
  readonly scope?: string;
  /** In the protocol's words; members that are undefined are left out, amounts are bigints. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly correlationId?: string;
}

/** Quotas are rules of policies; the protocol has no category of their own for them. */
export const categoryOf = (type: string): Category => {
  const [first = ''] = type.split('.');
  return first === 'quota' ? 'policy' : (first as Category);
};

/** The same for everything that has these parts in common, on every server (cycles-protocol-v0, CORRELATION AND TRACING). */
export const correlationOf = (...parts: readonly string[]): string =>
  hash('sha256', canonicalJson(parts)).slice(0, CORRELATION_LENGTH);

const CORRELATION_LENGTH = 32;

/** What a quota's warnings, refusals and resets have in common. */
export const counterCorrelation = (
  tenantId: string,
  counter: {
    readonly scope: string;
    readonly counted: string;
    readonly window: string;
    readonly windowKey: string;
  },
): string => correlationOf(tenantId, counter.scope, counter.counted, counter.window, counter.windowKey);
