/** The event types that may be asked for: all of the protocol's, also those that nothing here gives rise to. */

import { NOTICE_TYPES } from '../../projections/notifications/notifications.queries.js';

export const EVENT_TYPES: readonly string[] = [
  ...NOTICE_TYPES,
  'budget.burn_rate_anomaly',
  'reservation.denial_rate_spike',
  'reservation.expiry_rate_spike',
  'webhook.created',
  'webhook.updated',
  'webhook.paused',
  'webhook.resumed',
  'webhook.disabled',
  'webhook.deleted',
  'webhook.disabled_via_tenant_cascade',
  'api_key.expired',
  'api_key.auth_failure_rate_spike',
  'system.store_connection_lost',
  'system.store_connection_restored',
  'system.high_latency',
  'system.webhook_delivery_failed',
  'system.webhook_test',
];
