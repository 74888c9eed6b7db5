/** The operations of the runtime protocol as a client sends them, and the states that refuse them. */

import type { Reply, Serving, TenantClient } from './serving.js';

/** Operation ids of cycles-protocol-v0, but for the evidence that is served apart. */
export type Operation =
  | 'decide'
  | 'createReservation'
  | 'listReservations'
  | 'getReservation'
  | 'commitReservation'
  | 'releaseReservation'
  | 'extendReservation'
  | 'getBalances'
  | 'createEvent';

/** A tenant of its own for a case, with 100 tokens, and what may be done around it. */
export interface World {
  readonly serving: Serving;
  readonly acme: TenantClient;
  /** A client of another tenant. */
  stranger(): Promise<TenantClient>;
}

export type Settlement = 'commitReservation' | 'releaseReservation' | 'extendReservation';
export type Mutation = Settlement | 'decide' | 'createReservation' | 'createEvent';

export const UNKNOWN_KEY = `cyc_live_${'x'.repeat(32)}`;
export const TOKENS = (amount: number) => ({ unit: 'TOKENS', amount });
export const CREDITS = (amount: number) => ({ unit: 'CREDITS', amount });

/** A well-formed body of an operation, under a key of its own unless one is given. */
export function bodyOf(
  operation: Mutation,
  client: TenantClient,
  extra: object = {},
): Record<string, unknown> {
  const key = { idempotency_key: client.nextKey() };
  if (operation === 'commitReservation') return { ...key, actual: TOKENS(1), ...extra };
  if (operation === 'releaseReservation') return { ...key, ...extra };
  if (operation === 'extendReservation') return { ...key, extend_by_ms: 1_000, ...extra };
  const { estimate, ...proposal } = client.proposal(1);
  return { ...proposal, ...(operation === 'createEvent' ? { actual: estimate } : { estimate }), ...extra };
}

const PATHS: Readonly<Record<Exclude<Mutation, Settlement>, string>> = {
  decide: '/v1/decide',
  createReservation: '/v1/reservations',
  createEvent: '/v1/events',
};
const STEPS: Readonly<Record<Settlement, string>> = {
  commitReservation: 'commit',
  releaseReservation: 'release',
  extendReservation: 'extend',
};
export const isSettlement = (operation: Mutation): operation is Settlement => operation in STEPS;
export const pathOf = (operation: Mutation, id: string): string =>
  isSettlement(operation) ? `/v1/reservations/${id}/${STEPS[operation]}` : PATHS[operation];

/** Sends a mutation as a client; a settlement is about the reservation `id`, or one held for it. */
export async function send(
  operation: Mutation,
  client: TenantClient,
  { id, body = {}, headers = {} }: { id?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const about = id ?? (isSettlement(operation) ? await client.held(10) : '');
  return client.ask('POST', pathOf(operation, about), bodyOf(operation, client, body), headers);
}

/** A reservation whose time and grace are over. */
export async function expiredHold(client: TenantClient): Promise<string> {
  const id = await client.held(1, { ttl_ms: 1_000, grace_period_ms: 0 });
  let shown = await client.ask('GET', `/v1/reservations/${id}`);
  while (shown.status === 200) shown = await client.ask('GET', `/v1/reservations/${id}`);
  return id;
}

/** A reservation whose time is over and whose grace is not. */
export async function holdInGrace(client: TenantClient): Promise<string> {
  const id = await client.held(1, { ttl_ms: 1_000, grace_period_ms: 60_000 });
  let shown = await client.ask('GET', `/v1/reservations/${id}`);
  while (Date.now() <= Number(shown.at('expires_at_ms'))) {
    shown = await client.ask('GET', `/v1/reservations/${id}`);
  }
  if (shown.at('status') !== 'ACTIVE') throw new Error(`not in its grace: ${shown.text}`);
  return id;
}

export const setTenant = ({ serving, acme }: World, status: string): Promise<Reply> =>
  serving.asAdmin('PATCH', `/v1/admin/tenants/${acme.tenantId}`, { status });
export const freeze = ({ serving, acme }: World): Promise<Reply> =>
  serving.asAdmin('POST', `/v1/admin/budgets/freeze?scope=tenant:${acme.tenantId}&unit=TOKENS`);
export const mayNot = ({ serving, acme }: World): Promise<TenantClient> =>
  serving.client(acme.tenantId, { permissions: ['policies:read'] });

/** A commit of more than there is, which leaves the scope over its limit. */
export const goOverLimit = async ({ acme }: World): Promise<Reply> => acme.commit(await acme.held(100), 150);

/** A budget in a scope of its own that may be overdrawn by 50. */
export const OVERDRAWN = { overage_policy: 'ALLOW_WITH_OVERDRAFT' };
export const inDebtApp = ({ acme }: World) => ({ subject: { tenant: acme.tenantId, app: 'debt' } });
export async function overdrawable(world: World): Promise<void> {
  await world.acme.budget('/app:debt', 10, { overdraft_limit: TOKENS(50) });
}
export async function goIntoDebt(world: World): Promise<void> {
  await overdrawable(world);
  const id = await world.acme.held(10, { ...inDebtApp(world), ...OVERDRAWN });
  const committed = await world.acme.commit(id, 30);
  if (committed.status !== 200) throw new Error(`no debt: ${committed.text}`);
}
