/** Decides about holding authority: preflight, dry run, reserve. */

import {
  describeKind,
  type Examined,
  examine,
  NO_TERMS,
  requestRateGuard,
  rulesGuard,
  type Terms,
  termsOf,
} from './admission.js';
import {
  type Asked,
  type Asking,
  approvalRefusal,
  askAbout,
  rejectedGuard,
  sessionScopeOf,
} from './approval.decider.js';
import { canonicalJson } from './canonical-json.js';
import type { Debit, Decide, Reserve } from './commands.js';
import type { Decided, LedgerEvent, ObserveMode, OveragePolicy, Reserved } from './events.js';
import { evolve } from './evolve.js';
import { digestOf } from './hash-chain.js';
import {
  evaluateHold,
  type FittingHold,
  type HoldRequest,
  type RefusedHold,
  shortfallsOf,
  topUp,
} from './holds.js';
import { replayOf } from './idempotency.js';
import type { ScopePath } from './ids.js';
import { keyOf, type Placed, place } from './placement.js';
import type { Policy } from './policy-book.js';
import { isRefusal, type Refusal, reasonCodeOf } from './refusals.js';
import { accept, isRuling, type Request, type Ruling, refuse } from './ruling.js';
import { tenantGuard } from './standing.js';
import { type ApiKey, forkState, type Tenant, type TenantState } from './state.js';
import { budgetKey } from './subject.js';

const DEFAULT_GRACE_MS = 5_000;

/** Where a request to hold or to charge acts; or its ruling already, when it was answered before or the tenant cannot. */
export function placeToAct(
  request: Request<Reserve | Debit>,
  tenant: Tenant,
  state: TenantState,
): Placed | Ruling {
  const placed = place(request.command.subject, tenant, keyOf(request, state));
  if (isRefusal(placed)) return refuse(placed);
  const replay = replayOf(request);
  if (replay) return replay;
  const unavailable = tenantGuard(tenant);
  return unavailable ? refuse(unavailable) : placed;
}

/**
 * Reserve (cycles-protocol-v0, createReservation): the guards in their order, then one hold over all
 * budgeted scopes, in one append with the counters it uses and the budgets that templates open. Where decisions
 * are only observed it is evaluated like a dry run.
 */
export function reserve(request: Request<Reserve>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  if (isObserved(command.observeMode, tenant)) return preflight(request, tenant, state);
  const placed = placeToAct(request, tenant, state);
  if (isRuling(placed)) return placed;
  const examined = examineAt(placed, command, state, nowMs);
  if (isRefusal(examined)) return refuse(examined);
  const barred = policyGuard(examined, nowMs);
  if (barred) return refuse(barred);
  const at = { placed, examined, key: keyOf(request, state), state, nowMs };
  const admitted = admit(command, at);
  if (isRuling(admitted)) return admitted;
  const { hold, before } = admitted;

  // It fits at every scope and in every quota: from here the reservation must succeed.
  return accept(
    ...before,
    ...hold.opened,
    reserved(command, placed, hold, { examined, tenant, state, nowMs }),
  );
}

/** Where a request stands when it comes to its budgets. */
interface Standing {
  readonly placed: Placed;
  readonly examined: Examined;
  readonly key: ApiKey | undefined;
  readonly state: TenantState;
  readonly nowMs: number;
}

/** The hold that fits, after what an approval of the request does first; or its refusal, with the question to people. */
function admit(
  command: Reserve,
  at: Standing,
): { readonly hold: FittingHold; readonly before: readonly LedgerEvent[] } | Ruling {
  const { placed, state, nowMs } = at;
  const wanted = { scopes: placed.scopes, ...command.estimate, nowMs };
  const hold = evaluateHold(wanted, state);
  const asking = asksPeople(at) ? askAboutRequest(command, hold, at) : null;
  const no = asking === null ? null : approvalRefusal(asking);
  if (asking !== null && no)
    return refuse(no, !isRefusal(asking) && asking.kind === 'to_ask' ? asking.events : undefined);
  if (asking === null || isRefusal(asking) || asking.kind !== 'granted') {
    return hold.kind === 'refused' ? refuse(hold.refusal) : { hold, before: [] };
  }
  return onApproval(command, asking, { wanted, hold, state });
}

