/** What an event is called in the operator log; null for events that are no operator's business. */

import type { Amount } from '../../domain/amount.js';
import type { JsonObject, LedgerEvent, RecordedEvent } from '../../domain/events.js';
import { tenantOf } from '../projection.js';

/** An operation by the protocol's operation ids, ours beside them. */
export interface Entry {
  readonly operation: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly status: number;
  readonly errorCode: string | null;
  readonly amount: Amount | null;
  readonly metadata: JsonObject;
}

export function entryOf(event: RecordedEvent): Entry | null {
  const { actor } = event.metadata;
  if (event.type === 'AccessRefused') return refusedAccess(event.data);
  // What the server does by itself, and what agents do with their keys, is in the tenants' own record.
  if (actor.type === 'system') return null;
  if (event.type === 'Decided') return actor.type === 'api_key' ? null : refusedRequest(event);
  return (
    tenantEntry(event, tenantOf(event) ?? '') ??
    keyEntry(event) ??
    policyEntry(event) ??
    registryEntry(event) ??
    budgetEntry(event) ??
    repairEntry(event) ??
    approvalEntry(event) ??
    peopleEntry(event)
  );
}

const done = (
  operation: string,
  resourceType: string,
  resourceId: string,
  metadata: JsonObject = {},
  amount: Amount | null = null,
): Entry => ({ operation, resourceType, resourceId, status: 200, errorCode: null, amount, metadata });

const created = (
  operation: string,
  resourceType: string,
  resourceId: string,
  metadata?: JsonObject,
): Entry => ({
  ...done(operation, resourceType, resourceId, metadata),
  status: 201,
});

function tenantEntry(event: LedgerEvent, tenantId: string): Entry | null {
  const changed = (metadata: JsonObject): Entry => done('updateTenant', 'tenant', tenantId, metadata);
  switch (event.type) {
    case 'TenantOpened':
      return created('createTenant', 'tenant', tenantId);
    case 'TenantUpdated':
      return changed({ changed: Object.keys(event.data) });
    case 'TenantSuspended':
      return changed({ status: 'SUSPENDED', reason: event.data.reason });
    case 'TenantReactivated':
      return changed({ status: 'ACTIVE', reason: event.data.reason });
    case 'TenantClosed':
      return changed({ status: 'CLOSED', reason: event.data.reason });
    default:
      return null;
  }
}

function keyEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'ApiKeyIssued':
      return created('createApiKey', 'api_key', event.data.keyId, { permissions: event.data.permissions });
    case 'ApiKeyUpdated':
      return done('updateApiKey', 'api_key', event.data.keyId, { changed: Object.keys(event.data.changes) });
    case 'ApiKeyRevoked':
      return done('revokeApiKey', 'api_key', event.data.keyId, { reason: event.data.reason });
    default:
      return null;
  }
}

function policyEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'PolicyCreated': {
      const { policyId, name, scopePattern } = event.data;
      return created('createPolicy', 'policy', policyId, { name, scopePattern });
    }
    case 'PolicyUpdated':
      return done('updatePolicy', 'policy', event.data.policyId, {
        changed: Object.keys(event.data.changes),
      });
    case 'PolicyDeleted':
      return done('deletePolicy', 'policy', event.data.policyId);
    case 'ActionKindDeclared':
      return created('declareActionKind', 'action_kind', event.data.kind, {
        riskClass: event.data.riskClass,
      });
    case 'QuotaCounterReset': {
      const { counters, reason } = event.data;
      const [first] = counters;
      const reset = counters.map(({ used, limit, filter }) => ({ used, limit, filter }));
      const name = { counted: first?.counted, window: first?.window, windowKey: first?.windowKey };
      return done('resetActionQuotaCounter', 'quota_counter', first?.scope ?? '', { ...name, reset, reason });
    }
    default:
      return null;
  }
}

function registryEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'ToolRegistered': {
      const { toolId, name, server, tier, points } = event.data;
      return created('registerTool', 'tool', toolId, { name, server, tier, points });
    }
    case 'ToolRemoved':
      return done('removeTool', 'tool', event.data.toolId);
    case 'RiskRuleSet': {
      const { ruleId, name, lowers, tier, points, reason } = event.data;
      return created('setRiskRule', 'risk_rule', ruleId, { name, lowers, tier, points, reason });
    }
    case 'RiskRuleRemoved':
      return done('removeRiskRule', 'risk_rule', event.data.ruleId);
    case 'EnvironmentRegistered': {
      const { environmentId, kind, value, environment } = event.data;
      return created('registerEnvironment', 'environment', environmentId, { kind, value, environment });
    }
    case 'EnvironmentRemoved':
      return done('removeEnvironment', 'environment', event.data.environmentId);
    default:
      return null;
  }
}

function budgetEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'BudgetCreated': {
      const { template, scope, unit, allocated: amount } = event.data;
      // A template's budget is opened by whoever uses its scope first.
      if (template !== null) return null;
      return {
        ...created('createBudget', 'budget', event.data.ledgerId, { scope, unit }),
        amount: { unit, amount },
      };
    }
    case 'BudgetUpdated':
      return ofBudget('updateBudget', event.data, { changed: Object.keys(event.data.changes) });
    case 'BudgetFunded': {
      const { unit, amount, operation, reason } = event.data;
      return { ...ofBudget('fundBudget', event.data, { operation, reason }), amount: { unit, amount } };
    }
    case 'BudgetFrozen':
      return ofBudget('freezeBudget', event.data, { reason: event.data.reason });
    case 'BudgetUnfrozen':
      return ofBudget('unfreezeBudget', event.data, { reason: event.data.reason });
    case 'BudgetTemplateDefined': {
      const { templateId, scopePattern, unit } = event.data;
      return created('createBudgetTemplate', 'budget_template', templateId, { scopePattern, unit });
    }
    case 'BudgetTemplateRetired':
      return done('deleteBudgetTemplate', 'budget_template', event.data.templateId);
    default:
      return null;
  }
}

