/** Folds events into the state. Throws on an unknown type and on an event that contradicts the state. */

import { moveApproval } from './approval-moves.js';
import { AssertionError, assert, unreachable } from './assertions.js';
import {
  adjust,
  assertCharged,
  assertMoved,
  changeBudget,
  correct,
  createBudget,
  debit,
  fundBudget,
  heldBudget,
  retireBudget,
  rollOver,
  setBalance,
  updateBudget,
} from './budget-moves.js';
import type { BalanceAfter, Decided, Extended, LedgerEvent, Reserved, TenantUpdated } from './events.js';
import type { CounterKey, KeyId, ReservationId } from './ids.js';
import { changePolicies, declareKind } from './policy-moves.js';
import { countUses, giveBack, resetCounters } from './quota.js';
import { registryAfter } from './registry.js';
import { type ApiKey, type Reservation, type Tenant, type TenantState } from './state.js';

/** How many allowed calls without a hold are remembered until their outcome comes. */
const FREE_CALLS_MAX = 1_000;

/**
 * Writes what an event says into the given layer of state, and returns it.
 * @param atMs when the event occurred, ms since the epoch
 * @throws AssertionError when the event contradicts the state: then the stream must not be decided on
 */
export function evolve(state: TenantState, event: LedgerEvent, atMs: number): TenantState {
  switch (event.type) {
    case 'TenantOpened':
      assert(state.tenant === null, 'a tenant opens once');
      state.tenant = {
        ...event.data,
        status: 'ACTIVE',
        createdAtMs: atMs,
        updatedAtMs: atMs,
        suspendedAtMs: null,
        closedAtMs: null,
      };
      return state;
    case 'TenantUpdated':
      return updateTenant(state, event, atMs);
    case 'TenantSuspended':
      return withTenant(state, { status: 'SUSPENDED', suspendedAtMs: atMs, updatedAtMs: atMs });
    case 'TenantReactivated':
      return withTenant(state, { status: 'ACTIVE', suspendedAtMs: null, updatedAtMs: atMs });
    case 'TenantClosed':
      return closeTenant(state, atMs);
    case 'ApiKeyIssued':
      assert(!state.keys.has(event.data.keyId), 'a key is issued once');
      state.keys.set(event.data.keyId, {
        ...event.data,
        createdAtMs: atMs,
        revokedAtMs: null,
        revokedReason: null,
      });
      return state;
    case 'ApiKeyUpdated':
      return changeKey(state, event.data.keyId, event.data.changes);
    case 'ApiKeyRevoked':
      return changeKey(state, event.data.keyId, { revokedAtMs: atMs, revokedReason: event.data.reason });
    case 'BudgetCreated':
      return createBudget(state, event, atMs);
    case 'BudgetUpdated':
      return updateBudget(state, event, atMs);
    case 'BudgetFunded':
      return fundBudget(state, event, atMs);
    case 'BudgetFrozen':
      return changeBudget(state, event.data, { status: 'FROZEN', updatedAtMs: atMs });
    case 'BudgetUnfrozen':
      return changeBudget(state, event.data, { status: 'ACTIVE', updatedAtMs: atMs });
    case 'BudgetClosed':
      return retireBudget(state, event.data);
    case 'BudgetRolledOver':
      return rollOver(state, event, atMs);
    case 'BudgetTemplateDefined':
      assert(!state.templates.has(event.data.templateId), 'a template is defined once');
      state.templates.set(event.data.templateId, { ...event.data, createdAtMs: atMs });
      return state;
    case 'BudgetTemplateRetired':
      assert(state.templates.has(event.data.templateId), 'a retired template exists');
      state.templates.delete(event.data.templateId);
      return state;
    case 'PolicyCreated':
    case 'PolicyUpdated':
    case 'PolicyDeleted':
      return changePolicies(state, event, atMs);
    case 'ActionKindDeclared':
      return declareKind(state, event);
    case 'QuotaCounterReset':
      resetCounters(state, event.data.counters, atMs);
      return state;
    case 'ToolRegistered':
    case 'ToolRemoved':
    case 'RiskRuleSet':
    case 'RiskRuleRemoved':
    case 'EnvironmentRegistered':
    case 'EnvironmentRemoved':
      state.registry = registryAfter(state.registry, event, atMs);
      return state;
    case 'Decided':
      return rememberToolCall(state, event, atMs);
    case 'Reserved':
      return hold(state, event, atMs);
    case 'Extended':
      return extend(state, event);
    case 'Committed': {
      const { reservationId, charged, balances, quotas } = event.data;
      if (quotas) countUses(state, quotas, atMs);
      endHold(state, { reservationId, charged, balances }, atMs);
      return state;
    }
    case 'Released': {
      const { reservationId, balances } = event.data;
      const { runCounters } = endHold(state, { reservationId, charged: 0n, balances }, atMs);
      if (runCounters) giveBack(state, runCounters, atMs);
      return state;
    }
    case 'Debited':
      return debit(state, event, atMs);
    case 'Adjusted':
      return adjust(state, event, atMs);
    case 'Corrected':
      return correct(state, event, atMs);
    case 'PeriodClosed':
      assert(event.data.fromMs >= state.closedUntilMs, 'no two closed periods overlap');
      state.closedUntilMs = event.data.untilMs;
      return state;
    case 'ApprovalRequested':
    case 'ApprovalEscalated':
    case 'ApprovalGranted':
    case 'ApprovalRejected':
    case 'ApprovalExpired':
    case 'ApprovalCancelled':
    case 'ApprovalConsumed':
      return moveApproval(state, event, atMs);
    case 'OutcomeRecorded':
      state.toolCalls.delete(event.data.toolCallId);
      return state;
    case 'OperatorAdded':
    case 'OperatorChanged':
    case 'OperatorDisabled':
    case 'OperatorSignedIn':
    case 'OperatorSignedOut':
    case 'PasskeyRegistered':
    case 'PasskeyRemoved':
    case 'AccessRefused':
    case 'ChannelSet':
    case 'ChannelRemoved':
    case 'NoticeTaken':
    case 'NoticeSent':
    case 'NoticeFailed':
    case 'NoticeDropped':
      throw new AssertionError('an event about operators stands in a tenant’s stream');
    default:
      return unreachable(event);
  }
}

