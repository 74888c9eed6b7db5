/** `countersign operators`: add, list, disable and reset people through the running server. */

import { isRecord, type JsonRecord, textOf } from '../integrations/json.js';
import { type Confirmable, confirm } from './confirm.js';
import { type Connection, callServer, connectionOf, type GlobalOptions } from './connection.js';
import { Complaint, columns, paletteFor, print, printJson } from './terminal.js';

interface AddOptions extends GlobalOptions {
  readonly role: readonly string[];
  readonly tenant?: readonly string[];
  readonly group?: readonly string[];
  readonly json?: boolean;
}

export async function addOperator(name: string, options: AddOptions): Promise<void> {
  const { role: roles, tenant: tenants, group: groups } = options;
  const body = { name, roles, ...(tenants && { tenants }), ...(groups && { groups }) };
  const answer = await callServer(connectionOf(options), 'POST', '/admin/operators', body);
  showPassword(answer, options);
}

export async function listOperators(options: GlobalOptions & { json?: boolean }): Promise<void> {
  const operators = await allOperators(connectionOf(options));
  if (options.json) {
    printJson({ operators });
    return;
  }
  const rows = operators.map((operator) => [
    textOf(operator, 'name') ?? '',
    textOf(operator, 'status') ?? '',
    wordsOf(operator, 'roles') ?? '',
    wordsOf(operator, 'tenants') ?? 'all',
    wordsOf(operator, 'groups') ?? '',
    textOf(operator, 'last_sign_in_at') ?? 'never',
  ]);
  const head = ['name', 'status', 'roles', 'tenants', 'groups', 'last sign-in'];
  print(...(rows.length === 0 ? ['There are no operators but the admin key.'] : columns([head, ...rows])));
}

export async function disableOperator(
  name: string,
  options: GlobalOptions & Confirmable & { reason?: string; json?: boolean },
): Promise<void> {
  const connection = connectionOf(options);
  const path = await pathOf(name, connection);
  await confirm(`To disable ${name} is final.`, options);
  const query = options.reason === undefined ? '' : `?${new URLSearchParams({ reason: options.reason })}`;
  const answer = await callServer(connection, 'DELETE', `${path}${query}`);
  if (options.json) printJson(answer);
  else print(`${name} is disabled: their token is refused from now on.`);
}

export async function resetOperator(
  name: string,
  options: GlobalOptions & Confirmable & { json?: boolean },
): Promise<void> {
  const connection = connectionOf(options);
  const path = await pathOf(name, connection);
  await confirm(`To reset ${name} ends their sessions and their password.`, options);
  showPassword(await callServer(connection, 'POST', `${path}/reset`), options);
}

function showPassword(operator: JsonRecord, { json }: { readonly json?: boolean }): void {
  if (json) {
    printJson(operator);
    return;
  }
  const paint = paletteFor(process.stdout, process.env);
  const name = textOf(operator, 'name') ?? '';
  print(
    ...columns([
      ['operator', name],
      ['roles', wordsOf(operator, 'roles') ?? ''],
      ['tenants', wordsOf(operator, 'tenants') ?? 'all'],
    ]),
    '',
    paint.bold(textOf(operator, 'one_time_password') ?? ''),
    paint.dim(`This is shown once, and good for one "countersign sign-in ${name}".`),
  );
}

/** @throws Complaint when nobody has that name or id */
async function pathOf(name: string, connection: Connection): Promise<string> {
  const wanted = name.toLowerCase();
  const found = (await allOperators(connection)).find(
    (operator) => textOf(operator, 'name') === wanted || textOf(operator, 'operator_id') === name,
  );
  if (found === undefined)
    throw new Complaint(`there is no operator ${name}: see "countersign operators list"`);
  return `/admin/operators/${encodeURIComponent(textOf(found, 'operator_id') ?? '')}`;
}

async function allOperators(connection: Connection): Promise<JsonRecord[]> {
  const operators: JsonRecord[] = [];
  let cursor = '';
  do {
    const answer = await callServer(connection, 'GET', `/admin/operators?limit=100${cursor}`);
    const page = answer['operators'];
    if (Array.isArray(page)) operators.push(...page.filter(isRecord));
    const next = textOf(answer, 'next_cursor');
    cursor = next === null || next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
  } while (cursor !== '');
  return operators;
}

const wordsOf = (record: JsonRecord, field: string): string | undefined => {
  const words = record[field];
  return Array.isArray(words) && words.length > 0 ? words.join(', ') : undefined;
};
