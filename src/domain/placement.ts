/** Where in the tenant a request acts, and with which key. */

import { checkScopeFilter, withFixedLevels } from './access.js';
import type { ScopePath } from './ids.js';
import { isRefusal, type Refusal, refusal } from './refusals.js';
import type { Request } from './ruling.js';
import type { ApiKey, Tenant, TenantState } from './state.js';
import { deriveScopes, type Subject } from './subject.js';

/** A subject inside the tenant, with the key's fixed levels, and its scopes. */
export interface Placed {
  readonly subject: Subject;
  readonly scopes: readonly ScopePath[];
  readonly path: ScopePath;
}

/** The tenant of the key, fixed levels, scope filter: where in the tenant a request acts. */
export function place(subject: Subject, tenant: Tenant, key: ApiKey | undefined): Placed | Refusal {
  if (subject.tenant !== undefined && subject.tenant !== tenant.tenantId) {
    return refusal('scope_forbidden', 'subject.tenant is not the tenant of the API key.', {
      field: 'subject.tenant',
    });
  }
  const effective = withFixedLevels(subject, key);
  if (isRefusal(effective)) return effective;
  const scopes = deriveScopes(effective, tenant.tenantId);
  const path = scopes.at(-1) ?? (`tenant:${tenant.tenantId}` as ScopePath);
  return (key && checkScopeFilter(key, path)) ?? { subject: effective, scopes, path };
}

/** The key that a request came with; undefined for an operator's. */
export const keyOf = (request: Request, state: TenantState): ApiKey | undefined =>
  request.origin.actor.type === 'api_key' ? state.keys.get(request.origin.actor.keyId) : undefined;
