/** Decides about lengthening a hold. */

import type { Extend } from './commands.js';
import { refusal } from './refusals.js';
import { ttlLimits } from './reservation.decider.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { activeReservation, isRuling } from './settlement.decider.js';
import type { Tenant, TenantState } from './state.js';

/**
 * Extend (cycles-protocol-v0, extendReservation): only until the expiry, the grace being for settling. The new
 * expiry counts from the old one and lies at most the longest TTL (policy, else tenant) ahead of now; asked for more, it is
 * capped silently. It never comes nearer.
 */
export function extend(request: Request<Extend>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const reservation = activeReservation(request, tenant, state);
  if (isRuling(reservation)) return reservation;
  const { reservationId, expiresAtMs, dueAtMs, extensions } = reservation;
  if (nowMs > expiresAtMs) {
    return refuse(refusal('reservation_expired', `The reservation ${reservationId} has expired.`));
  }
  const applied = state.policies.applying(reservation.affectedScopes, nowMs);
  const { maxExtensions, maxTtlMs } = ttlLimits(applied?.policy ?? null, tenant);
  if (extensions >= maxExtensions) {
    return refuse(
      refusal('max_extensions_exceeded', `The reservation has been extended ${extensions} times.`, {
        max_extensions: maxExtensions,
      }),
    );
  }
  const wantedMs = Math.min(expiresAtMs + command.extendByMs, nowMs + maxTtlMs);
  return accept({
    type: 'Extended',
    data: {
      reservationId,
      extendByMs: command.extendByMs,
      previousExpiresAtMs: expiresAtMs,
      expiresAtMs: Math.max(wantedMs, expiresAtMs),
      gracePeriodMs: dueAtMs - expiresAtMs,
      extension: extensions + 1,
      metadata: command.metadata,
    },
  });
}
