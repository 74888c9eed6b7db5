/** A decision taken apart: every check in its order, with its numbers. Decides nothing and records nothing. */

import {
  describeKind,
  type Examined,
  kindGuard,
  quotaGuard,
  type Ruled,
  requestRateGuard,
  termsOf,
} from './admission.js';
import type { Amount } from './amount.js';
import { approvalRefusal, askAbout, rejectedGuard, sessionScopeOf } from './approval.decider.js';
import type { Decide, SubmitToolCall } from './commands.js';
import { decide } from './decider.js';
import type { DenyDetail } from './deny-detail.js';
import type { Caps, Decision, JsonObject } from './events.js';
import {
  actionOf,
  askedOf,
  examineCall,
  gateSubject,
  holdGuard,
  refuseOutright,
  requestGuard,
  wantedHolds,
  workspaceGuard,
} from './gate-guards.js';
import { evaluateHold, shortfallsOf } from './holds.js';
import { keyOf, type Placed, place } from './placement.js';
import type { PolicyMatch } from './policy-book.js';
import type { Charge } from './quota.js';
import { isRefusal, type Refusal, reasonCodeOf } from './refusals.js';
import { examineAt, ttlLimits } from './reservation.decider.js';
import type { Request } from './ruling.js';
import { tenantGuard } from './standing.js';
import { type ApiKey, remainingOf, type Tenant, type TenantState } from './state.js';

export type CheckName =
  | 'scope'
  | 'tenant'
  | 'request'
  | 'rate_limit'
  | 'gate_rules'
  | 'action_kinds'
  | 'risk_class_quotas'
  | 'kind_quotas'
  | 'budgets'
  | 'approval';

/** One check: what it found, and the facts it looked at. Only the first that refuses decides. */
export interface Check {
  readonly name: CheckName;
  readonly refusal: Refusal | null;
  readonly facts: JsonObject;
}

export interface Explanation {
  readonly checks: readonly Check[];
  readonly policies: readonly PolicyMatch[];
  readonly decision: Decision | 'PENDING';
  readonly reasonCode: string | null;
  readonly message: string | null;
  readonly deny: DenyDetail | null;
  readonly caps: Caps | null;
  readonly affectedScopes: readonly string[];
  /** How long a reservation of it would live, and how often that could be lengthened. */
  readonly ttl: ReturnType<typeof ttlLimits> | null;
}

/**
 * Goes through the checks of a request one by one, past the first refusal too, as far as the next can be asked.
 * The decision is the decider's own.
 */
export function explain(
  request: Request<Decide | SubmitToolCall>,
  tenant: Tenant,
  state: TenantState,
): Explanation {
  const { nowMs } = request;
  const placed = placeOf(request, tenant, state);
  const checks: Check[] = [check('scope', isRefusal(placed) ? placed : null, {})];
  const scopes = isRefusal(placed) ? [] : placed.scopes;
  const examined = isRefusal(placed) ? null : examinedAt(request, placed, state);
  if (!isRefusal(placed) && examined !== null) {
    checks.push(check('tenant', tenantGuard(tenant), { status: tenant.status }));
    checks.push(
      check('request', requestRefusal(request, placed, examined), { subject: { ...placed.subject } }),
    );
    if (!isRefusal(examined)) checks.push(...checksOf(request, placed, examined, state));
  }
  const applied = state.policies.applying(scopes, nowMs)?.policy ?? null;
  return {
    checks,
    policies: state.policies.matches(scopes, nowMs),
    ...outcomeOf(request, state),
    affectedScopes: scopes,
    ttl: isRefusal(placed) ? null : ttlLimits(applied, tenant),
  };
}

function placeOf(
  { command, ...request }: Request<Decide | SubmitToolCall>,
  tenant: Tenant,
  state: TenantState,
): Placed | Refusal {
  const key = keyOf({ ...request, command }, state);
  if (command.type === 'Decide') return place(command.subject, tenant, key);
  return workspaceGuard(command.subject, key) ?? place(gateSubject(command), tenant, key);
}

const examinedAt = (
  { command, nowMs }: Request<Decide | SubmitToolCall>,
  placed: Placed,
  state: TenantState,
): Examined | Refusal =>
  command.type === 'Decide'
    ? examineAt(placed, command, state, nowMs)
    : examineCall(command, placed, state, nowMs);

function requestRefusal(
  { command }: Request<Decide | SubmitToolCall>,
  placed: Placed,
  examined: Examined | Refusal,
): Refusal | null {
  const malformed = command.type === 'SubmitToolCall' ? requestGuard(command, placed) : null;
  return malformed ?? (isRefusal(examined) ? examined : null);
}

