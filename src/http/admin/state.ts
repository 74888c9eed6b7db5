/** Looks at a tenant's folded state, for the answers of operators' requests. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Writers } from '../../commands/writers.js';
import type { TenantId } from '../../domain/ids.js';
import { type Refusal, refusal } from '../../domain/refusals.js';
import type { TenantState } from '../../domain/state.js';
import { HttpFailure } from '../failure.js';
import { TENANT_ID } from './tenant.dto.js';

/** What `look` finds in the tenant's state, or the refusal of an unknown tenant. */
export async function inTenant<T>(
  writers: Writers,
  tenantId: string,
  look: (state: TenantState, at: { readonly nowMs: number }) => T,
): Promise<T | Refusal> {
  if (!TENANT_ID.test(tenantId)) return unknownTenant(tenantId);
  return writers.read(tenantId as TenantId, (state, at) =>
    state.tenant === null ? unknownTenant(tenantId) : look(state, at),
  );
}

export const unknownTenant = (tenantId: string): Refusal =>
  refusal('tenant_not_found', `The tenant ${tenantId} does not exist.`, { field: 'tenant_id' });

/**
 * The tenant that an operator acts for, which the answer names.
 * @throws HttpFailure 400 when it is missing or malformed
 */
export function tenantNamed(
  tenantId: string | undefined,
  reply: FastifyReply,
  field = 'tenant_id',
): TenantId {
  if (tenantId === undefined || !TENANT_ID.test(tenantId)) {
    const reason = tenantId === undefined ? 'is missing' : `must match ${TENANT_ID.source}`;
    throw new HttpFailure(400, 'INVALID_REQUEST', `${field} ${reason}.`, { field });
  }
  reply.header('X-Cycles-Tenant', tenantId);
  return tenantId as TenantId;
}

/**
 * The tenant that a mutation is about: a key's own, or the one that an operator names.
 * @throws HttpFailure 400 when an operator names none, or a key names one
 */
export function ownerOf(
  tenantId: string | undefined,
  { caller }: FastifyRequest,
  reply: FastifyReply,
): TenantId {
  if (caller?.type !== 'api_key') return tenantNamed(tenantId, reply);
  if (tenantId === undefined) return caller.tenantId;
  const message = 'tenant_id must be left out: it is the tenant of the API key.';
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'tenant_id' });
}

/**
 * The tenant that a read is about: a key's own whatever it names, or the one that an operator names.
 * @throws HttpFailure 400 when an operator names none
 */
export const readTenantOf = (
  tenantId: string | undefined,
  { caller }: FastifyRequest,
  reply: FastifyReply,
): TenantId => (caller?.type === 'api_key' ? caller.tenantId : tenantNamed(tenantId, reply));

/**
 * The tenant that a question is about: a key's own, which it may name, or the one that an operator names.
 * @throws HttpFailure 400 when an operator names none, or a key another one
 */
export function askedTenantOf(
  named: string | undefined,
  { caller }: FastifyRequest,
  reply: FastifyReply,
): TenantId {
  if (caller?.type !== 'api_key') return tenantNamed(named, reply);
  if (named === undefined || named === caller.tenantId) return caller.tenantId;
  const message = 'tenant_id is not the tenant of the API key.';
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'tenant_id' });
}