function withTenant(state: TenantState, change: Partial<Tenant>): TenantState {
  assert(state.tenant !== null && state.tenant.status !== 'CLOSED', 'the tenant is open');
  state.tenant = { ...state.tenant, ...change };
  return state;
}

function updateTenant(state: TenantState, { data }: TenantUpdated, atMs: number): TenantState {
  assert(state.tenant !== null, 'a tenant that changes exists');
  const settings = { ...state.tenant.settings, ...data.settings };
  return withTenant(state, { ...data, settings, updatedAtMs: atMs });
}

function changeKey(state: TenantState, keyId: KeyId, change: Partial<ApiKey>): TenantState {
  const key = state.keys.get(keyId);
  assert(key !== undefined && key.revokedAtMs === null, 'a key that changes exists and is not revoked');
  state.keys.set(keyId, { ...key, ...change });
  return state;
}

/** Closing releases every hold and closes every budget; keys stay recognised, so that they are told why. */
function closeTenant(state: TenantState, atMs: number): TenantState {
  for (const [id] of state.reservations.entries()) state.reservations.delete(id);
  for (const [id] of state.toolCalls.entries()) state.toolCalls.delete(id);
  for (const [id] of state.approvals.entries()) state.approvals.delete(id);
  for (const [key] of state.approvalsByCall.entries()) state.approvalsByCall.delete(key);
  for (const [key, budget] of state.budgets.entries()) {
    state.budgets.set(key, { ...budget, reserved: 0n, status: 'CLOSED', updatedAtMs: atMs });
  }
  return withTenant(state, { status: 'CLOSED', closedAtMs: atMs, updatedAtMs: atMs });
}

