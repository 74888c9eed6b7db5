/** Decides about ending a hold: commit and release. */

import { checkScopeFilter } from './access.js';
import { rateGuard } from './admission.js';
import { assert } from './assertions.js';
import type { Commit, Extend, Release } from './commands.js';
import type { Committed, JsonObject, QuotaUse, Released } from './events.js';
import { replayOf } from './idempotency.js';
import { type SettledScope, type Settlement, settle } from './overage.js';
import { keyOf } from './placement.js';
import { rateCharge, useOf } from './quota.js';
import { isRefusal, type Refusal, refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import { type Budget, balanceOf, type Reservation, type Tenant, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

/** Commit (cycles-protocol-v0, commitReservation): settles the hold at the actual amount. */
export function commit(request: Request<Commit>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const reservation = activeReservation(request, tenant, state);
  if (isRuling(reservation)) return reservation;
  const rate = commitRate(reservation, state, nowMs);
  if (isRefusal(rate)) return refuse(rate);
  const { unit, amount } = reservation.held;
  if (command.actual.unit !== unit) {
    return refuse(
      refusal('unit_mismatch', `The reservation is held in ${unit}, not in ${command.actual.unit}.`, {
        scope: reservation.scopePath,
        requested_unit: command.actual.unit,
        expected_units: [unit],
      }),
    );
  }
  const settlement = settle(
    settledScopes(reservation, state),
    amount,
    command.actual.amount,
    reservation.overagePolicy,
  );
  if (isRefusal(settlement)) return refuse(settlement);
  const { metrics, metadata } = command;
  return accept(
    committed(reservation, settlement, {
      reason: 'client',
      actual: command.actual.amount,
      metrics,
      metadata,
      quotas: rate,
    }),
  );
}

/** The rate limit on commits of the policy that applies now, as the counter it uses; none where there is none. */
function commitRate(
  { affectedScopes }: Reservation,
  state: TenantState,
  nowMs: number,
): readonly QuotaUse[] | Refusal {
  const applied = state.policies.applying(affectedScopes, nowMs);
  const limit = applied?.policy.rateLimits?.commitsPerMinute;
  if (!applied || !limit) return [];
  const charge = rateCharge('commits', limit, applied, state, nowMs);
  return rateGuard(charge, applied, nowMs) ?? [useOf(charge)];
}

/** Release (cycles-protocol-v0, releaseReservation): gives the whole hold back. */
export function release(request: Request<Release>, tenant: Tenant, state: TenantState): Ruling {
  const reservation = activeReservation(request, tenant, state);
  if (isRuling(reservation)) return reservation;
  const reason = request.origin.actor.type === 'api_key' ? 'client' : 'forced';
  return accept(released(reservation, state, reason, request.command.reason));
}

export const isRuling = (value: Reservation | Ruling): value is Ruling => 'kind' in value;

/**
 * The reservation a request settles or extends, or why it cannot: exists → within the key's scopes → earlier
 * answer → tenant closed → the gate's own → finalized or expired.
 */
export function activeReservation(
  request: Request<Commit | Release | Extend>,
  tenant: Tenant,
  state: TenantState,
): Reservation | Ruling {
  const { command, prior } = request;
  const reservation = state.reservations.get(command.reservationId);
  const isKnown = reservation !== undefined || prior.reservation !== null || prior.answer !== null;
  if (!isKnown) {
    return refuse(
      refusal('reservation_not_found', `The reservation ${command.reservationId} does not exist.`),
    );
  }
  const key = keyOf(request, state);
  const forbidden = key && reservation && checkScopeFilter(key, reservation.scopePath);
  if (forbidden) return refuse(forbidden);
  const replay = replayOf(request);
  if (replay) return replay;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  if (reservation === undefined) return refuse(overRefusal(command.reservationId, prior.reservation));
  if (reservation.toolCallId !== null) {
    return refuse(
      refusal(
        'gate_hold',
        `The reservation is held by the gate for ${reservation.toolCallId}; report its outcome instead.`,
      ),
    );
  }
  return reservation;
}

function overRefusal(reservationId: string, status: Request['prior']['reservation']): Refusal {
  return status === 'EXPIRED'
    ? refusal('reservation_expired', `The reservation ${reservationId} has expired.`)
    : refusal('reservation_finalized', `The reservation ${reservationId} is ${status ?? 'finalized'}.`);
}

/** The budgets that hold a reservation. Each is there: a held budget is neither removed nor retired. */
function heldBudgets(reservation: Reservation, state: TenantState): Budget[] {
  return reservation.heldScopes.map((scope) => {
    const budget = state.budgets.get(budgetKey(scope, reservation.held.unit));
    assert(budget !== undefined, 'a held budget is missing from the state');
    return budget;
  });
}

export const settledScopes = (reservation: Reservation, state: TenantState): SettledScope[] =>
  heldBudgets(reservation, state).map((budget) => ({ balance: budget, frozen: budget.status === 'FROZEN' }));

export function committed(
  reservation: Reservation,
  settlement: Settlement,
  how: {
    readonly reason: Committed['data']['reason'];
    readonly actual: bigint;
    readonly metrics: JsonObject | null;
    readonly metadata: JsonObject | null;
    readonly quotas?: readonly QuotaUse[];
  },
): Committed {
  const { charged, released: returned, balances } = settlement;
  return {
    type: 'Committed',
    data: {
      reservationId: reservation.reservationId,
      reason: how.reason,
      unit: reservation.held.unit,
      actual: how.actual,
      charged,
      released: returned,
      metrics: how.metrics,
      metadata: how.metadata,
      balances,
      ...(how.quotas && how.quotas.length > 0 && { quotas: how.quotas }),
    },
  };
}

export function released(
  reservation: Reservation,
  state: TenantState,
  reason: Released['data']['reason'],
  note: string | null,
): Released {
  const { unit, amount } = reservation.held;
  return {
    type: 'Released',
    data: {
      reservationId: reservation.reservationId,
      reason,
      note,
      unit,
      released: amount,
      balances: heldBudgets(reservation, state).map((budget) =>
        balanceOf({ ...budget, reserved: budget.reserved - amount }),
      ),
    },
  };
}
