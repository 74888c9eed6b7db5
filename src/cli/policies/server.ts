/** What the server has of one tenant, and the requests that change it. */

import { isRecord, type JsonRecord } from '../../integrations/json.js';
import { type Connection, callServer } from '../connection.js';
import { listAll } from '../listing.js';
import type { Change } from './diff.js';
import type { Section } from './load.js';

const POLICIES = '/admin/policies';
const KINDS = '/admin/action-kinds';
const BUDGETS = '/v1/admin/budgets';
const TEMPLATES = '/admin/budget-templates';

export async function readTenant(
  connection: Connection,
  tenant: string,
): Promise<Record<Section, JsonRecord[]>> {
  const query = { tenant_id: tenant };
  const one = async (path: string, member: string): Promise<JsonRecord[]> => {
    const answer = await callServer(connection, 'GET', `${path}?${new URLSearchParams(query)}`);
    return Array.isArray(answer[member]) ? answer[member].filter(isRecord) : [];
  };
  return {
    action_kinds: await one(KINDS, 'kinds'),
    budgets: await listAll(connection, BUDGETS, 'ledgers', query),
    budget_templates: await one(TEMPLATES, 'templates'),
    policies: await listAll(connection, POLICIES, 'policies', query),
  };
}

/** Carries out one change. @throws Complaint when the server refuses it */
export async function carryOut(connection: Connection, change: Change): Promise<void> {
  const { section } = change.wanted;
  if (section === 'budgets') return changeBudget(connection, change);
  if (section === 'budget_templates') return changeTemplate(connection, change);
  if (section === 'action_kinds') {
    await callServer(connection, 'POST', KINDS, { tenant_id: change.wanted.tenant, ...change.wanted.item });
    return;
  }
  await changePolicy(connection, change);
}

async function changePolicy(connection: Connection, { wanted, there, fields }: Change): Promise<void> {
  if (there === null) {
    await callServer(connection, 'POST', POLICIES, { tenant_id: wanted.tenant, ...wanted.item });
    return;
  }
  const id = String(there['policy_id']);
  const body = Object.fromEntries(fields.map(({ field, to }) => [field, to === undefined ? null : to]));
  await callServer(connection, 'PATCH', `${POLICIES}/${id}`, body);
}

const amountIn = (unit: unknown, amount: unknown): object => ({ unit, amount: BigInt(String(amount)) });

async function changeBudget(connection: Connection, { wanted, there, fields }: Change): Promise<void> {
  const { tenant, item } = wanted;
  const { unit, allocated, overdraft_limit: overdraft, ...rest } = item;
  if (there === null) {
    await callServer(connection, 'POST', BUDGETS, {
      tenant_id: tenant,
      unit,
      ...rest,
      allocated: amountIn(unit, allocated),
      ...(overdraft !== undefined && { overdraft_limit: amountIn(unit, overdraft) }),
    });
    return;
  }
  const place = new URLSearchParams({ tenant_id: tenant, scope: String(item['scope']), unit: String(unit) });
  const changed = new Map(fields.map(({ field, to }) => [field, to]));
  if (changed.has('allocated')) {
    const body = {
      operation: 'RESET',
      amount: amountIn(unit, changed.get('allocated')),
      reason: 'policy file',
    };
    await callServer(connection, 'POST', `${BUDGETS}/fund?${place}`, body);
  }
  const properties = Object.fromEntries(
    [...changed]
      .filter(([field]) => field !== 'allocated')
      .map(([field, to]) => [field, field === 'overdraft_limit' ? amountIn(unit, to) : (to ?? null)]),
  );
  if (Object.keys(properties).length > 0) {
    await callServer(connection, 'PATCH', `${BUDGETS}?${place}`, properties);
  }
}

/** A changed template takes the place of the old one in one request; the budgets that it has opened stay. */
async function changeTemplate(connection: Connection, { wanted, there }: Change): Promise<void> {
  const { tenant, item } = wanted;
  const { unit, allocated, overdraft_limit: overdraft, ...rest } = item;
  await callServer(connection, 'POST', TEMPLATES, {
    tenant_id: tenant,
    unit,
    ...rest,
    allocated: amountIn(unit, allocated),
    ...(overdraft !== undefined && { overdraft_limit: amountIn(unit, overdraft) }),
    ...(there !== null && { replaces: there['template_id'] }),
  });
}
