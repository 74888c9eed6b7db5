/** The tenant, key and budgets that the benchmark works on. */

import { ALLOCATED, BUDGETED_SCOPES, TENANT, UNIT } from './requests.js';

/** Creates them through the server's own API, and returns the API key. @throws Error when the server refuses */
export async function provision(port: number, adminKey: string): Promise<string> {
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
  const key = await send('/v1/admin/api-keys', { tenant_id: TENANT, name: 'bench' });
  return String(key['key_secret']);
}