/** What an approval does before the hold that it allows: it is used up, and adds what was short. */
function onApproval(
  { reservationId }: Reserve,
  { approval: { approvalId }, by }: Extract<Asking, { kind: 'granted' }>,
  { wanted, hold, state }: { wanted: HoldRequest; hold: FittingHold | RefusedHold; state: TenantState },
): { readonly hold: FittingHold; readonly before: readonly LedgerEvent[] } | Ruling {
  const consumed: LedgerEvent = { type: 'ApprovalConsumed', data: { approvalId, allowed: reservationId } };
  if (hold.kind === 'fits') return { hold, before: [consumed] };
  const added = topUp(wanted, shortfallsOf(wanted, state), { approvalId, operatorId: by }, state);
  const scratch = forkState(state);
  for (const event of added) evolve(scratch, event, wanted.nowMs);
  const topped = evaluateHold(wanted, scratch);
  return topped.kind === 'fits' ? { hold: topped, before: [consumed, ...added] } : refuse(topped.refusal);
}

/** Whether any answer of people can matter to a request: most tenants have no rule that asks. */
const asksPeople = ({ examined, state }: Standing): boolean =>
  !state.rejectedCalls.isEmpty || (examined.applied?.policy.approvalRules?.length ?? 0) > 0;

/** What the policy's approval rules say of a plain request; null where they leave its hold as it is. */
function askAboutRequest(
  command: Reserve | Decide,
  hold: FittingHold | RefusedHold,
  at: Standing,
): Asking | Refusal | null {
  const { placed, examined, state, nowMs } = at;
  const asked = askedOf(command, at);
  const rejected = rejectedGuard(asked.actionHash, asked.sessionScope, state);
  if (rejected) return rejected;
  const isShort =
    hold.kind === 'refused' &&
    hold.refusal.code === 'budget_exceeded' &&
    command.estimate.unit === 'RISK_POINTS';
  if (hold.kind === 'refused' && !isShort) return null;
  const shortfalls = isShort
    ? shortfallsOf({ scopes: placed.scopes, ...command.estimate, nowMs }, state)
    : [];
  const asking = askAbout(asked, shortfalls, { ...at, policy: examined.applied?.policy ?? null });
  // Where nobody can be asked for what is missing, that it is missing is the reason.
  return isShort && isRefusal(asking) ? null : asking;
}

function askedOf(command: Reserve | Decide, { placed, state }: Standing): Asked {
  const { subject } = placed;
  const { action, estimate } = command;
  const { kind } = action;
  return {
    decisionId: command.decisionId,
    actionHash: digestOf(canonicalJson({ subject, action, estimate })),
    sessionScope: sessionScopeOf(placed),
    action,
    amount: estimate,
    money: null,
    isShown: true,
    facts: { actionKind: kind, riskClass: describeKind(kind, state).riskClass, assessed: null },
    approvers: command.approvers ?? [],
  };
}

/** The mode of a request, else of its tenant, else ENFORCE (cycles-protocol-extensions, OBSERVE MODE). */
export const isObserved = (asked: ObserveMode | undefined, tenant: Tenant): boolean =>
  (asked ?? tenant.settings.observeMode) === 'OBSERVE';

export const examineAt = (
  { subject, scopes }: Placed,
  { action }: Pick<Decide, 'action'>,
  state: TenantState,
  nowMs: number,
): Examined | Refusal =>
  examine({ subject, action, scopes, runId: subject.dimensions?.['run_id'] ?? null, nowMs }, state);

const policyGuard = (examined: Examined, nowMs: number): Refusal | null =>
  requestRateGuard(examined, nowMs) ?? rulesGuard(examined);

/** What a policy adds to an event; nothing where there is none, so that it costs nothing there. */
export const statedTerms = ({ policyId, quotas }: Terms) => ({
  ...(policyId !== null && { policyId }),
  ...(quotas.length > 0 && { quotas }),
});

function reserved(
  command: Reserve,
  placed: Placed,
  hold: FittingHold,
  {
    examined,
    tenant,
    state,
    nowMs,
  }: { examined: Examined; tenant: Tenant; state: TenantState; nowMs: number },
): Reserved {
  const policy = examined.applied?.policy ?? null;
  const terms = termsOf(examined);
  const { defaultTtlMs, maxTtlMs } = ttlLimits(policy, tenant);
  const ttlMs = Math.min(command.ttlMs ?? defaultTtlMs, maxTtlMs);
  return {
    type: 'Reserved',
    data: {
      reservationId: command.reservationId,
      subject: placed.subject,
      action: command.action,
      unit: command.estimate.unit,
      amount: command.estimate.amount,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      heldScopes: hold.heldScopes,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + ttlMs,
      gracePeriodMs: command.gracePeriodMs ?? DEFAULT_GRACE_MS,
      overagePolicy:
        command.overagePolicy ??
        overageDefault(hold.heldScopes, command.estimate.unit, { policy, tenant, state }),
      caps: terms.caps,
      metadata: command.metadata,
      toolCallId: null,
      balances: hold.after,
      ...statedTerms(terms),
    },
  };
}

