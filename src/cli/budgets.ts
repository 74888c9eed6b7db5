/** `countersign budgets` and `countersign templates`: authority given, funded, frozen, and opened by itself. */

import { isRecord, type JsonRecord } from '../integrations/json.js';
import { type Confirmable, confirm } from './confirm.js';
import { type Connection, callServer, connectionOf, type GlobalOptions } from './connection.js';
import { amountCell, listAll, printTable, textCell } from './listing.js';
import { Complaint, columns, print, printJson } from './terminal.js';

interface Output extends GlobalOptions {
  readonly json?: boolean;
}
interface Place extends Output {
  readonly unit: string;
}

const BUDGETS = '/v1/admin/budgets';
const TEMPLATES = '/admin/budget-templates';

export async function listBudgets(
  options: Output & { tenant: string; scope?: string; unit?: string; status?: string },
): Promise<void> {
  const budgets = await listAll(connectionOf(options), BUDGETS, 'ledgers', {
    tenant_id: options.tenant,
    scope_prefix: options.scope,
    unit: options.unit,
    status: options.status,
  });
  const amounts = ['allocated', 'spent', 'reserved', 'debt', 'remaining'];
  const shown = [
    { heading: 'scope', cell: textCell('scope') },
    { heading: 'unit', cell: textCell('unit') },
    { heading: 'status', cell: statusCell },
    ...amounts.map((field) => ({ heading: field, cell: amountCell(field), isNumber: true })),
  ];
  printTable(budgets, shown, { json: options.json, empty: `${options.tenant} has no such budgets.` });
}

/** Over its limit is what stops a budget that is otherwise active. */
const statusCell = (budget: JsonRecord): string =>
  [textCell('status')(budget), ...(budget['is_over_limit'] === true ? ['over limit'] : [])]
    .filter((word) => word !== '')
    .join(', ');

export async function createBudget(
  scope: string,
  options: Place & { amount: string; overdraft?: string; overagePolicy?: string; rollover?: string },
): Promise<void> {
  const { unit, overdraft } = options;
  const body = {
    tenant_id: tenantOf(scope),
    scope,
    unit,
    allocated: amountOf(options.amount, unit, '--amount'),
    ...(overdraft !== undefined && { overdraft_limit: amountOf(overdraft, unit, '--overdraft') }),
    ...(options.overagePolicy !== undefined && { commit_overage_policy: options.overagePolicy }),
    ...(options.rollover !== undefined && { rollover_policy: options.rollover }),
  };
  printBudget(await callServer(connectionOf(options), 'POST', BUDGETS, body), options);
}

/** CREDIT, DEBIT, RESET, REPAY_DEBT or RESET_SPENT; the operation is carried out once for a key. */
export async function fundBudget(
  scope: string,
  options: Place & {
    operation: string;
    amount: string;
    spent?: string;
    reason?: string;
    idempotencyKey?: string;
  },
): Promise<void> {
  const { unit, spent, reason, idempotencyKey } = options;
  const query = new URLSearchParams({ tenant_id: tenantOf(scope), scope, unit });
  const answer = await callServer(connectionOf(options), 'POST', `${BUDGETS}/fund?${query}`, {
    operation: options.operation.toUpperCase().replaceAll('-', '_'),
    amount: amountOf(options.amount, unit, '--amount'),
    ...(spent !== undefined && { spent: amountOf(spent, unit, '--spent') }),
    ...(reason !== undefined && { reason }),
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
  });
  if (options.json) {
    printJson(answer);
    return;
  }
  const move = (field: string): string[] => [
    field,
    amountCell(`previous_${field}`)(answer),
    '→',
    amountCell(`new_${field}`)(answer),
  ];
  print(...columns(['allocated', 'remaining', 'spent', 'debt'].map(move), new Set([1, 3])));
}

/** States what the amounts of a budget should have been: the ledger keeps what they were, and why they changed. */
export async function correctBudget(
  scope: string,
  options: Place &
    Confirmable & { allocated: string; spent: string; debt: string; uncovered?: string; reason: string },
): Promise<void> {
  const { unit, uncovered, reason } = options;
  const body = {
    tenant_id: tenantOf(scope),
    scope,
    unit,
    allocated: amountOf(options.allocated, unit, '--allocated'),
    spent: amountOf(options.spent, unit, '--spent'),
    debt: amountOf(options.debt, unit, '--debt'),
    ...(uncovered !== undefined && { uncovered: amountOf(uncovered, unit, '--uncovered') }),
    reason,
  };
  await confirm(`This replaces what is allocated, spent and owed at ${scope} in ${unit}.`, options);
  printBudget(await callServer(connectionOf(options), 'POST', '/admin/budgets/correct', body), options);
}