function rememberToolCall(state: TenantState, { data }: Decided, atMs: number): TenantState {
  const isLetThrough =
    data.observed === true || data.decision === 'ALLOW' || data.decision === 'ALLOW_WITH_CAPS';
  if (data.gate === null || !isLetThrough) return state;
  if (data.quotas) countUses(state, data.quotas, atMs);
  const { decisionId, gate, scopePath } = data;
  assert(scopePath !== null, 'an allowed tool call has a scope path');
  const holds = gate.holds.map((held) => held.reservationId);
  state.toolCalls.set(decisionId, { toolCallId: decisionId, scopePath, holds });
  if (holds.length > 0) return state;
  const slot = state.freeCallCount % FREE_CALLS_MAX;
  const forgotten = state.freeCalls.get(slot);
  if (forgotten !== undefined) state.toolCalls.delete(forgotten);
  state.freeCalls.set(slot, decisionId);
  state.freeCallCount += 1;
  return state;
}

function hold(state: TenantState, { data }: Reserved, atMs: number): TenantState {
  assert(!state.reservations.has(data.reservationId), 'a reservation is made once');
  assert(data.balances.length === data.heldScopes.length, 'a hold carries a balance for each held scope');
  for (const [index, balance] of data.balances.entries()) {
    const budget = heldBudget(state, data.heldScopes[index], data.unit);
    assertMoved(budget, balance, { ...budget, reserved: budget.reserved + data.amount });
    setBalance(state, balance, atMs);
  }
  const runCounters = data.quotas ? countUses(state, data.quotas, atMs) : [];
  state.reservations.set(data.reservationId, reservationOf(data, runCounters));
  return state;
}

const reservationOf = (data: Reserved['data'], runCounters: readonly CounterKey[]): Reservation => ({
  reservationId: data.reservationId,
  subject: data.subject,
  action: data.action,
  held: { unit: data.unit, amount: data.amount },
  scopePath: data.scopePath,
  affectedScopes: data.affectedScopes,
  heldScopes: data.heldScopes,
  createdAtMs: data.createdAtMs,
  expiresAtMs: data.expiresAtMs,
  dueAtMs: data.expiresAtMs + data.gracePeriodMs,
  extensions: 0,
  overagePolicy: data.overagePolicy,
  caps: data.caps,
  toolCallId: data.toolCallId,
  ...(runCounters.length > 0 && { runCounters }),
});

/** A hold is only ever lengthened, one extension after the other. */
function extend(state: TenantState, { data }: Extended): TenantState {
  const reservation = state.reservations.get(data.reservationId);
  assert(reservation !== undefined, 'a hold that is extended is active');
  const { expiresAtMs, extension } = data;
  assert(
    reservation.expiresAtMs === data.previousExpiresAtMs,
    'an extension goes on from the expiry before it',
  );
  assert(extension === reservation.extensions + 1 && expiresAtMs >= reservation.expiresAtMs, 'it adds to it');
  const dueAtMs = expiresAtMs + data.gracePeriodMs;
  state.reservations.set(data.reservationId, { ...reservation, expiresAtMs, dueAtMs, extensions: extension });
  return state;
}

/** Ends a hold and returns what it was, checking that what left `reserved` and what was charged add up at every scope. */
function endHold(
  state: TenantState,
  end: { reservationId: ReservationId; charged: bigint; balances: readonly BalanceAfter[] },
  atMs: number,
): Reservation {
  const reservation = state.reservations.get(end.reservationId);
  assert(reservation !== undefined, 'a hold ends once');
  assert(
    end.balances.length === reservation.heldScopes.length,
    'an end carries a balance for each held scope',
  );
  const { unit, amount } = reservation.held;
  for (const [index, balance] of end.balances.entries()) {
    const budget = heldBudget(state, reservation.heldScopes[index], unit);
    assertCharged(budget, balance, { held: amount, charged: end.charged });
    setBalance(state, balance, atMs);
  }
  state.reservations.delete(reservation.reservationId);
  forgetHold(state, reservation);
  return reservation;
}

function forgetHold(state: TenantState, { toolCallId, reservationId }: Reservation): void {
  const call = toolCallId === null ? undefined : state.toolCalls.get(toolCallId);
  if (call === undefined) return;
  const holds = call.holds.filter((id) => id !== reservationId);
  if (holds.length === 0) state.toolCalls.delete(call.toolCallId);
  else state.toolCalls.set(call.toolCallId, { ...call, holds });
}
