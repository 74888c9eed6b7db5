/** What it takes to put a harness behind the gate: a tenant, an action budget for its sessions, a key. */

import { textOf } from '../integrations/json.js';
import { type Connection, callServer, Refused } from './connection.js';
import { Complaint } from './terminal.js';

/** Opens the tenant; one that is there already, under whatever name, is fine. */
export async function ensureTenant(connection: Connection, tenantId: string, name: string): Promise<void> {
  const created = callServer(connection, 'POST', '/v1/admin/tenants', { tenant_id: tenantId, name });
  await created.catch(exceptConflict);
}

/** Gives every session of the app that many RISK_POINTS; a template that is there already stays as it is. */
export async function ensureSessionTemplate(
  connection: Connection,
  tenantId: string,
  app: string,
  points: number,
): Promise<void> {
  const template = {
    tenant_id: tenantId,
    scope_pattern: `tenant:${tenantId}/app:${app}/workflow:*`,
    unit: 'RISK_POINTS',
    allocated: { unit: 'RISK_POINTS', amount: points },
  };
  await callServer(connection, 'POST', '/admin/budget-templates', template).catch(exceptConflict);
}

function exceptConflict(error: unknown): void {
  if (!(error instanceof Refused) || error.status !== 409) throw error;
}

export interface HarnessKey {
  readonly tenantId: string;
  readonly name: string;
  /** The app that the key is fixed to; null fixes none. */
  readonly app: string | null;
  readonly trusted: boolean;
}

/** A key that can ask the gate and nothing else. Its secret is in this answer only. */
export async function issueHarnessKey(
  connection: Connection,
  key: HarnessKey,
): Promise<{ readonly keyId: string; readonly secret: string; readonly expiresAt: string | null }> {
  const answer = await callServer(connection, 'POST', '/admin/api-keys', {
    tenant_id: key.tenantId,
    name: key.name,
    permissions: ['reservations:create'],
    ...(key.app === null ? {} : { fixed_subject: { app: key.app } }),
    ...(key.trusted ? { trusted: true } : {}),
  });
  const keyId = textOf(answer, 'key_id');
  const secret = textOf(answer, 'key_secret');
  if (keyId === null || secret === null) throw new Complaint('the server issued a key but did not show it');
  return { keyId, secret, expiresAt: textOf(answer, 'expires_at') };
}