export async function setFrozen(
  scope: string,
  verb: 'freeze' | 'unfreeze',
  options: Place & { reason?: string },
): Promise<void> {
  const query = new URLSearchParams({ scope, unit: options.unit });
  const body = options.reason === undefined ? {} : { reason: options.reason };
  printBudget(await callServer(connectionOf(options), 'POST', `${BUDGETS}/${verb}?${query}`, body), options);
}

export async function listTemplates(options: Output & { tenant: string }): Promise<void> {
  const templates = await templatesOf(connectionOf(options), options.tenant);
  const shown = [
    { heading: 'template', cell: textCell('template_id') },
    { heading: 'pattern', cell: textCell('scope_pattern') },
    { heading: 'unit', cell: textCell('unit') },
    { heading: 'allocated', cell: amountCell('allocated'), isNumber: true },
    { heading: 'period', cell: textCell('period') },
  ];
  printTable(templates, shown, { json: options.json, empty: `${options.tenant} has no budget templates.` });
}

export async function defineTemplate(
  pattern: string,
  options: Place & { amount: string; period?: string; rollover?: string },
): Promise<void> {
  const { unit } = options;
  const template = await callServer(connectionOf(options), 'POST', TEMPLATES, {
    tenant_id: tenantOf(pattern),
    scope_pattern: pattern,
    unit,
    allocated: amountOf(options.amount, unit, '--amount'),
    ...(options.period !== undefined && { period: options.period }),
    ...(options.rollover !== undefined && { rollover_policy: options.rollover }),
  });
  if (options.json) printJson(template);
  else print(`${textCell('template_id')(template)} opens ${options.amount} ${unit} at each ${pattern}.`);
}

export async function retireTemplate(
  templateId: string,
  options: Output & Confirmable & { tenant: string },
): Promise<void> {
  await confirm(`To retire ${templateId} is final; the budgets it has opened stay.`, options);
  const query = new URLSearchParams({ tenant_id: options.tenant });
  const path = `${TEMPLATES}/${encodeURIComponent(templateId)}?${query}`;
  const template = await callServer(connectionOf(options), 'DELETE', path);
  if (options.json) printJson(template);
  else print(`${templateId} is retired: it opens no further budgets.`);
}

async function templatesOf(connection: Connection, tenant: string): Promise<JsonRecord[]> {
  const query = new URLSearchParams({ tenant_id: tenant });
  const { templates } = await callServer(connection, 'GET', `${TEMPLATES}?${query}`);
  return Array.isArray(templates) ? templates.filter(isRecord) : [];
}

/** @throws Complaint when the path does not begin with its tenant */
function tenantOf(scope: string): string {
  const [, tenant] = /^tenant:([^/]+)/i.exec(scope) ?? [];
  if (tenant !== undefined) return tenant.toLowerCase();
  throw new Complaint(`a scope begins with its tenant, like tenant:acme/app:ide, not "${scope}"`);
}

/** @throws Complaint when the text is no whole number */
function amountOf(text: string, unit: string, option: string): { unit: string; amount: bigint } {
  if (/^\d{1,19}$/.test(text)) return { unit, amount: BigInt(text) };
  throw new Complaint(`${option} takes a whole number of ${unit}, not "${text}"`);
}

function printBudget(budget: JsonRecord, { json }: Output): void {
  if (json) {
    printJson(budget);
    return;
  }
  const amounts = ['allocated', 'spent', 'reserved', 'debt', 'remaining', 'overdraft_limit'];
  print(
    `${textCell('scope')(budget)}  ${textCell('unit')(budget)}  ${statusCell(budget)}`.trimEnd(),
    ...columns(
      amounts.map((field) => [`  ${field.replaceAll('_', ' ')}`, amountCell(field)(budget)]),
      new Set([1]),
    ),
  );
}
