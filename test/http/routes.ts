/** Every route that the server describes: who may call it, and a request that it takes. */

import { APPROVAL_ROUTES } from './approval-routes.js';
import { AUDIT_ROUTES } from './audit-routes.js';
import { FINOPS_ROUTES } from './finops-routes.js';
import { TOKENS } from './operations.js';
import type { Serving, TenantClient } from './serving.js';

export const PEOPLE = ['admin', 'auditor', 'finops', 'approver', 'viewer'] as const;
export type Role = (typeof PEOPLE)[number];

/** What requests are about: a tenant's client that may do everything, and names that nobody has yet. */
export interface Stage {
  readonly serving: Serving;
  readonly acme: TenantClient;
  fresh(): string;
}

/** Operators name the tenant they mean; a key's tenant is its own. */
export type Caller = 'key' | 'operator';

export interface Asked {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface RouteRule {
  /** Nobody is asked who they are. */
  readonly isPublic?: true;
  /** What a tenant's key needs for it; without one, no key is taken. `any`: every valid key will do. */
  readonly key?: string;
  /** What a key was given for it formerly, which still will do. */
  readonly formerKey?: string;
  /** Keys are known there, and every one of them is refused. */
  readonly refusesKeys?: true;
  /** The roles of people; without any, it takes no operators. An empty list leaves the admin key alone. */
  readonly roles?: readonly Role[];
  /** It takes people's tokens, of whoever is signed in or has a role that is named, and no admin key. */
  readonly isPersonal?: true;
  /** It is about no tenant's objects. */
  readonly isAboutNobody?: true;
  /** A request that is well-formed, and succeeds for whoever is admitted or does not find what it names. */
  readonly ask: (stage: Stage, by: Caller) => Asked | Promise<Asked>;
}

const ADMIN: readonly Role[] = ['admin'];
const READERS: readonly Role[] = ['admin', 'auditor', 'finops', 'viewer'];
const AUDITORS: readonly Role[] = ['admin', 'auditor'];

const at = (path: string, body?: Asked['body']) => () => ({ path, ...(body && { body }) });
const open = (path: string): RouteRule => ({ isPublic: true, ask: at(path) });
const byOperators = (roles: readonly Role[], ask: RouteRule['ask']): RouteRule => ({ roles, ask });
const byKeys = (key: string, ask: RouteRule['ask']): RouteRule => ({ key, ask });

const BUDGET = 'tenant_id=acme&scope=tenant:acme&unit=TOKENS';
const proposalOf = ({ acme }: Stage) => acme.proposal(1);
const keyOf = ({ acme }: Stage) => ({ idempotency_key: acme.nextKey() });
const toolCallOf = (stage: Stage) => ({
  ...keyOf(stage),
  harness: 'test',
  session_id: 'run',
  subject: { app: 'ide' },
  tool: { name: 'Shell', input: { command: 'ls' } },
  cwd: '/repo',
});
const issuing = (path: string) => (stage: Stage) => ({
  path,
  body: { tenant_id: 'acme', name: stage.fresh() },
});
const settling =
  (step: string, body: object = {}) =>
  async (stage: Stage): Promise<Asked> => ({
    path: `/v1/reservations/${await stage.acme.held(1)}/${step}`,
    body: { ...keyOf(stage), ...body },
  });

async function outcome(stage: Stage): Promise<Asked> {
  const allowed = await stage.acme.ask('POST', '/gate/tool-calls', toolCallOf(stage));
  return {
    path: `/gate/tool-calls/${String(allowed.at('tool_call_id'))}/outcome`,
    body: { status: 'succeeded' },
  };
}

const charge = (stage: Stage): Asked => {
  const { estimate, ...rest } = proposalOf(stage);
  return { path: '/v1/events', body: { ...rest, actual: estimate } };
};

const newBudget = ({ fresh }: Stage, by: Caller): Asked => ({
  path: '/v1/admin/budgets',
  body: {
    ...(by === 'operator' && { tenant_id: 'acme' }),
    scope: `tenant:acme/app:${fresh()}`,
    unit: 'TOKENS',
    allocated: TOKENS(1),
  },
});

const credit = (stage: Stage, by: Caller): Asked => ({
  path: `/v1/admin/budgets/fund?${by === 'operator' ? 'tenant_id=acme&' : ''}scope=tenant:acme&unit=TOKENS`,
  body: { operation: 'CREDIT', amount: TOKENS(1), ...keyOf(stage) },
});

const newTemplate = ({ fresh }: Stage): Asked => ({
  path: '/admin/budget-templates',
  body: {
    tenant_id: 'acme',
    scope_pattern: `tenant:acme/app:${fresh()}/workflow:*`,
    unit: 'RISK_POINTS',
    allocated: { unit: 'RISK_POINTS', amount: 1 },
  },
});

const newPolicy =
  (path: string) =>
  ({ fresh }: Stage, by: Caller): Asked => ({
    path,
    body: { ...(by === 'operator' && { tenant_id: 'acme' }), name: fresh(), scope_pattern: 'agent:nobody' },
  });
const writesPolicies = (ask: RouteRule['ask']): RouteRule => ({ refusesKeys: true, roles: ADMIN, ask });
/** A key's list is of its own tenant, whatever tenant it names. */
const readsPolicies = (path: string): RouteRule => ({
  key: 'policies:read',
  isAboutNobody: true,
  roles: READERS,
  ask: at(path),
});

/** By method and path as the description has them. */
export const ROUTES: Readonly<Record<string, RouteRule>> = {
  'GET /actuator/health': open('/actuator/health'),
  'GET /actuator/health/liveness': open('/actuator/health/liveness'),
  'GET /actuator/health/readiness': open('/actuator/health/readiness'),
  'GET /health/live': open('/health/live'),
  'GET /health/ready': open('/health/ready'),
  'GET /openapi.json': open('/openapi.json'),
  'GET /v1/.well-known/cycles-jwks.json': open('/v1/.well-known/cycles-jwks.json'),
  'POST /auth/sign-in': { isPublic: true, ask: at('/auth/sign-in', { name: '' }) },
  'GET /auth/me': { isPersonal: true, ask: at('/auth/me') },
  'POST /auth/session': { isPublic: true, ask: at('/auth/session', { name: '' }) },
  'POST /auth/sign-out': { isPersonal: true, ask: at('/auth/sign-out') },

  'POST /v1/decide': byKeys('reservations:create', (stage) => ({
    path: '/v1/decide',
    body: proposalOf(stage),
  })),
  'POST /v1/reservations': byKeys('reservations:create', (stage) => ({
    path: '/v1/reservations',
    body: proposalOf(stage),
  })),
  'POST /v1/events': byKeys('reservations:create', charge),
  'GET /v1/events': { key: 'events:read', isAboutNobody: true, ask: at('/v1/events') },
  'GET /v1/reservations': {
    key: 'reservations:list',
    roles: READERS,
    ask: at('/v1/reservations?tenant=acme'),
  },
  'GET /v1/reservations/{reservation_id}': {
    key: 'reservations:list',
    roles: READERS,
    ask: async ({ acme }) => ({ path: `/v1/reservations/${await acme.held(1)}` }),
  },
  'POST /v1/reservations/{reservation_id}/commit': byKeys(
    'reservations:commit',
    settling('commit', { actual: TOKENS(1) }),
  ),
  'POST /v1/reservations/{reservation_id}/release': {
    key: 'reservations:release',
    roles: ADMIN,
    ask: settling('release'),
  },
  'POST /v1/reservations/{reservation_id}/extend': byKeys(
    'reservations:extend',
    settling('extend', { extend_by_ms: 1_000 }),
  ),
  'GET /v1/balances': byKeys('balances:read', at('/v1/balances?tenant=acme')),

  'POST /gate/evaluate': {
    key: 'reservations:create',
    isAboutNobody: true,
    roles: READERS,
    ask: (_stage, by) => ({
      path: '/gate/evaluate',
      body: {
        ...(by === 'operator' && { tenant_id: 'acme' }),
        action: { kind: 'db.query', name: 'q' },
        estimate: { unit: 'TOKENS', amount: 1 },
      },
    }),
  },
  'POST /gate/assessments': {
    key: 'reservations:create',
    isAboutNobody: true,
    roles: READERS,
    ask: (_stage, by) => ({
      path: '/gate/assessments',
      body: {
        ...(by === 'operator' && { tenant_id: 'acme' }),
        tool: { name: 'Shell', input: { command: 'ls' } },
      },
    }),
  },
  'POST /gate/tool-calls': {
    key: 'reservations:create',
    isAboutNobody: true,
    ask: (stage) => ({ path: '/gate/tool-calls', body: toolCallOf(stage) }),
  },
  'POST /gate/tool-calls/{id}/outcome': byKeys('reservations:create', outcome),
  'POST /gate/hooks/claude-code': {
    key: 'reservations:create',
    isAboutNobody: true,
    ask: at('/gate/hooks/claude-code', { hook_event_name: 'SessionStart', session_id: 's' }),
  },

  ...APPROVAL_ROUTES,
  ...AUDIT_ROUTES,
  ...FINOPS_ROUTES,

  'POST /v1/admin/budgets': { key: 'budgets:write', roles: ADMIN, ask: newBudget },
  'GET /v1/admin/budgets': {
    key: 'budgets:read',
    roles: READERS,
    ask: at('/v1/admin/budgets?tenant_id=acme'),
  },
  'GET /v1/admin/budgets/lookup': {
    key: 'budgets:read',
    roles: READERS,
    ask: at(`/v1/admin/budgets/lookup?${BUDGET}`),
  },
  'PATCH /v1/admin/budgets': byOperators(
    ADMIN,
    at(`/v1/admin/budgets?${BUDGET}`, { metadata: { team: 'a' } }),
  ),
  'POST /v1/admin/budgets/freeze': byOperators(
    ADMIN,
    at('/v1/admin/budgets/freeze?tenant_id=acme&scope=tenant:acme&unit=CREDITS', {}),
  ),
  'POST /v1/admin/budgets/unfreeze': byOperators(
    ADMIN,
    at('/v1/admin/budgets/unfreeze?tenant_id=acme&scope=tenant:acme&unit=CREDITS', {}),
  ),
  'POST /v1/admin/budgets/fund': { key: 'budgets:write', roles: ADMIN, ask: credit },
  'POST /admin/budgets/correct': byOperators(
    ADMIN,
    at('/admin/budgets/correct', {
      tenant_id: 'acme',
      scope: 'tenant:acme/app:none',
      unit: 'TOKENS',
      allocated: TOKENS(1),
      spent: TOKENS(0),
      debt: TOKENS(0),
      reason: 'none',
    }),
  ),
  'POST /admin/charges/{charge_id}/adjust': byOperators(
    ADMIN,
    at('/admin/charges/evt_none/adjust', { delta: TOKENS(1), reason: 'none', idempotency_key: 'none' }),
  ),
  'POST /v1/admin/tenants': byOperators(ADMIN, (stage) => {
    const name = stage.fresh();
    return { path: '/v1/admin/tenants', body: { tenant_id: name, name } };
  }),
  'GET /v1/admin/tenants': byOperators(READERS, at('/v1/admin/tenants')),
  'GET /v1/admin/tenants/{tenant_id}': byOperators(READERS, at('/v1/admin/tenants/acme')),
  'PATCH /v1/admin/tenants/{tenant_id}': byOperators(ADMIN, at('/v1/admin/tenants/acme', { name: 'Acme' })),
  'POST /v1/admin/api-keys': byOperators(ADMIN, issuing('/v1/admin/api-keys')),
  'GET /v1/admin/api-keys': byOperators(READERS, at('/v1/admin/api-keys?tenant_id=acme')),
  'PATCH /v1/admin/api-keys/{key_id}': byOperators(ADMIN, at('/v1/admin/api-keys/key_none', { name: 'a' })),
  'DELETE /v1/admin/api-keys/{key_id}': byOperators(ADMIN, at('/v1/admin/api-keys/key_none')),
  'POST /admin/api-keys': byOperators(ADMIN, issuing('/admin/api-keys')),
  'GET /admin/api-keys': byOperators(READERS, at('/admin/api-keys?tenant_id=acme')),
  'PATCH /admin/api-keys/{key_id}': byOperators(ADMIN, at('/admin/api-keys/key_none', { name: 'a' })),
  'DELETE /admin/api-keys/{key_id}': byOperators(ADMIN, at('/admin/api-keys/key_none')),
  'POST /admin/budget-templates': byOperators(ADMIN, newTemplate),
  'GET /admin/budget-templates': byOperators(READERS, at('/admin/budget-templates?tenant_id=acme')),
  'DELETE /admin/budget-templates/{template_id}': byOperators(
    ADMIN,
    at('/admin/budget-templates/tpl_none?tenant_id=acme'),
  ),
  'POST /v1/admin/policies': writesPolicies(newPolicy('/v1/admin/policies')),
  'GET /v1/admin/policies': readsPolicies('/v1/admin/policies?tenant_id=acme'),
  'PATCH /v1/admin/policies/{policy_id}': writesPolicies(at('/v1/admin/policies/pol_none', { priority: 1 })),
  'POST /admin/policies': writesPolicies(newPolicy('/admin/policies')),
  'GET /admin/policies': readsPolicies('/admin/policies?tenant_id=acme'),
  'GET /admin/policies/{policy_id}': readsPolicies('/admin/policies/pol_none'),
  'PATCH /admin/policies/{policy_id}': writesPolicies(at('/admin/policies/pol_none', { priority: 1 })),
  'DELETE /admin/policies/{policy_id}': writesPolicies(at('/admin/policies/pol_none')),
  'GET /v1/action-kinds': open('/v1/action-kinds'),
  'GET /v1/action-kinds/{kind}': open('/v1/action-kinds/db.query'),
  'POST /admin/action-kinds': byOperators(ADMIN, ({ fresh }) => ({
    path: '/admin/action-kinds',
    body: { tenant_id: 'acme', kind: `custom.acme.${fresh()}`, risk_class: 'read_only' },
  })),
  'GET /admin/action-kinds': byOperators(READERS, at('/admin/action-kinds?tenant_id=acme')),
  'POST /admin/tools': byOperators(ADMIN, ({ fresh }) => ({
    path: '/admin/tools',
    body: { tenant_id: 'acme', name: fresh(), tier: 3 },
  })),
  'GET /admin/tools': byOperators(READERS, at('/admin/tools?tenant_id=acme')),
  'GET /admin/tools/{tool_id}': byOperators(READERS, at('/admin/tools/none?tenant_id=acme')),
  'DELETE /admin/tools/{tool_id}': byOperators(ADMIN, at('/admin/tools/none?tenant_id=acme')),
  'POST /admin/risk-rules': byOperators(ADMIN, ({ fresh }) => ({
    path: '/admin/risk-rules',
    body: { tenant_id: 'acme', name: fresh(), program: { name: 'acmectl' }, tier: 4, reason: 'It is so.' },
  })),
  'GET /admin/risk-rules': byOperators(READERS, at('/admin/risk-rules?tenant_id=acme')),
  'GET /admin/risk-rules/{rule_id}': byOperators(READERS, at('/admin/risk-rules/none?tenant_id=acme')),
  'DELETE /admin/risk-rules/{rule_id}': byOperators(ADMIN, at('/admin/risk-rules/none?tenant_id=acme')),
  'POST /admin/environments': byOperators(ADMIN, ({ fresh }) => ({
    path: '/admin/environments',
    body: { tenant_id: 'acme', kind: 'name', value: fresh(), environment: 'staging' },
  })),
  'GET /admin/environments': byOperators(READERS, at('/admin/environments?tenant_id=acme')),
  'GET /admin/environments/{environment_id}': byOperators(
    READERS,
    at('/admin/environments/none?tenant_id=acme'),
  ),
  'DELETE /admin/environments/{environment_id}': byOperators(
    ADMIN,
    at('/admin/environments/none?tenant_id=acme'),
  ),
  'GET /v1/admin/action-quota-counters': {
    key: 'action_quotas:read',
    formerKey: 'balances:read',
    isAboutNobody: true,
    roles: READERS,
    ask: at('/v1/admin/action-quota-counters?tenant_id=acme'),
  },
  'POST /v1/admin/action-quota-counters/reset': byOperators(
    ADMIN,
    at('/v1/admin/action-quota-counters/reset', {
      tenant_id: 'acme',
      scope: 'tenant:acme',
      action_kind: 'db.query',
      window: 'per_run',
      window_key: 'none',
    }),
  ),
  'POST /v1/auth/validate': byOperators(ADMIN, at('/v1/auth/validate', { key_secret: 'nonsense' })),
  'GET /v1/auth/introspect': { key: 'any', roles: [], isAboutNobody: true, ask: at('/v1/auth/introspect') },
  'GET /v1/admin/audit/logs': byOperators(AUDITORS, at('/v1/admin/audit/logs')),
  'GET /v1/admin/events': byOperators(AUDITORS, at('/v1/admin/events')),
  'GET /v1/admin/events/{event_id}': byOperators(AUDITORS, at('/v1/admin/events/evt_none')),

  'POST /admin/operators': byOperators(ADMIN, ({ fresh }) => ({
    path: '/admin/operators',
    body: { name: fresh(), roles: ['viewer'] },
  })),
  'GET /admin/operators': byOperators(AUDITORS, at('/admin/operators')),
  'GET /admin/operators/{operator_id}': byOperators(AUDITORS, at('/admin/operators/opr_none')),
  'PATCH /admin/operators/{operator_id}': byOperators(
    ADMIN,
    at('/admin/operators/opr_none', { roles: ['viewer'] }),
  ),
  'DELETE /admin/operators/{operator_id}': byOperators(ADMIN, at('/admin/operators/opr_none')),
  'POST /admin/operators/{operator_id}/reset': byOperators(ADMIN, at('/admin/operators/opr_none/reset')),
  'GET /admin/projections': byOperators(READERS, at('/admin/projections')),
  'POST /admin/projections/{name}/rebuild': byOperators(ADMIN, at('/admin/projections/none/rebuild')),
  'GET /metrics': byOperators(READERS, at('/metrics')),
};

/** `METHOD /path` of every operation that a running server describes. */
export async function describedRoutes(serving: Serving): Promise<string[]> {
  const described = await serving.ask('GET', '/openapi.json');
  const paths = described.at('paths') as Record<string, Record<string, unknown>>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

export const ruleOf = (route: string): RouteRule => {
  const rule = ROUTES[route];
  if (rule === undefined) throw new Error(`the table does not say who may call ${route}`);
  return rule;
};
export const methodOf = (route: string): string => route.split(' ')[0] ?? '';

/** A tenant `acme` with budgets and a key that may do all that keys may. */
export async function setStage(serving: Serving): Promise<Stage> {
  const permissions = ['admin:read', 'admin:write'];
  for (const step of ['create', 'commit', 'release', 'extend', 'list'])
    permissions.push(`reservations:${step}`);
  const acme = await serving.tenant('acme', { permissions });
  for (const unit of ['TOKENS', 'CREDITS', 'RISK_POINTS']) await acme.budget('', 1_000_000, { unit });
  let count = 0;
  const fresh = (): string => {
    count += 1;
    return `fresh-${count}`;
  };
  return { serving, acme, fresh };
}
