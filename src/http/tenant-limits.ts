/** People who operate some tenants only: a request of theirs must name what it is about, all of it theirs. */

import type { FastifyRequest } from 'fastify';
import { HttpFailure } from './failure.js';

/** Finds the tenant that an id belongs to; null when there is none. */
export type FindTenant = (id: string) => Promise<string | null>;

/** By name of a path's parameter. Ids without a finder let nobody pass but those who operate every tenant. */
export type TenantFinders = Readonly<Record<string, FindTenant>>;

/** Ids that are looked up inside the tenant that the same request names. */
const PLACED: readonly string[] = ['template_id', 'session_id'];

/**
 * Lets a request of a limited person pass when it is placed in a tenant of theirs and mentions no other. Everyone
 * else passes.
 * @throws HttpFailure 403
 */
export const tenantLimits =
  (finders: TenantFinders) =>
  async (request: FastifyRequest): Promise<void> => {
    const { caller } = request;
    if (caller?.type !== 'person' || caller.tenants === null) return;
    const { tenants } = caller;
    const placed = [...tenantsNamed(request), ...(await tenantsOfIds(request, finders))];
    if (placed.length === 0) {
      const message = 'You operate some tenants only, and this is about all of them or names none.';
      throw new HttpFailure(403, 'FORBIDDEN', message, { tenants });
    }
    const all = [...placed, ...tenantsMentioned(request)];
    if (all.every((tenant) => tenant !== null && tenants.includes(tenant))) return;
    throw new HttpFailure(403, 'FORBIDDEN', 'You do not operate this tenant.', { tenants });
  };

/** The tenants that decide what a request is about: in its path, and where its route reads one. */
function tenantsNamed(request: FastifyRequest): string[] {
  const { declaration, queryFields } = request.routeOptions.config;
  const { params, query, body } = partsOf(request);
  const read = ['tenant_id', 'tenant'].filter((field) => queryFields?.has(field));
  const named = [
    params['tenant_id'],
    ...read.map((field) => query[field]),
    declaration?.body === undefined ? undefined : body['tenant_id'],
  ];
  return named.filter((name) => typeof name === 'string');
}

/** The tenants that a request speaks of besides. */
function tenantsMentioned(request: FastifyRequest): string[] {
  const { query, body } = partsOf(request);
  return [query, body].flatMap((place) => {
    const scopes = [place['scope'], place['scope_prefix'], place['scope_pattern']].map(tenantOfScope);
    return [place['tenant_id'], place['tenant'], place['parent_tenant_id'], ...scopes].filter(
      (name) => typeof name === 'string',
    );
  });
}

const tenantOfScope = (scope: unknown): string | undefined =>
  typeof scope === 'string' ? /^tenant:([^/]*)/i.exec(scope)?.[1]?.toLowerCase() : undefined;

function tenantsOfIds(request: FastifyRequest, finders: TenantFinders): Promise<(string | null)[]> {
  const ids = Object.entries(partsOf(request).params).filter(
    ([name]) => name !== 'tenant_id' && !PLACED.includes(name),
  );
  return Promise.all(ids.map(([name, id]) => finders[name]?.(String(id)) ?? null));
}

type Members = Readonly<Record<string, unknown>>;

const partsOf = ({ params, query, body }: FastifyRequest) => ({
  params: membersOf(params),
  query: membersOf(query),
  body: membersOf(body),
});

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
