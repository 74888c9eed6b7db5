/** Decides about holding authority: preflight, dry run, reserve. */

import { checkScopeFilter, withFixedLevels } from './access.js';
import type { Debit, Decide, Reserve } from './commands.js';
import type { Decided, OveragePolicy, Reserved } from './events.js';
import { evaluateHold, type FittingHold, type RefusedHold } from './holds.js';
import { replayOf } from './idempotency.js';
import type { ScopePath } from './ids.js';
import { isRefusal, type Refusal, reasonCodeOf, refusal } from './refusals.js';
import { accept, isRuling, type Request, type Ruling, refuse } from './ruling.js';
import { tenantGuard } from './standing.js';
import type { ApiKey, Tenant, TenantState } from './state.js';
import { budgetKey, deriveScopes, type Subject } from './subject.js';

const DEFAULT_GRACE_MS = 5_000;

/** A subject inside the tenant, with the key's fixed levels, and its scopes. */
export interface Placed {
  readonly subject: Subject;
  readonly scopes: readonly ScopePath[];
  readonly path: ScopePath;
}

/** The tenant of the key, fixed levels, scope filter: where in the tenant a request acts. */
export function place(subject: Subject, tenant: Tenant, key: ApiKey | undefined): Placed | Refusal {
  if (subject.tenant !== undefined && subject.tenant !== tenant.tenantId) {
    return refusal('scope_forbidden', 'subject.tenant is not the tenant of the API key.', {
      field: 'subject.tenant',
    });
  }
  const effective = withFixedLevels(subject, key);
  if (isRefusal(effective)) return effective;
  const scopes = deriveScopes(effective, tenant.tenantId);
  const path = scopes.at(-1) ?? (`tenant:${tenant.tenantId}` as ScopePath);
  return (key && checkScopeFilter(key, path)) ?? { subject: effective, scopes, path };
}

/** Where a request to hold or to charge acts; or its ruling already, when it was answered before or the tenant cannot. */
export function placeToAct(
  request: Request<Reserve | Debit>,
  tenant: Tenant,
  state: TenantState,
): Placed | Ruling {
  const placed = place(request.command.subject, tenant, keyOf(request, state));
  if (isRefusal(placed)) return refuse(placed);
  const replay = replayOf(request);
  if (replay) return replay;
  const unavailable = tenantGuard(tenant);
  return unavailable ? refuse(unavailable) : placed;
}

export const keyOf = (request: Request, state: TenantState): ApiKey | undefined =>
  request.origin.actor.type === 'api_key' ? state.keys.get(request.origin.actor.keyId) : undefined;

/**
 * Reserve (cycles-protocol-v0, createReservation): the guards in their order, then one hold over all
 * budgeted scopes, in one append with the budgets that templates open.
 */
export function reserve(request: Request<Reserve>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const placed = placeToAct(request, tenant, state);
  if (isRuling(placed)) return placed;
  const { unit, amount } = command.estimate;
  const hold = evaluateHold({ scopes: placed.scopes, unit, amount, nowMs }, state);
  if (hold.kind === 'refused') return refuse(hold.refusal);

  // It fits at every scope: from here the reservation must succeed.
  return accept(...hold.opened, reserved(command, placed, hold, { tenant, state, nowMs }));
}

function reserved(
  command: Reserve,
  placed: Placed,
  hold: FittingHold,
  { tenant, state, nowMs }: { tenant: Tenant; state: TenantState; nowMs: number },
): Reserved {
  const { defaultTtlMs, maxTtlMs } = tenant.settings;
  const ttlMs = Math.min(command.ttlMs ?? defaultTtlMs, maxTtlMs);
  return {
    type: 'Reserved',
    data: {
      reservationId: command.reservationId,
      subject: placed.subject,
      action: command.action,
      unit: command.estimate.unit,
      amount: command.estimate.amount,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      heldScopes: hold.heldScopes,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + ttlMs,
      gracePeriodMs: command.gracePeriodMs ?? DEFAULT_GRACE_MS,
      overagePolicy:
        command.overagePolicy ?? overageDefault(hold.heldScopes, command.estimate.unit, tenant, state),
      caps: null,
      metadata: command.metadata,
      toolCallId: null,
      balances: hold.after,
    },
  };
}

/** Of the budgets that hold, the most specific one with a policy of its own decides, then the tenant. */
export function overageDefault(
  heldScopes: readonly ScopePath[],
  unit: Reserved['data']['unit'],
  tenant: Tenant,
  state: TenantState,
): OveragePolicy {
  for (const scope of [...heldScopes].reverse()) {
    const policy = state.budgets.get(budgetKey(scope, unit))?.overagePolicy;
    if (policy) return policy;
  }
  return tenant.settings.overagePolicy;
}

/**
 * Preflight and dry run: the same guards as a live reserve, answered as a decision and recorded, with nothing
 * held and nothing opened. A wrong unit stays a request error.
 */
export function preflight(request: Request<Decide>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const placed = place(command.subject, tenant, keyOf(request, state));
  if (isRefusal(placed)) return refuse(placed);
  const replay = replayOf(request);
  if (replay) return replay;
  const unavailable = tenantGuard(tenant);
  if (unavailable)
    return accept(preflightAnswer(command, placed, { kind: 'refused', refusal: unavailable, before: [] }));
  const { unit, amount } = command.estimate;
  const hold = evaluateHold({ scopes: placed.scopes, unit, amount, nowMs }, state);
  if (hold.kind === 'refused' && hold.refusal.code === 'unit_mismatch') return refuse(hold.refusal);
  return accept(preflightAnswer(command, placed, hold));
}

function preflightAnswer(command: Decide, placed: Placed, hold: FittingHold | RefusedHold): Decided {
  const denied = hold.kind === 'refused' ? hold.refusal : null;
  return {
    type: 'Decided',
    data: {
      decisionId: command.decisionId,
      operation: command.operation,
      decision: denied ? 'DENY' : 'ALLOW',
      answered: true,
      reasonCode: denied ? reasonCodeOf(denied.code) : null,
      message: denied?.message ?? null,
      subject: placed.subject,
      action: command.action,
      estimate: command.estimate,
      reservationId: null,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      caps: null,
      metadata: command.metadata,
      details: denied?.details ?? null,
      repeats: 1,
      gate: null,
      balances: hold.before,
    },
  };
}