/** How long reservations live, and how often that may be lengthened: the policy's word, else the tenant's. */
export function ttlLimits(
  policy: Policy | null,
  { settings }: Tenant,
): { readonly defaultTtlMs: number; readonly maxTtlMs: number; readonly maxExtensions: number } {
  const ttl = policy?.ttl;
  return {
    defaultTtlMs: ttl?.defaultTtlMs ?? settings.defaultTtlMs,
    maxTtlMs: ttl?.maxTtlMs ?? settings.maxTtlMs,
    maxExtensions: ttl?.maxExtensions ?? settings.maxExtensions,
  };
}

/** The policy decides, else the most specific of the drawn budgets that has a policy of its own, else the tenant. */
export function overageDefault(
  heldScopes: readonly ScopePath[],
  unit: Reserved['data']['unit'],
  { policy, tenant, state }: { policy: Policy | null; tenant: Tenant; state: TenantState },
): OveragePolicy {
  if (policy?.overagePolicy) return policy.overagePolicy;
  for (const scope of [...heldScopes].reverse()) {
    const ofBudget = state.budgets.get(budgetKey(scope, unit))?.overagePolicy;
    if (ofBudget) return ofBudget;
  }
  return tenant.settings.overagePolicy;
}

/**
 * Preflight, dry run and observation: the same guards as a live reserve, answered as a decision and recorded, with
 * nothing held, counted or opened. What is malformed, and a wrong unit, stay request errors.
 */
export function preflight(request: Request<Decide | Reserve>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const placed = place(command.subject, tenant, keyOf(request, state));
  if (isRefusal(placed)) return refuse(placed);
  const replay = replayOf(request);
  if (replay) return replay;
  const unavailable = tenantGuard(tenant);
  const answer = { operation: preflightOf(command, tenant), placed };
  if (unavailable) {
    const hold: RefusedHold = { kind: 'refused', refusal: unavailable, before: [] };
    return accept(preflightAnswer(command, { ...answer, hold, terms: NO_TERMS }));
  }
  const examined = examineAt(placed, command, state, nowMs);
  if (isRefusal(examined)) return refuse(examined);
  const { unit, amount } = command.estimate;
  const drawn = evaluateHold({ scopes: placed.scopes, unit, amount, nowMs }, state);
  const barred = policyGuard(examined, nowMs);
  const at = { placed, examined, key: keyOf(request, state), state, nowMs };
  const asking = barred === null && asksPeople(at) ? askAboutRequest(command, drawn, at) : null;
  const no = barred ?? (asking === null ? null : approvalRefusal(asking));
  const hold: typeof drawn = no ? { kind: 'refused', refusal: no, before: drawn.before } : drawn;
  if (hold.kind === 'refused' && hold.refusal.code === 'unit_mismatch') return refuse(hold.refusal);
  return accept(preflightAnswer(command, { ...answer, hold, terms: termsOf(examined) }));
}

function preflightOf(command: Decide | Reserve, tenant: Tenant): Decided['data']['operation'] {
  if (command.type === 'Decide' && command.operation === 'decide') return 'decide';
  return isObserved(command.observeMode, tenant) ? 'observe' : 'dry_run';
}

function preflightAnswer(
  command: Decide | Reserve,
  answer: {
    readonly operation: Decided['data']['operation'];
    readonly placed: Placed;
    readonly hold: FittingHold | RefusedHold;
    readonly terms: Terms;
  },
): Decided {
  const { operation, placed, hold, terms } = answer;
  const denied = hold.kind === 'refused' ? hold.refusal : null;
  const caps = denied ? null : terms.caps;
  return {
    type: 'Decided',
    data: {
      decisionId: command.decisionId,
      operation,
      decision: denied ? 'DENY' : allowedWith(caps),
      answered: true,
      reasonCode: denied ? reasonCodeOf(denied.code) : null,
      message: denied?.message ?? null,
      subject: placed.subject,
      action: command.action,
      estimate: command.estimate,
      reservationId: null,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      caps,
      metadata: command.metadata,
      details: denied?.details ?? null,
      repeats: 1,
      gate: null,
      balances: hold.before,
      ...(denied?.deny && { deny: denied.deny }),
      ...(terms.policyId !== null && { policyId: terms.policyId }),
    },
  };
}

export const allowedWith = (caps: Terms['caps']): 'ALLOW' | 'ALLOW_WITH_CAPS' =>
  caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS';