/** The checks of a complete request, from the rate limit on. */
function checksOf(
  request: Request<Decide | SubmitToolCall>,
  placed: Placed,
  examined: Examined,
  state: TenantState,
): Check[] {
  const { command, nowMs } = request;
  const key = keyOf(request, state);
  const isCall = command.type === 'SubmitToolCall';
  const gate = isCall ? [check('gate_rules', refuseOutright(command), gateFacts(command))] : [];
  const ruled = examined.applied === null ? null : examined;
  const rate = ruled?.rate ?? null;
  return [
    check('rate_limit', requestRateGuard(examined, nowMs), rate ? { counters: [factsOf(rate)] } : {}),
    ...gate,
    kindCheck(command.type === 'Decide' ? command.action.kind : actionOf(command).kind, ruled, state),
    quotaCheck('risk_class_quotas', ruled?.charges.risk ?? [], ruled),
    quotaCheck('kind_quotas', ruled?.charges.kind ?? [], ruled),
    ...wanted(command).map((amount) => budgetCheck(amount, placed, { isCall, state, nowMs })),
    ...(isCall ? [approvalCheck(command, placed, examined, { key, state, nowMs })] : []),
  ];
}

const check = (name: CheckName, refusal: Refusal | null, facts: JsonObject): Check => ({
  name,
  refusal,
  facts,
});

const gateFacts = ({ assessment, ...command }: SubmitToolCall): JsonObject => ({
  action: actionOf({ ...command, assessment }).name,
  radius: assessment.radius,
  tier: assessment.tier,
  risk_points: assessment.riskPoints,
  self_protection: assessment.selfProtection,
});

function kindCheck(kind: string, ruled: Ruled | null, state: TenantState): Check {
  const facts = { kind, risk_class: describeKind(kind, state).riskClass };
  if (ruled === null) return check('action_kinds', null, facts);
  const { applied, call, steps } = ruled;
  const { caps } = termsOf(ruled);
  return check('action_kinds', kindGuard(applied, call, steps), {
    ...facts,
    denied: applied.policy.deniedKinds,
    allowed: applied.policy.allowedKinds,
    degradation_reached: steps.map((step) => step.usedPercent),
    caps: caps && { ...caps },
  });
}

const quotaCheck = (name: CheckName, charges: readonly Charge[], ruled: Ruled | null): Check =>
  check(name, ruled && quotaGuard(charges, ruled.applied, ruled.call), { counters: charges.map(factsOf) });

const factsOf = ({ name, used, limit, expiresAtMs }: Charge): JsonObject => ({
  scope: name.scope,
  counted: name.counted,
  window: name.window,
  window_key: name.windowKey,
  used,
  limit,
  until_ms: expiresAtMs,
});

const wanted = (command: Decide | SubmitToolCall): Amount[] =>
  command.type === 'Decide' ? [command.estimate] : wantedHolds(command).map(({ amount }) => amount);

function budgetCheck(
  asked: Amount,
  placed: Placed,
  { isCall, state, nowMs }: { isCall: boolean; state: TenantState; nowMs: number },
): Check {
  const { unit, amount } = asked;
  const { scopes } = placed;
  const hold = evaluateHold({ scopes, unit, amount, nowMs }, state);
  const opened = hold.kind === 'fits' ? hold.opened.map(({ data }) => data) : [];
  const lines = [
    ...hold.before.map((line) => ({ scope: line.scope, remaining: remainingOf(line), opens: false })),
    ...opened.map((line) => ({ scope: line.scope, remaining: line.allocated, opens: true })),
  ];
  const refused = isCall ? holdGuard(hold, asked, placed) : hold.kind === 'refused' ? hold.refusal : null;
  return check('budgets', refused, {
    unit,
    requested: amount,
    budgets: lines,
  });
}

function approvalCheck(
  command: SubmitToolCall,
  placed: Placed,
  examined: Examined,
  at: { readonly key: ApiKey | undefined; readonly state: TenantState; readonly nowMs: number },
): Check {
  const { tier, riskPoints } = command.assessment;
  const wantedPoints = {
    scopes: placed.scopes,
    unit: 'RISK_POINTS',
    amount: BigInt(riskPoints),
    nowMs: at.nowMs,
  } as const;
  const shortfalls = shortfallsOf(wantedPoints, at.state);
  const policy = examined.applied?.policy ?? null;
  const rejected = rejectedGuard(command.record.actionHash, sessionScopeOf(placed), at.state);
  const asking = askAbout(askedOf(command, placed), shortfalls, { ...at, placed, policy });
  return check('approval', rejected ?? approvalRefusal(asking), { tier, shortfalls });
}

/** What the decider says, and nothing of its own. */
function outcomeOf(
  request: Request<Decide | SubmitToolCall>,
  state: TenantState,
): Pick<Explanation, 'decision' | 'reasonCode' | 'message' | 'deny' | 'caps'> {
  const ruling = decide(request, state);
  if (ruling.kind === 'refused') {
    const { code, message, deny = null } = ruling.refusal;
    return { decision: 'DENY', reasonCode: reasonCodeOf(code), message, deny, caps: null };
  }
  const events = ruling.kind === 'accepted' ? ruling.events : [ruling.event];
  const decided = events.find((event) => event.type === 'Decided');
  if (decided?.type !== 'Decided') throw new Error('an evaluation without its decision');
  const { decision, reasonCode, message, deny = null, caps } = decided.data;
  return { decision, reasonCode, message, deny, caps };
}
