/** What is told of decisions, holds and charges: refusals, expiries, overage, and quotas that near their end. */

import { maxOf } from '../../domain/amount.js';
import type { DenyDetail } from '../../domain/deny-detail.js';
import type {
  Committed,
  CounterName,
  Decided,
  Operation,
  QuotaCounterReset,
  QuotaUse,
  RecordedEvent,
  Released,
} from '../../domain/events.js';
import type { Changes } from '../changes.js';
import { requireTenant } from '../projection.js';
import { chargeNotices, type Move, move, movesNotices } from './budgets.js';
import { correlationOf, counterCorrelation, type Notice } from './notice.js';

/** What asks for authority; a refused settlement or funding is told to whoever asked, and to nobody else. */
const ASKS: ReadonlySet<Operation> = new Set(['decide', 'reserve', 'debit', 'tool_call']);

export function decisionNotices(event: RecordedEvent, changes: Changes): readonly Notice[] | null {
  switch (event.type) {
    case 'Reserved':
      return withQuotas(event, event.data, movesNotices(move(event, event.data.balances, changes)));
    case 'Committed':
      return committed(event, changes);
    case 'Released':
      return released(event, changes);
    case 'Debited': {
      const { debitId, overagePolicy, balances } = event.data;
      return chargeNotices(move(event, balances, changes), debitId, overagePolicy);
    }
    case 'Adjusted':
      return chargeNotices(move(event, event.data.balances, changes), event.data.chargeId);
    case 'Decided':
      return withQuotas(event, event.data, decided(event));
    case 'QuotaCounterReset':
      return resets(event);
    default:
      return null;
  }
}

/** What a hold was is what its settlement takes from `reserved`, the same at every scope. */
function committed(event: RecordedEvent<Committed>, changes: Changes): readonly Notice[] {
  const { reservationId, unit, actual, balances } = event.data;
  const moves = move(event, balances, changes);
  const narrowest = moves.at(-1);
  const charged = chargeNotices(moves, reservationId);
  if (narrowest === undefined) return withQuotas(event, event.data, charged);
  const estimated = narrowest.before.reserved - narrowest.after.reserved;
  if (actual <= estimated) return withQuotas(event, event.data, charged);
  const overage: Notice = {
    type: 'reservation.commit_overage',
    scope: narrowest.after.scope,
    data: {
      reservation_id: reservationId,
      scope: narrowest.after.scope,
      unit,
      estimated_amount: estimated,
      actual_amount: actual,
      overage: actual - estimated,
      debt_incurred: mostDebt(moves),
    },
  };
  return withQuotas(event, event.data, [overage, ...charged]);
}

const mostDebt = (moves: readonly Move[]): bigint =>
  moves.reduce((most, { before, after }) => maxOf(most, after.debt - before.debt), 0n);

function released(event: RecordedEvent<Released>, changes: Changes): readonly Notice[] {
  const { reservationId, reason, unit, released: amount, balances } = event.data;
  const moves = movesNotices(move(event, balances, changes));
  if (reason !== 'expired') return moves;
  const scope = balances.at(-1)?.scope;
  const data = {
    reservation_id: reservationId,
    scope,
    unit,
    estimated_amount: amount,
    expired_at: event.metadata.occurredAt,
  };
  return [{ type: 'reservation.expired', ...(scope !== undefined && { scope }), data }, ...moves];
}

function decided(event: RecordedEvent<Decided>): readonly Notice[] {
  const { operation, observed, decision } = event.data;
  if (operation === 'observe' || observed === true) return [observedNotice(event)];
  return decision === 'DENY' && ASKS.has(operation) ? [deniedNotice(event)] : [];
}

function deniedNotice(event: RecordedEvent<Decided>): Notice {
  const { data } = event;
  const scope = scopeOf(event);
  return {
    type: 'reservation.denied',
    scope,
    correlationId: denialCorrelation(event),
    data: {
      scope,
      unit: data.estimate?.unit,
      reason_code: data.reasonCode ?? undefined,
      requested_amount: data.estimate?.amount,
      remaining: data.deny?.budgetRemaining,
      action: data.action ?? undefined,
      subject: data.subject ?? undefined,
      policy_id: data.policyId,
      deny_detail: data.deny && denyDetailOf(data.reasonCode, data.deny),
    },
  };
}

function observedNotice(event: RecordedEvent<Decided>): Notice {
  const { data } = event;
  const scope = scopeOf(event);
  const common = {
    scope,
    unit: data.estimate?.unit,
    action: data.action ?? undefined,
    subject: data.subject ?? undefined,
    estimated_amount: data.estimate?.amount,
    observe_mode: 'OBSERVE',
  };
  // A question to people would have held the call up as well.
  if (data.decision === 'DENY' || data.decision === 'PENDING') {
    const detail = denyDetailOf(data.reasonCode, data.deny ?? {});
    return {
      type: 'reservation.observed_denied',
      scope,
      correlationId: denialCorrelation(event),
      data: { ...common, deny_detail: detail, would_have_blocked_at: data.deny?.blockedByScope },
    };
  }
  const runId = data.subject?.dimensions?.['run_id'];
  return {
    type: 'reservation.observed_allowed',
    scope,
    ...(runId !== undefined && { correlationId: correlationOf(requireTenant(event), scope, runId) }),
    data: { ...common, decision: data.decision, caps_applied: capsOf(data.caps) },
  };
}

