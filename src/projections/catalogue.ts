/** Every read model there is. */

import { actionsProjection } from './actions/actions.projection.js';
import { approvalsProjection } from './approvals/approvals.projection.js';
import { balancesProjection } from './balances/balances.projection.js';
import { chargesProjection } from './charges/charges.projection.js';
import { directoryProjection } from './directory/directory.projection.js';
import { notificationsProjection } from './notifications/notifications.projection.js';
import { operatorLogProjection } from './operator-log/operator-log.projection.js';
import type { Projection } from './projection.js';
import { reservationsProjection } from './reservations/reservations.projection.js';
import { sessionsProjection } from './sessions/sessions.projection.js';

export const PROJECTIONS: readonly Projection[] = [
  directoryProjection,
  balancesProjection,
  reservationsProjection,
  actionsProjection,
  operatorLogProjection,
  approvalsProjection,
  sessionsProjection,
  notificationsProjection,
  chargesProjection,
];
