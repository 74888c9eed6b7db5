/** What the folded state no longer holds: finished reservations and settled tool calls, from read models. */

import type { DecisionId, ReservationId, TenantId } from '../domain/ids.js';
import type { ReservationStatus } from '../domain/state.js';

export interface PastReservation {
  readonly tenantId: TenantId;
  readonly status: ReservationStatus;
}

export interface PastToolCall {
  readonly tenantId: TenantId;
  readonly decision: 'ALLOW' | 'ALLOW_WITH_CAPS' | 'DENY' | 'PENDING';
  readonly outcome: string | null;
}

/** Every look-up first waits until the read model has reached everything this process has appended. */
export interface History {
  reservation(id: ReservationId): Promise<PastReservation | null>;
  toolCall(id: DecisionId): Promise<PastToolCall | null>;
}
