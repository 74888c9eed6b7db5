/** The decider: one command against one tenant's folded state. Pure; time, ids and history come with it. */

import { authorize, withFixedLevels } from './access.js';
import type { Amount } from './amount.js';
import { answerApproval, cancelApproval } from './approval.decider.js';
import { unreachable } from './assertions.js';
import { createBudget, freezeBudget, fundBudget, unfreezeBudget, updateBudget } from './budget.decider.js';
import { canonicalJson } from './canonical-json.js';
import { closePeriod } from './closing.decider.js';
import type { Command } from './commands.js';
import { adjustCharge, correctBudget } from './correction.decider.js';
import { debit } from './debit.decider.js';
import type { Actor, Decided, Operation } from './events.js';
import { extend } from './extension.decider.js';
import { submitToolCall } from './gate.decider.js';
import { gateSubject } from './gate-guards.js';
import type { DecisionId, ScopePath } from './ids.js';
import { recordOutcome } from './outcome.decider.js';
import { keyOf } from './placement.js';
import {
  createPolicy,
  declareActionKind,
  deletePolicy,
  resetQuotaCounter,
  updatePolicy,
} from './policy.decider.js';
import { isRefusal, REFUSALS, type Refusal, type RefusalCode, reasonCodeOf, refusal } from './refusals.js';
import { changeRegistry } from './registry.decider.js';
import { preflight, reserve } from './reservation.decider.js';
import { type Request, type Ruling, refuse } from './ruling.js';
import { commit, release } from './settlement.decider.js';
import { balanceOf, type Tenant, type TenantState } from './state.js';
import { budgetKey, deriveScopes, parseScope, type Subject } from './subject.js';
import { defineBudgetTemplate, retireBudgetTemplate } from './template.decider.js';
import {
  changeTenantStatus,
  issueApiKey,
  openTenant,
  revokeApiKey,
  updateApiKey,
  updateTenant,
} from './tenant.decider.js';

/** Key, permission, tenant; then the command's own cascade. The first refusal wins. */
export function decide(request: Request, state: TenantState): Ruling {
  const { command, origin, nowMs } = request;
  const forbidden = authorize(command, origin.actor, state, nowMs);
  if (forbidden) return refuse(forbidden);
  if (command.type === 'OpenTenant') return openTenant({ ...request, command }, state);
  const { tenant } = state;
  if (tenant === null) return refuse(refusal('tenant_not_found', 'The tenant does not exist.'));
  const runtime = decideRuntime(request, tenant, state);
  return runtime ?? provision(request, tenant, state);
}

/** Commands of the runtime and the gate; null for the others. */
function decideRuntime(request: Request, tenant: Tenant, state: TenantState): Ruling | null {
  const { command } = request;
  switch (command.type) {
    case 'Reserve':
      return reserve({ ...request, command }, tenant, state);
    case 'Decide':
      return preflight({ ...request, command }, tenant, state);
    case 'Commit':
      return commit({ ...request, command }, tenant, state);
    case 'Release':
      return release({ ...request, command }, tenant, state);
    case 'Extend':
      return extend({ ...request, command }, tenant, state);
    case 'Debit':
      return debit({ ...request, command }, tenant, state);
    case 'SubmitToolCall':
      return submitToolCall({ ...request, command }, tenant, state);
    case 'RecordOutcome':
      return recordOutcome({ ...request, command }, tenant, state);
    case 'AnswerApproval':
      return answerApproval({ ...request, command }, tenant, state);
    case 'CancelApproval':
      return cancelApproval({ ...request, command }, state);
    default:
      return null;
  }
}