const ofBudget = (
  operation: string,
  { scope, unit }: { readonly scope: string; readonly unit: string },
  metadata: JsonObject,
): Entry => done(operation, 'budget', `${scope}|${unit}`, { scope, unit, ...metadata });

function repairEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'Released': {
      const { reason, reservationId, note, unit, released: amount } = event.data;
      if (reason !== 'forced') return null;
      return done('releaseReservation', 'reservation', reservationId, { reason: note }, { unit, amount });
    }
    case 'Adjusted': {
      const { chargeId, unit, delta: amount, reason } = event.data;
      return done('adjustCharge', 'charge', chargeId, { reason }, { unit, amount });
    }
    case 'Corrected':
      return ofBudget('correctBudget', event.data, { reason: event.data.reason });
    case 'PeriodClosed': {
      const { periodId, fromMs, untilMs } = event.data;
      const [from, to] = [fromMs, untilMs].map((ms) => new Date(ms).toISOString());
      return created('closePeriod', 'period', periodId, { from, to });
    }
    default:
      return null;
  }
}

function peopleEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'OperatorAdded': {
      const { operatorId, name, roles, tenants, groups } = event.data;
      return created('createOperator', 'operator', operatorId, { name, roles, tenants, groups });
    }
    case 'OperatorChanged': {
      const { operatorId, changes } = event.data;
      const { password, ...authority } = changes;
      if (password === undefined) return done('updateOperator', 'operator', operatorId, authority);
      return done(password.oneTime ? 'resetOperator' : 'changePassword', 'operator', operatorId);
    }
    case 'OperatorDisabled':
      return done('disableOperator', 'operator', event.data.operatorId, { reason: event.data.reason });
    case 'OperatorSignedIn':
      return done('signIn', 'operator', event.data.operatorId, { session_id: event.data.sessionId });
    case 'OperatorSignedOut':
      return {
        ...done('signOut', 'operator', event.data.operatorId, { session_id: event.data.sessionId }),
        status: 204,
      };
    case 'PasskeyRegistered': {
      const { operatorId, passkey } = event.data;
      return created('registerPasskey', 'operator', operatorId, { name: passkey.name });
    }
    case 'PasskeyRemoved':
      return done('removePasskey', 'operator', event.data.operatorId);
    case 'ChannelSet': {
      const { channelId, name, settings, order } = event.data;
      return done('setChannel', 'channel', channelId, { name, kind: settings.kind, order });
    }
    case 'ChannelRemoved':
      return done('removeChannel', 'channel', event.data.channelId);
    default:
      return null;
  }
}

function approvalEntry(event: LedgerEvent): Entry | null {
  switch (event.type) {
    case 'ApprovalGranted': {
      const { approvalId, channel, votes, quorum } = event.data;
      return done('approveCall', 'approval', approvalId, { channel, votes, quorum });
    }
    case 'ApprovalRejected':
      return done('rejectCall', 'approval', event.data.approvalId, {
        channel: event.data.channel,
        reason: event.data.reason,
      });
    case 'ApprovalCancelled':
      return done('cancelApproval', 'approval', event.data.approvalId, { reason: event.data.reason });
    default:
      return null;
  }
}

function refusedAccess(data: Extract<LedgerEvent, { type: 'AccessRefused' }>['data']): Entry {
  const { presented, operatorId, route, repeats } = data;
  return {
    ...done('authenticate', operatorId === null ? '' : 'operator', operatorId ?? '', {
      presented,
      route,
      repeats,
    }),
    status: 401,
    errorCode: 'UNAUTHORIZED',
  };
}

const OPERATION_IDS: Readonly<Record<string, string>> = {
  create_budget: 'createBudget',
  fund: 'fundBudget',
  release: 'releaseReservation',
};

/** Statuses of refusals by their reason; all others are conflicts with the state. */
const REFUSED_STATUS: readonly (readonly [reason: RegExp, status: number])[] = [
  [/NOT_FOUND$/, 404],
  [/^FORBIDDEN$|SUSPENDED$/, 403],
  [/^INVALID_REQUEST$|UNIT_MISMATCH$|OVERFLOW$/, 400],
  [/EXPIRED$/, 410],
];

/** An operator's request that was refused on a tenant's ledger. */
function refusedRequest({ data }: Extract<RecordedEvent, { type: 'Decided' }>): Entry | null {
  const operation = OPERATION_IDS[data.operation];
  if (data.answered || operation === undefined) return null;
  const reason = data.reasonCode ?? '';
  const isBudget = data.reservationId === null;
  return {
    ...done(operation, isBudget ? 'budget' : 'reservation', data.reservationId ?? data.scopePath ?? ''),
    status: REFUSED_STATUS.find(([pattern]) => pattern.test(reason))?.[1] ?? 409,
    errorCode: data.reasonCode,
    amount: data.estimate,
  };
}
