/** Decides about tenants and their keys. */

import { canonicalJson } from './canonical-json.js';
import { changedIn } from './changes.js';
import type {
  ChangeTenantStatus,
  IssueApiKey,
  OpenTenant,
  RevokeApiKey,
  UpdateApiKey,
  UpdateTenant,
} from './commands.js';
import type { LedgerEvent, TenantChanges } from './events.js';
import { refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import type { Tenant, TenantState } from './state.js';

/** Opens the tenant. The same again changes nothing and is accepted; a different one is refused. */
export function openTenant({ command }: Request<OpenTenant>, state: TenantState): Ruling {
  const { tenantId, name, parentTenantId, settings, metadata } = command;
  const data = { tenantId, name, parentTenantId, settings, metadata };
  if (state.tenant === null) return accept({ type: 'TenantOpened', data });
  return isSameTenant(state.tenant, data)
    ? accept()
    : refuse(refusal('tenant_exists', `The tenant ${tenantId} exists with other properties.`));
}

const isSameTenant = (
  tenant: Tenant,
  asked: Pick<OpenTenant, 'name' | 'parentTenantId' | 'settings' | 'metadata'>,
) =>
  canonicalJson([tenant.name, tenant.parentTenantId, tenant.settings, tenant.metadata]) ===
  canonicalJson([asked.name, asked.parentTenantId, asked.settings, asked.metadata]);

/** Suspends, reactivates or closes. To ask for the status that holds changes nothing. */
export function changeTenantStatus({ command }: Request<ChangeTenantStatus>, tenant: Tenant): Ruling {
  const { status, reason } = command;
  return changeTenant(tenant, transitionTo(tenant, status, reason));
}

/** Changes properties and status together. What is so already is not recorded again. */
export function updateTenant({ command }: Request<UpdateTenant>, tenant: Tenant): Ruling {
  const { changes, status, reason } = command;
  const { settings = {}, ...others } = changes;
  const changed: TenantChanges = changedIn(tenant, others);
  const changedSettings = changedIn(tenant.settings, settings);
  const data =
    Object.keys(changedSettings).length === 0 ? changed : { ...changed, settings: changedSettings };
  const updated: LedgerEvent[] = Object.keys(data).length === 0 ? [] : [{ type: 'TenantUpdated', data }];
  const transition = status === null ? [] : transitionTo(tenant, status, reason);
  return changeTenant(tenant, [...updated, ...transition]);
}

/** A closed tenant stays as it is; to leave it so is no change. */
function changeTenant(tenant: Tenant, events: readonly LedgerEvent[]): Ruling {
  const closed = events.length === 0 ? null : closedGuard(tenant);
  return closed ? refuse(closed) : accept(...events);
}

function transitionTo(
  tenant: Tenant,
  status: ChangeTenantStatus['status'],
  reason: string | null,
): LedgerEvent[] {
  if (tenant.status === status) return [];
  const data = { reason };
  switch (status) {
    case 'CLOSED':
      return [{ type: 'TenantClosed', data }];
    case 'SUSPENDED':
      return [{ type: 'TenantSuspended', data }];
    case 'ACTIVE':
      return [{ type: 'TenantReactivated', data }];
  }
}

export function issueApiKey({ command, nowMs }: Request<IssueApiKey>, tenant: Tenant): Ruling {
  const { key } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  if (key.expiresAtMs <= nowMs)
    return refuse(refusal('request_invalid', 'expires_at must lie in the future.'));
  return accept({ type: 'ApiKeyIssued', data: key });
}

/** Revokes a key, at once and for good; a second time changes nothing. */
export function revokeApiKey({ command }: Request<RevokeApiKey>, tenant: Tenant, state: TenantState): Ruling {
  const { keyId, reason } = command;
  const key = state.keys.get(keyId);
  if (key === undefined) return refuse(refusal('key_not_found', `The API key ${keyId} does not exist.`));
  if (key.revokedAtMs !== null) return accept();
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  return accept({ type: 'ApiKeyRevoked', data: { keyId, reason } });
}

/** Changes what a key may do, from the next request on. One that is revoked or expired stays as it is. */
export function updateApiKey(
  { command, nowMs }: Request<UpdateApiKey>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { keyId } = command;
  const key = state.keys.get(keyId);
  if (key === undefined) return refuse(refusal('key_not_found', `The API key ${keyId} does not exist.`));
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const isRevoked = key.revokedAtMs !== null;
  if (isRevoked || key.expiresAtMs <= nowMs) {
    return refuse(refusal('key_over', `The API key ${keyId} is ${isRevoked ? 'revoked' : 'expired'}.`));
  }
  const changes = changedIn(key, command.changes);
  if (Object.keys(changes).length === 0) return accept();
  if (changes.expiresAtMs !== undefined && changes.expiresAtMs <= nowMs) {
    return refuse(refusal('request_invalid', 'expires_at must lie in the future.', { field: 'expires_at' }));
  }
  return accept({ type: 'ApiKeyUpdated', data: { keyId, changes } });
}