/** Commands of operators, and of keys that may write budgets. */
function provision(request: Request, tenant: Tenant, state: TenantState): Ruling {
  const { command } = request;
  switch (command.type) {
    case 'ChangeTenantStatus':
      return changeTenantStatus({ ...request, command }, tenant);
    case 'UpdateTenant':
      return updateTenant({ ...request, command }, tenant);
    case 'IssueApiKey':
      return issueApiKey({ ...request, command }, tenant);
    case 'UpdateApiKey':
      return updateApiKey({ ...request, command }, tenant, state);
    case 'RevokeApiKey':
      return revokeApiKey({ ...request, command }, tenant, state);
    case 'CreateBudget':
      return createBudget({ ...request, command }, tenant, state);
    case 'UpdateBudget':
      return updateBudget({ ...request, command }, tenant, state);
    case 'FundBudget':
      return fundBudget({ ...request, command }, tenant, state);
    case 'FreezeBudget':
      return freezeBudget({ ...request, command }, tenant, state);
    case 'UnfreezeBudget':
      return unfreezeBudget({ ...request, command }, tenant, state);
    case 'AdjustCharge':
      return adjustCharge({ ...request, command }, tenant, state);
    case 'CorrectBudget':
      return correctBudget({ ...request, command }, tenant, state);
    case 'ClosePeriod':
      return closePeriod({ ...request, command }, state);
    case 'DefineBudgetTemplate':
      return defineBudgetTemplate({ ...request, command }, tenant, state);
    case 'RetireBudgetTemplate':
      return retireBudgetTemplate({ ...request, command }, tenant, state);
    case 'CreatePolicy':
      return createPolicy({ ...request, command }, tenant, state);
    case 'UpdatePolicy':
      return updatePolicy({ ...request, command }, tenant, state);
    case 'DeletePolicy':
      return deletePolicy({ ...request, command }, tenant, state);
    case 'DeclareActionKind':
      return declareActionKind({ ...request, command }, tenant, state);
    case 'ResetQuotaCounter':
      return resetQuotaCounter({ ...request, command }, tenant, state);
    case 'RegisterTool':
    case 'RemoveTool':
    case 'SetRiskRule':
    case 'RemoveRiskRule':
    case 'RegisterEnvironment':
    case 'RemoveEnvironment':
      return changeRegistry({ ...request, command }, tenant, state);
    case 'OpenTenant':
    case 'Decide':
    case 'Reserve':
    case 'Commit':
    case 'Release':
    case 'Extend':
    case 'Debit':
    case 'SubmitToolCall':
    case 'RecordOutcome':
    case 'AnswerApproval':
    case 'CancelApproval':
      return refuse(refusal('request_invalid', `${command.type} is not for provisioning.`));
    default:
      return unreachable(command);
  }
}

/** Failed authentication is no part of a tenant's ledger; everything that was evaluated to its end is. */
const UNRECORDED: ReadonlySet<RefusalCode> = new Set([
  'key_unknown',
  'key_revoked',
  'key_expired',
  'tenant_not_found',
  // It is assessed anew, and what comes of that is recorded.
  'registry_changed',
] satisfies (keyof typeof REFUSALS)[]);

interface Attempt {
  readonly operation: Operation;
  readonly decisionId: DecisionId;
}

function attemptOf(command: Command): Attempt | null {
  switch (command.type) {
    case 'Decide':
      return { operation: command.operation, decisionId: command.decisionId };
    case 'Reserve':
      return { operation: 'reserve', decisionId: command.decisionId };
    case 'Commit':
      return { operation: 'commit', decisionId: command.decisionId };
    case 'Release':
      return { operation: 'release', decisionId: command.decisionId };
    case 'Extend':
      return { operation: 'extend', decisionId: command.decisionId };
    case 'Debit':
      return { operation: 'debit', decisionId: command.decisionId };
    case 'SubmitToolCall':
      return { operation: 'tool_call', decisionId: command.toolCallId };
    case 'RecordOutcome':
      return { operation: 'outcome', decisionId: command.decisionId };
    case 'CreateBudget':
      return { operation: 'create_budget', decisionId: command.decisionId };
    case 'FundBudget':
      return { operation: 'fund', decisionId: command.decisionId };
    default:
      return null;
  }
}

