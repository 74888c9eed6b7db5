/** The tables that queries see: the live generation of every read model, and the snapshots. */

import type { Kysely } from 'kysely';
import type { actionHoldsTable, actionsTable } from './actions/actions.table.js';
import type { approvalAnswersTable, approvalsTable } from './approvals/approvals.table.js';
import type { balancesTable } from './balances/balances.table.js';
import type {
  chargeAdjustmentsTable,
  chargeDenialsTable,
  chargesTable,
  chargeTotalsTable,
  closedPeriodsTable,
} from './charges/charges.table.js';
import type { apiKeysTable, policiesTable, tenantsTable } from './directory/directory.table.js';
import type { notificationsTable } from './notifications/notifications.table.js';
import type { operatorLogTable } from './operator-log/operator-log.table.js';
import type { reservationsTable } from './reservations/reservations.table.js';
import type { sessionsTable } from './sessions/sessions.table.js';
import type { TableOf } from './table.js';

export interface ReadTables {
  balances: TableOf<typeof balancesTable>;
  reservations: TableOf<typeof reservationsTable>;
  tenants: TableOf<typeof tenantsTable>;
  api_keys: TableOf<typeof apiKeysTable>;
  policies: TableOf<typeof policiesTable>;
  actions: TableOf<typeof actionsTable>;
  action_holds: TableOf<typeof actionHoldsTable>;
  sessions: TableOf<typeof sessionsTable>;
  operator_log: TableOf<typeof operatorLogTable>;
  notifications: TableOf<typeof notificationsTable>;
  approvals: TableOf<typeof approvalsTable>;
  approval_answers: TableOf<typeof approvalAnswersTable>;
  charges: TableOf<typeof chargesTable>;
  charge_adjustments: TableOf<typeof chargeAdjustmentsTable>;
  charge_denials: TableOf<typeof chargeDenialsTable>;
  charge_totals: TableOf<typeof chargeTotalsTable>;
  closed_periods: TableOf<typeof closedPeriodsTable>;
}

export type ReadDatabase = Kysely<ReadTables>;
