/** What a credential may see and manage in a dashboard (cycles-governance-admin-v0.1.25, AuthIntrospectResponse). */

const RUNTIME_WRITES = [
  'reservations:create',
  'reservations:commit',
  'reservations:release',
  'reservations:extend',
];

/** The permissions any of which gives a tenant's key a capability. */
const OF_KEYS: Readonly<Record<string, readonly string[]>> = {
  view_budgets: ['budgets:read', 'admin:read', 'admin:budgets:read'],
  view_policies: ['policies:read', 'admin:read', 'admin:policies:read'],
  view_webhooks: ['webhooks:read', 'admin:read', 'admin:webhooks:read'],
  view_events: ['events:read', 'admin:read', 'admin:events:read'],
  view_reservations: ['reservations:list', ...RUNTIME_WRITES, 'admin:read'],
  manage_budgets: ['budgets:write', 'admin:write', 'admin:budgets:write'],
  manage_webhooks: ['webhooks:write', 'admin:write', 'admin:webhooks:write'],
  manage_reservations: [...RUNTIME_WRITES, 'admin:write'],
};

/** Never a tenant's key's, whatever its permissions. */
const OF_OPERATORS = [
  'view_tenants',
  'view_api_keys',
  'view_audit',
  'view_overview',
  'manage_tenants',
  'manage_api_keys',
  'manage_policies',
];

/** Every capability, true or false; `null` stands for an operator, who has them all. */
export function capabilitiesOf(permissions: readonly string[] | null): Record<string, boolean> {
  const capabilities: Record<string, boolean> = {};
  for (const name of OF_OPERATORS) capabilities[name] = permissions === null;
  for (const [name, any] of Object.entries(OF_KEYS)) {
    capabilities[name] = permissions === null || any.some((permission) => permissions.includes(permission));
  }
  return capabilities;
}