/** The record of a refused request, as careful as that of an allowed one; null when it leaves none. */
export function recordOfRefusal(request: Request, refused: Refusal, state: TenantState): Decided | null {
  const { command } = request;
  const attempt = attemptOf(command);
  if (attempt === null || UNRECORDED.has(refused.code) || state.tenant === null) return null;
  const asked = askedFor(command);
  const subject = subjectOf(request, state);
  const scopes = scopesOf(command, subject, state.tenant);
  return {
    type: 'Decided',
    data: {
      ...attempt,
      decision: 'DENY',
      answered: false,
      reasonCode: reasonCodeOf(refused.code),
      message: refused.message,
      subject,
      action: 'action' in command ? command.action : null,
      estimate: asked,
      reservationId: 'reservationId' in command && command.type !== 'Reserve' ? command.reservationId : null,
      scopePath: scopes.at(-1) ?? null,
      affectedScopes: scopes,
      caps: null,
      metadata: 'metadata' in command ? (command.metadata ?? null) : null,
      details: refused.details ?? null,
      repeats: 1,
      gate:
        command.type === 'SubmitToolCall'
          ? { ...command.record, assessment: command.assessment, session: null, holds: [] }
          : null,
      balances: scopes.flatMap((scope) => {
        const budget = asked && state.budgets.get(budgetKey(scope, asked.unit));
        return budget ? [balanceOf(budget)] : [];
      }),
      ...(refused.deny && { deny: refused.deny }),
      ...(refused.deny?.blockedByPolicy && { policyId: refused.deny.blockedByPolicy }),
    },
  };
}

/** The subject as it was evaluated: with the levels that the key fixes and those that the gate assigns. */
function subjectOf(request: Request, state: TenantState): Subject | null {
  const { command } = request;
  if (!('subject' in command)) return null;
  const asked = command.type === 'SubmitToolCall' ? gateSubject(command) : command.subject;
  const effective = withFixedLevels(asked, keyOf(request, state));
  return isRefusal(effective) ? asked : effective;
}

/** The scopes a request is about: those of its subject, or the one it names, when that is the tenant's. */
function scopesOf(command: Command, subject: Subject | null, { tenantId }: Tenant): readonly ScopePath[] {
  if (subject !== null) return deriveScopes(subject, tenantId);
  const scope = 'scope' in command ? parseScope(command.scope, tenantId) : undefined;
  return scope === undefined ? [] : [scope];
}

function askedFor(command: Command): Amount | null {
  switch (command.type) {
    case 'Reserve':
    case 'Decide':
    case 'SubmitToolCall':
      return command.estimate;
    case 'Commit':
    case 'Debit':
    case 'RecordOutcome':
      return command.actual;
    case 'CreateBudget':
      return { unit: command.unit, amount: command.allocated };
    case 'FundBudget':
      return { unit: command.unit, amount: command.amount };
    default:
      return null;
  }
}

/**
 * Equal for refusals that say the same of the same attempt, whatever its idempotency key. Of requests that came
 * too fast it is enough who was told so, and where: a rate limit is there so that each is not looked at.
 */
export function refusalFingerprint({ command, origin }: Request, refused: Refusal): string {
  if (refused.code === 'rate_limited') {
    return canonicalJson([refused.code, origin.actor, command.type, refused.deny?.blockedByScope ?? null]);
  }
  const { decisionId: _id, ...attempt } = command as Command & { decisionId?: string };
  if (command.type === 'SubmitToolCall') {
    return canonicalJson([refused.code, origin.actor, command.record.sessionId, command.record.actionHash]);
  }
  const { reservationId, debitId: _debit, ...rest } = attempt as { reservationId?: string; debitId?: string };
  const named = command.type === 'Reserve' ? rest : { ...rest, reservationId };
  return canonicalJson([refused.code, origin.actor, named]);
}

/** Equal for denials of the same call of the same session for the same reason: the gate's answers that say no. */
export function denialFingerprint({ data }: Decided, actor: Actor): string {
  return canonicalJson(['gate', data.reasonCode, actor, data.gate?.sessionId, data.gate?.actionHash]);
}
