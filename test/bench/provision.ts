/** The tenant, key and budgets that the benchmark works on. */

import { ALLOCATED, BUDGETED_SCOPES, KIND, TENANT, UNIT } from './requests.js';

/** Policies of the tenant, of which the last one applies to every request. */
export interface Policed {
  readonly policies: number;
  /** Whether it counts the very kind that is reserved. */
  readonly isCounted: boolean;
}

const UNPOLICED: Policed = { policies: 0, isCounted: false };

/** Creates them through the server's own API, and returns the API key. @throws Error when the server refuses */
export async function provision(port: number, adminKey: string, policed = UNPOLICED): Promise<string> {
  const send = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Admin-API-Key': adminKey },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  await send('/v1/admin/tenants', { tenant_id: TENANT, name: 'Bench' });
  for (const scope of BUDGETED_SCOPES) {
    await send('/v1/admin/budgets', {
      tenant_id: TENANT,
      scope,
      unit: UNIT,
      allocated: { unit: UNIT, amount: ALLOCATED },
    });
  }
  for (let nth = 1; nth <= policed.policies; nth++) await send('/admin/policies', policyOf(nth, policed));
  const key = await send('/v1/admin/api-keys', { tenant_id: TENANT, name: 'bench' });
  return String(key['key_secret']);
}

/** Each covers an app of its own, the last one that of the requests. The quota begins anew before it is used up. */
const policyOf = (nth: number, { policies, isCounted }: Policed): object => ({
  tenant_id: TENANT,
  name: `policy ${nth}`,
  scope_pattern: `tenant:${TENANT}/workspace:prod/app:${nth === policies ? 'ide' : `other-${nth}`}/*`,
  denied_action_kinds: ['payment.charge', 'code.deploy'],
  ...(isCounted && {
    action_quotas: [{ action_kind: KIND, max_calls: CALLS_MAX, window: 'per_minute_tumbling' }],
  }),
});

/** The most that a quota can have. */
const CALLS_MAX = 100_000;
