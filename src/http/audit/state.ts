/** A tenant's folded state on the wire, part by part; no secret is in it, nor the hash of one. */

import type { TenantId } from '../../domain/ids.js';
import type { Approval, Reservation, TenantState } from '../../domain/state.js';
import { keyOf, statusOfKey } from '../admin/api-key.dto.js';
import { templateOf } from '../admin/budget-template.dto.js';
import { environmentOf } from '../admin/environment.dto.js';
import { ownPolicyOf } from '../admin/policy-rules.js';
import { quotaCounterOf } from '../admin/quota-counters.js';
import { ruleOf } from '../admin/risk-rule.dto.js';
import { tenantOf } from '../admin/tenant.dto.js';
import { toolOf } from '../admin/tool.dto.js';
import { isoOf, ledgerOf } from '../ledger.dto.js';

export const headAnswer = ({ tenant }: TenantState): object | null => tenant && tenantOf(tenant);

/**
 * Everything else, each part one entry at a time.
 * @param atMs the moment as of which keys are valid or not, ms since the epoch
 */
export const partsAnswer = (
  state: TenantState,
  tenantId: TenantId,
  atMs: number,
): Readonly<Record<string, Iterable<object>>> => ({
  budgets: each(values(state.budgets), (budget) => ledgerOf(budget, tenantId)),
  reservations: each(values(state.reservations), reservationAnswer),
  policies: each(state.policies.values(), (policy) => ownPolicyOf(policy, tenantId)),
  api_keys: each(values(state.keys), (key) => keyOf({ ...key, tenantId }, statusOfKey(key, atMs))),
  budget_templates: each(values(state.templates), (template) => templateOf(template, tenantId)),
  quota_counters: each(values(state.counters), (counter) => quotaCounterOf(counter, state.policies)),
  open_tool_calls: each(values(state.toolCalls), ({ toolCallId, scopePath, holds }) => ({
    tool_call_id: toolCallId,
    scope_path: scopePath,
    holds,
  })),
  approvals: each(state.approvals.entries(), ([approvalId, approval]) =>
    approvalAnswer(approvalId, approval),
  ),
  action_kinds: state.kinds.values(),
  tools: each(state.registry.tools.values(), (tool) => toolOf(tool, tenantId)),
  risk_rules: each(state.registry.rules.values(), (rule) => ruleOf(rule, tenantId)),
  environments: each(state.registry.environments.values(), (known) => environmentOf(known, tenantId)),
});

function* each<T>(items: Iterable<T>, answerOf: (item: T) => object): Generator<object> {
  for (const item of items) yield answerOf(item);
}

function* values<T>(map: { entries(): Iterable<readonly [unknown, T]> }): Generator<T> {
  for (const [, value] of map.entries()) yield value;
}

const reservationAnswer = (held: Reservation): object => ({
  reservation_id: held.reservationId,
  subject: held.subject,
  action: held.action,
  reserved: held.held,
  scope_path: held.scopePath,
  affected_scopes: held.affectedScopes,
  held_scopes: held.heldScopes,
  created_at: isoOf(held.createdAtMs),
  expires_at: isoOf(held.expiresAtMs),
  extensions: held.extensions,
  commit_overage_policy: held.overagePolicy,
  tool_call_id: held.toolCallId,
});

const approvalAnswer = (approvalId: string, approval: Approval): object => ({
  approval_id: approvalId,
  status: approval.status,
  rule: approval.terms.name,
  session_scope: approval.sessionScope,
  tier: approval.tier,
  votes: approval.votes,
  quorum: approval.terms.quorum,
  answer_by: approval.answerByMs === null ? null : isoOf(approval.answerByMs),
  usable_until: approval.usableUntilMs === null ? null : isoOf(approval.usableUntilMs),
});
