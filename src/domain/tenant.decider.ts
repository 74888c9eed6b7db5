/** Decides about tenants and their keys. */

import { canonicalJson } from './canonical-json.js';
import type { ChangeTenantStatus, IssueApiKey, OpenTenant, RevokeApiKey } from './commands.js';
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
  if (tenant.status === status) return accept();
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  if (status === 'CLOSED') return accept({ type: 'TenantClosed', data: { reason } });
  return accept({ type: status === 'SUSPENDED' ? 'TenantSuspended' : 'TenantReactivated', data: { reason } });
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
