/** What the folded state has let go: finished reservations and settled tool calls. */

import type { TenantId } from '../domain/ids.js';
import type { ReservationStatus } from '../domain/state.js';
import type { History, PastToolCall } from '../ports/history.port.js';
import type { ReadDatabase } from './database.js';

/** @param catchUp waits until the read models have what this process has appended */
export function createHistory(db: ReadDatabase, catchUp: () => Promise<void>): History {
  return {
    async reservation(id) {
      await catchUp();
      const row = await db
        .selectFrom('reservations')
        .select(['tenant_id', 'status'])
        .where('reservation_id', '=', id)
        .executeTakeFirst();
      return row ? { tenantId: row.tenant_id as TenantId, status: row.status as ReservationStatus } : null;
    },
    async toolCall(id) {
      await catchUp();
      const row = await db
        .selectFrom('actions')
        .select(['tenant_id', 'decision', 'outcome'])
        .where('action_id', '=', id)
        .where('operation', '=', 'tool_call')
        .executeTakeFirst();
      return row
        ? {
            tenantId: row.tenant_id as TenantId,
            decision: row.decision as PastToolCall['decision'],
            outcome: row.outcome,
          }
        : null;
    },
  };
}