const capsOf = (caps: Decided['data']['caps']) =>
  caps === null
    ? undefined
    : {
        max_tokens: caps.maxTokens,
        max_steps_remaining: caps.maxStepsRemaining,
        tool_allowlist: caps.toolAllowlist,
        tool_denylist: caps.toolDenylist,
        cooldown_ms: caps.cooldownMs,
      };

const scopeOf = (event: RecordedEvent<Decided>): string =>
  event.data.deny?.blockedByScope ?? event.data.scopePath ?? `tenant:${requireTenant(event)}`;

/** A refusal by a quota hangs together with the quota's warnings; all others with the same refusal elsewhere. */
function denialCorrelation(event: RecordedEvent<Decided>): string {
  const { action, reasonCode, deny } = event.data;
  const tenantId = requireTenant(event);
  const quota = deny?.quotaViolation;
  if (quota !== undefined && event.data.operation !== 'observe' && event.data.observed !== true) {
    const counted = quota.riskClass ?? quota.actionKind;
    return counterCorrelation(tenantId, { ...quota, counted });
  }
  return correlationOf(
    tenantId,
    scopeOf(event),
    action?.kind ?? '',
    quota?.windowKey ?? '',
    reasonCode ?? '',
  );
}

const denyDetailOf = (reasonCode: string | null, deny: DenyDetail) => ({
  reason_code: reasonCode ?? 'APPROVAL_REQUIRED',
  quota_violation: deny.quotaViolation && {
    action_kind: deny.quotaViolation.actionKind,
    risk_class: deny.quotaViolation.riskClass,
    window: deny.quotaViolation.window,
    window_key: deny.quotaViolation.windowKey,
    used: deny.quotaViolation.used,
    limit: deny.quotaViolation.limit,
    scope: deny.quotaViolation.scope,
    policy_id: deny.quotaViolation.policyId,
  },
  blocked_by_scope: deny.blockedByScope,
  blocked_by_policy: deny.blockedByPolicy,
  suggested_fix: deny.suggestedFix,
  budget_remaining: deny.budgetRemaining,
});

/** With the warnings of the counters that reached their threshold by this event. */
function withQuotas(
  event: RecordedEvent,
  { quotas, policyId }: { readonly quotas?: readonly QuotaUse[]; readonly policyId?: string },
  notices: readonly Notice[],
): readonly Notice[] {
  if (quotas === undefined) return notices;
  const warnings = quotas.flatMap((use) =>
    use.crossedBp === undefined ? [] : [warning(event, use, { thresholdBp: use.crossedBp, policyId })],
  );
  return [...notices, ...warnings];
}

function warning(
  event: RecordedEvent,
  use: QuotaUse,
  { thresholdBp, policyId }: { readonly thresholdBp: number; readonly policyId: string | undefined },
): Notice {
  const tenantId = requireTenant(event);
  return {
    type: 'quota.threshold_approaching',
    scope: use.scope,
    correlationId: counterCorrelation(tenantId, { ...use, counted: countedName(use) }),
    data: {
      ...counterOf(use),
      used: use.used,
      limit: use.limit,
      threshold_pct: thresholdBp / 10_000,
      policy_id: policyId,
      tenant_id: tenantId,
    },
  };
}

function resets(event: RecordedEvent<QuotaCounterReset>): readonly Notice[] {
  const { counters, reason, policyId } = event.data;
  const tenantId = requireTenant(event);
  const { actor } = event.metadata;
  return counters.map((counter) => ({
    type: 'quota.counter_reset',
    scope: counter.scope,
    correlationId: counterCorrelation(tenantId, { ...counter, counted: countedName(counter) }),
    data: {
      ...counterOf(counter),
      previous_used: counter.used,
      limit: counter.limit,
      actor_id: actor.type === 'operator' ? actor.operatorId : 'admin',
      reason: reason ?? undefined,
      policy_id: policyId ?? undefined,
      tenant_id: tenantId,
    },
  }));
}

type Named = Pick<CounterName, 'scope' | 'counted' | 'window' | 'windowKey'>;

/** A kind, a risk class, or all reservations or commits, without the word before it. */
const countedName = ({ counted }: Named): string => counted.slice(counted.indexOf(':') + 1);

const counterOf = (counter: Named) => ({
  scope: counter.scope,
  ...(counter.counted.startsWith('risk:')
    ? { action_kind: '__risk__', risk_class: countedName(counter) }
    : { action_kind: countedName(counter) }),
  window: counter.window,
  window_key: counter.windowKey,
});
