/** Whether a tenant takes a request at all: closed for good, or suspended for a while. */

import { type Refusal, refusal } from './refusals.js';
import type { Tenant } from './state.js';

/** A closed tenant takes no mutation. Asked after the earlier answer, so that replays go on. */
export const closedGuard = (tenant: Tenant): Refusal | null =>
  tenant.status === 'CLOSED' ? refusal('tenant_closed', `The tenant ${tenant.tenantId} is closed.`) : null;

/** A suspended tenant takes no new work either; what is held may still be settled. */
export const tenantGuard = (tenant: Tenant): Refusal | null =>
  tenant.status === 'SUSPENDED'
    ? refusal('tenant_suspended', `The tenant ${tenant.tenantId} is suspended.`, undefined, {
        suggestedFix: `Reactivate the tenant ${tenant.tenantId}.`,
      })
    : closedGuard(tenant);
