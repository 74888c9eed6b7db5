/** `countersign keys`: issue, list and revoke API keys through the running server. */

import { type Confirmable, confirm } from './confirm.js';
import { callServer, connectionOf, type GlobalOptions } from './connection.js';
import { listAll, printTable, textCell } from './listing.js';
import { ensureSessionTemplate, ensureTenant, issueHarnessKey } from './provisioning.js';
import { Complaint, columns, paletteFor, print, printJson } from './terminal.js';

interface IssueOptions extends GlobalOptions {
  readonly tenant: string;
  readonly app?: string;
  readonly name: string;
  readonly sessionTemplate?: string;
  readonly trusted: boolean;
  readonly json?: boolean;
}

/** Issues a harness key, with a tenant and a session budget for it where they are missing. */
export async function issueKey(options: IssueOptions): Promise<void> {
  const { tenant, app = null, name, trusted } = options;
  const connection = connectionOf(options);
  const points = options.sessionTemplate === undefined ? null : wholeNumber(options.sessionTemplate);
  if (points !== null && app === null)
    throw new Complaint('--session-template needs --app: sessions belong to an app');
  await ensureTenant(connection, tenant, tenant);
  if (points !== null && app !== null) await ensureSessionTemplate(connection, tenant, app, points);
  const { keyId, secret, expiresAt } = await issueHarnessKey(connection, {
    tenantId: tenant,
    name,
    app,
    trusted,
  });
  if (options.json) {
    printJson({ tenant_id: tenant, app, key_id: keyId, key_secret: secret, expires_at: expiresAt });
    return;
  }
  const paint = paletteFor(process.stdout, process.env);
  print(
    ...columns([
      ['key', keyId],
      ['tenant', tenant],
      ['app', app ?? 'not fixed: every call must name one'],
      ['expires', expiresAt ?? 'never'],
    ]),
    '',
    paint.bold(secret),
    paint.dim('This is shown once. Give it to the hook as COUNTERSIGN_API_KEY.'),
  );
}

function wholeNumber(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new Complaint(`--session-template takes a whole number of points, not "${text}"`);
}

export async function listKeys(options: GlobalOptions & { tenant: string; json?: boolean }): Promise<void> {
  const keys = await listAll(connectionOf(options), '/admin/api-keys', 'keys', { tenant_id: options.tenant });
  if (options.json) {
    printJson({ keys });
    return;
  }
  const shown = [
    { heading: 'key', cell: textCell('key_id') },
    { heading: 'status', cell: textCell('status') },
    { heading: 'name', cell: textCell('name') },
    { heading: 'expires', cell: textCell('expires_at') },
  ];
  printTable(keys, shown, { empty: `${options.tenant} has no keys.` });
}

export async function revokeKey(
  keyId: string,
  options: GlobalOptions & Confirmable & { reason?: string; json?: boolean },
): Promise<void> {
  await confirm(`To revoke ${keyId} is final.`, options);
  const query = options.reason === undefined ? '' : `?${new URLSearchParams({ reason: options.reason })}`;
  const path = `/v1/admin/api-keys/${encodeURIComponent(keyId)}${query}`;
  const answer = await callServer(connectionOf(options), 'DELETE', path);
  if (options.json) printJson(answer);
  else print(`${keyId} is revoked: the next call under it is refused.`);
}
