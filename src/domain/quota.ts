/** Counting calls: which counters a request would use, whether they have room, and how they are folded. */

import type { PolicyKeySpec } from './action-kinds.js';
import { assert } from './assertions.js';
import type { RiskClass } from './assessment.js';
import { canonicalJson } from './canonical-json.js';
import type { PolicyKeys } from './facts.js';
import type { CounterKey, ScopePath } from './ids.js';
import type {
  ActionQuota,
  Counted,
  CounterName,
  QuotaUse,
  QuotaWindow,
  RiskClassQuota,
} from './policy.events.js';
import type { Applied } from './policy-book.js';
import type { TenantState } from './state.js';

/** What a request is counted as. */
export interface Call {
  readonly kind: string;
  readonly riskClass: RiskClass;
  readonly keySpec: PolicyKeySpec | null;
  readonly policyKeys: PolicyKeys | null;
  /** Names the run; null when the request does not. */
  readonly runId: string | null;
  readonly tenantScope: ScopePath;
  readonly nowMs: number;
}

/** A rule that a call falls under, and its counter as it stands before the call. */
export interface Charge {
  readonly name: CounterName;
  readonly used: number;
  readonly limit: number;
  readonly expiresAtMs: number;
  /** Hundredths of a percent; null where nothing is reported. */
  readonly thresholdBp: number | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const CALENDAR: Readonly<Record<Exclude<QuotaWindow, 'per_run'>, { ms: number; digits: number }>> = {
  per_minute_tumbling: { ms: MINUTE_MS, digits: 16 },
  per_hour_tumbling: { ms: HOUR_MS, digits: 13 },
  per_day_tumbling: { ms: DAY_MS, digits: 10 },
  per_tenant_per_day: { ms: DAY_MS, digits: 10 },
};

/** The UTC bucket of a moment, as 2026-04-09T14:32, and when it ends. UTC has no daylight saving: days are equal. */
export function bucketAt(
  window: Exclude<QuotaWindow, 'per_run'>,
  nowMs: number,
): { readonly key: string; readonly endMs: number } {
  const { ms, digits } = CALENDAR[window];
  return {
    key: new Date(nowMs).toISOString().slice(0, digits),
    endMs: Math.floor(nowMs / ms) * ms + ms,
  };
}

/** A calendar counter is replaced when its window is over; a run's lives beside those of other runs. */
export const counterKey = ({ scope, counted, window, windowKey, filter }: CounterName): CounterKey =>
  JSON.stringify(
    window === 'per_run' ? [scope, counted, window, filter, windowKey] : [scope, counted, window, filter],
  ) as CounterKey;

/** The counter's value, which is 0 when it does not exist, is of an earlier window, or has outlived its run. */
export function usedOf(name: CounterName, state: TenantState, nowMs: number): number {
  const counter = state.counters.get(counterKey(name));
  return counter !== undefined && counter.windowKey === name.windowKey && counter.expiresAtMs > nowMs
    ? counter.used
    : 0;
}

/** Whether a quota for runs applies to a call that names none (cycles-action-kinds: run_id is then required). */
export const lacksRun = ({ policy }: Applied, call: Call): boolean =>
  call.runId === null &&
  (policy.riskClassQuotas.some((rule) => rule.window === 'per_run' && rule.riskClass === call.riskClass) ||
    policy.actionQuotas.some((rule) => rule.window === 'per_run' && fallsUnder(rule, call)));

/** The risk-class quotas that a call falls under. */
export const riskCharges = (applied: Applied, call: Call, state: TenantState): Charge[] =>
  applied.policy.riskClassQuotas
    .filter((rule) => rule.riskClass === call.riskClass)
    .map((rule) => charge(rule, { counted: `risk:${rule.riskClass}`, filter: '' }, applied, call, state));

/** The quotas of its kind that a call falls under. */
export const kindCharges = (applied: Applied, call: Call, state: TenantState): Charge[] =>
  applied.policy.actionQuotas
    .filter((rule) => fallsUnder(rule, call))
    .map((rule) =>
      charge(rule, { counted: `kind:${rule.actionKind}`, filter: filterOf(rule) }, applied, call, state),
    );

/** A rate limit is a quota of every reservation, or every commit, of a UTC minute. */
export function rateCharge(
  counted: 'reservations' | 'commits',
  limit: number,
  { scope }: Applied,
  state: TenantState,
  nowMs: number,
): Charge {
  const window = 'per_minute_tumbling';
  const { key: windowKey, endMs: expiresAtMs } = bucketAt(window, nowMs);
  const name: CounterName = { scope, counted, window, windowKey, filter: '' };
  return { name, used: usedOf(name, state, nowMs), limit, expiresAtMs, thresholdBp: null };
}

function charge(
  rule: ActionQuota | RiskClassQuota,
  what: { readonly counted: Counted; readonly filter: string },
  applied: Applied,
  call: Call,
  state: TenantState,
): Charge {
  const { window, maxCalls: limit, thresholdBp } = rule;
  const { nowMs } = call;
  const scope = window === 'per_tenant_per_day' ? call.tenantScope : applied.scope;
  if (window === 'per_run') {
    assert(call.runId !== null, 'a call under a quota for runs names its run');
    const name: CounterName = { scope, window, windowKey: call.runId, ...what };
    return { name, used: usedOf(name, state, nowMs), limit, expiresAtMs: nowMs + rule.runTtlMs, thresholdBp };
  }
  const { key: windowKey, endMs: expiresAtMs } = bucketAt(window, nowMs);
  const name: CounterName = { scope, window, windowKey, ...what };
  return { name, used: usedOf(name, state, nowMs), limit, expiresAtMs, thresholdBp };
}

/** A rule that is narrowed by a key does not apply where the key is absent, unknown to the kind, or not in the list. */
function fallsUnder(rule: ActionQuota, { kind, keySpec, policyKeys }: Call): boolean {
  if (rule.actionKind !== kind) return false;
  return (
    isListed(rule.hosts, keySpec?.host ? policyKeys?.host : undefined) &&
    isListed(rule.recipientDomains, keySpec?.recipientDomain ? policyKeys?.recipient_domain : undefined) &&
    isListed(rule.resourceTypes, keySpec?.resourceType ? policyKeys?.resource_type : undefined)
  );
}

function isListed(list: readonly string[], value: unknown): boolean {
  if (list.length === 0) return true;
  return typeof value === 'string' && list.includes(value.toLowerCase());
}

export const filterOf = ({ hosts, recipientDomains, resourceTypes }: ActionQuota): string =>
  hosts.length + recipientDomains.length + resourceTypes.length === 0
    ? ''
    : canonicalJson({ hosts, recipientDomains, resourceTypes });

/** The charge that stands in the way: of those without room the one with the least; undefined when all have room. */
export function exhausted(charges: readonly Charge[]): Charge | undefined {
  let worst: Charge | undefined;
  for (const each of charges) {
    if (each.used < each.limit) continue;
    if (worst === undefined || each.limit - each.used < worst.limit - worst.used) worst = each;
  }
  return worst;
}

const WHOLE_BP = 10_000;

/** The counter after one more call. */
export function useOf({ name, used, limit, expiresAtMs, thresholdBp }: Charge): QuotaUse {
  const reaches = (count: number): boolean => thresholdBp !== null && count * WHOLE_BP >= thresholdBp * limit;
  const crossedBp = reaches(used + 1) && !reaches(used) ? thresholdBp : null;
  return { ...name, used: used + 1, limit, expiresAtMs, crossedBp };
}

/** Folds what a call used. @returns the counters that are given back when its hold is */
export function countUses(state: TenantState, uses: readonly QuotaUse[], atMs: number): CounterKey[] {
  const ofRuns: CounterKey[] = [];
  for (const { crossedBp: _crossed, ...use } of uses) {
    assert(use.used === usedOf(use, state, atMs) + 1, 'a counter goes up by one call');
    const key = counterKey(use);
    state.counters.set(key, { ...use, lastUsedAtMs: atMs });
    if (use.window === 'per_run') ofRuns.push(key);
  }
  return ofRuns;
}

/** Gives back what a call that never happened had used of its run's quotas. */
export function giveBack(state: TenantState, keys: readonly CounterKey[], atMs: number): void {
  for (const key of keys) {
    const counter = state.counters.get(key);
    if (counter === undefined || counter.used === 0 || counter.expiresAtMs <= atMs) continue;
    state.counters.set(key, { ...counter, used: counter.used - 1 });
  }
}

export function resetCounters(state: TenantState, names: readonly CounterName[]): void {
  for (const name of names) {
    const key = counterKey(name);
    const counter = state.counters.get(key);
    assert(counter !== undefined, 'a counter that is reset exists');
    state.counters.set(key, { ...counter, used: 0 });
  }
}

const KEPT_MIN = 1_000;

/**
 * Forgets counters that are over, once as many were added as there were after the last time. They count as 0
 * either way, so nothing but memory depends on it. For the bottom layer of state only.
 */
export function forgetOverCounters(state: TenantState, nowMs: number): void {
  if (state.counters.size < 2 * state.countersKept + KEPT_MIN) return;
  for (const [key, counter] of [...state.counters.entries()]) {
    if (counter.expiresAtMs <= nowMs) state.counters.delete(key);
  }
  state.countersKept = state.counters.size;
}
