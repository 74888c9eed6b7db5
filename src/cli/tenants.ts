/** `countersign tenants`: open, show, change, suspend and close tenants of the running server. */

import type { JsonRecord } from '../integrations/json.js';
import { type Confirmable, confirm } from './confirm.js';
import { callServer, connectionOf, type GlobalOptions } from './connection.js';
import { listAll, printTable, textCell } from './listing.js';
import { columns, print, printJson } from './terminal.js';

interface Output extends GlobalOptions {
  readonly json?: boolean;
}

/** What may be set of a tenant; what is left out keeps its value, or has the protocol's default. */
export interface TenantSettings {
  readonly name?: string;
  readonly overagePolicy?: string;
  readonly defaultTtl?: string;
  readonly maxTtl?: string;
  readonly maxExtensions?: string;
}

const PATH = '/v1/admin/tenants';

export async function listTenants(options: Output & { status?: string }): Promise<void> {
  const tenants = await listAll(connectionOf(options), PATH, 'tenants', { status: options.status });
  const shown = [
    { heading: 'tenant', cell: textCell('tenant_id') },
    { heading: 'status', cell: textCell('status') },
    { heading: 'name', cell: textCell('name') },
    { heading: 'created', cell: textCell('created_at') },
  ];
  printTable(tenants, shown, { json: options.json, empty: 'There are no tenants.' });
}

export async function showTenant(tenantId: string, options: Output): Promise<void> {
  printTenant(await callServer(connectionOf(options), 'GET', pathOf(tenantId)), options);
}

export async function openTenant(tenantId: string, options: Output & TenantSettings): Promise<void> {
  const body = { tenant_id: tenantId, ...settingsOf({ ...options, name: options.name ?? tenantId }) };
  printTenant(await callServer(connectionOf(options), 'POST', PATH, body), options);
}

export async function changeTenant(tenantId: string, options: Output & TenantSettings): Promise<void> {
  printTenant(
    await callServer(connectionOf(options), 'PATCH', pathOf(tenantId), settingsOf(options)),
    options,
  );
}

export async function setTenantStatus(
  tenantId: string,
  status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED',
  options: Output & Confirmable,
): Promise<void> {
  if (status === 'CLOSED') {
    const consequence = `To close ${tenantId} is final: its holds are released, its budgets closed, its keys revoked.`;
    await confirm(consequence, options);
  }
  printTenant(await callServer(connectionOf(options), 'PATCH', pathOf(tenantId), { status }), options);
}

const pathOf = (tenantId: string): string => `${PATH}/${encodeURIComponent(tenantId)}`;

function settingsOf(options: TenantSettings): object {
  const given = {
    name: options.name,
    default_commit_overage_policy: options.overagePolicy,
    default_reservation_ttl_ms: numberOf(options.defaultTtl),
    max_reservation_ttl_ms: numberOf(options.maxTtl),
    max_reservation_extensions: numberOf(options.maxExtensions),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The server says what is wrong with what is no number. */
const numberOf = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;

const SHOWN: readonly (readonly [string, string])[] = [
  ['tenant', 'tenant_id'],
  ['name', 'name'],
  ['status', 'status'],
  ['overage policy', 'default_commit_overage_policy'],
  ['default ttl (ms)', 'default_reservation_ttl_ms'],
  ['max ttl (ms)', 'max_reservation_ttl_ms'],
  ['max extensions', 'max_reservation_extensions'],
  ['created', 'created_at'],
  ['closed', 'closed_at'],
];

function printTenant(tenant: JsonRecord, { json }: Output): void {
  if (json) printJson(tenant);
  else
    print(
      ...columns(
        SHOWN.flatMap(([name, field]) =>
          tenant[field] === undefined ? [] : [[name, String(tenant[field])]],
        ),
      ),
    );
}
