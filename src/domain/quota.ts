/** Counting calls: which counters a request would use, whether they have room, and how they are folded. */

import type { PolicyKeySpec } from './action-kinds.js';
import { assert } from './assertions.js';
import type { RiskClass } from './assessment.js';
import { canonicalJson } from './canonical-json.js';
import type { PolicyKeys } from './facts.js';
import type { CounterKey, ScopePath } from './ids.js';
import type { ActionQuota, CounterName, QuotaUse, QuotaWindow, RiskClassQuota } from './policy.events.js';
import type { Applied } from './policy-book.js';
import type { Counter, TenantState } from './state.js';

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
export interface Charge extends NamedCounter {
  readonly used: number;
  readonly limit: number;
  /** Hundredths of a percent; null where nothing is reported. */
  readonly thresholdBp: number | null;
}

/** A counter by its name and key, and when it is over unless it is used again, ms since the epoch. */
interface NamedCounter {
  readonly name: CounterName;
  readonly key: CounterKey;
  readonly expiresAtMs: number;
}

type CalendarWindow = Exclude<QuotaWindow, 'per_run'>;

/** A UTC minute, hour or day, as 2026-04-09T14:32, from its start until before its end, ms since the epoch. */
export interface Bucket {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const CALENDAR: Readonly<Record<CalendarWindow, { ms: number; digits: number }>> = {
  per_minute_tumbling: { ms: MINUTE_MS, digits: 16 },
  per_hour_tumbling: { ms: HOUR_MS, digits: 13 },
  per_day_tumbling: { ms: DAY_MS, digits: 10 },
  per_tenant_per_day: { ms: DAY_MS, digits: 10 },
};

/** The bucket of each window that was asked for last. Only saves work. */
const latest = new Map<CalendarWindow, Bucket>();

/** The UTC bucket of a moment. UTC has no daylight saving: days are equal. */
export function bucketAt(window: CalendarWindow, nowMs: number): Bucket {
  const known = latest.get(window);
  if (known !== undefined && isWithin(known, nowMs)) return known;
  const { ms, digits } = CALENDAR[window];
  const startMs = Math.floor(nowMs / ms) * ms;
  const bucket = { key: new Date(nowMs).toISOString().slice(0, digits), startMs, endMs: startMs + ms };
  latest.set(window, bucket);
  return bucket;
}

const isWithin = ({ startMs, endMs }: Bucket, nowMs: number): boolean => startMs <= nowMs && nowMs < endMs;

/**
 * A calendar counter is replaced when its window is over; a run's lives beside those of other runs. No part but the
 * run's own name can hold a line break, and that comes last.
 */
export const counterKey = ({
  scope,
  counted,
  window,
  windowKey,
  filter = '',
}: Omit<CounterName, 'filter'> & { readonly filter?: string }): CounterKey => {
  const key = `${scope}\n${counted}\n${window}\n${filter}`;
  return (window === 'per_run' ? `${key}\n${windowKey}` : key) as CounterKey;
};

/** The counter's value, which is 0 when it does not exist, is of an earlier window, or has outlived its run. */
export const usedOf = (name: CounterName, state: TenantState, nowMs: number): number =>
  valueIn(state.counters.get(counterKey(name)), name.windowKey, nowMs);

const valueIn = (counter: Counter | undefined, windowKey: string, nowMs: number): number =>
  counter !== undefined && counter.windowKey === windowKey && counter.expiresAtMs > nowMs ? counter.used : 0;

/** Whether a quota for runs applies to a call that names none (cycles-action-kinds: run_id is then required). */
export const lacksRun = ({ policy }: Applied, call: Call): boolean =>
  call.runId === null &&
  (policy.riskClassQuotas.some((rule) => rule.window === 'per_run' && rule.riskClass === call.riskClass) ||
    policy.actionQuotas.some((rule) => rule.window === 'per_run' && fallsUnder(rule, call)));

/** The risk-class quotas that a call falls under. */
export const riskCharges = (applied: Applied, call: Call, state: TenantState): readonly Charge[] =>
  chargesOf(applied.policy.riskClassQuotas, (rule) => rule.riskClass === call.riskClass, {
    applied,
    call,
    state,
  });

/** The quotas of its kind that a call falls under. */
export const kindCharges = (applied: Applied, call: Call, state: TenantState): readonly Charge[] =>
  chargesOf(applied.policy.actionQuotas, (rule) => fallsUnder(rule, call), { applied, call, state });

const NO_CHARGES: readonly Charge[] = [];

/** Where a rule is used: the policy and scope that apply, and the call. */
interface Use {
  readonly applied: Applied;
  readonly call: Call;
  readonly state: TenantState;
}

function chargesOf<Rule extends ActionQuota | RiskClassQuota>(
  rules: readonly Rule[],
  isUnder: (rule: Rule) => boolean,
  use: Use,
): readonly Charge[] {
  if (rules.length === 0) return NO_CHARGES;
  return rules.filter(isUnder).map((rule) => {
    const { maxCalls: limit, thresholdBp } = rule;
    return chargeOf(counterOf(rule, use), { limit, thresholdBp }, use.state, use.call.nowMs);
  });
}

/** A rate limit is a quota of every reservation, or every commit, of a UTC minute. */
export function rateCharge(
  counted: 'reservations' | 'commits',
  limit: number,
  applied: Applied,
  state: TenantState,
  nowMs: number,
): Charge {
  const window = 'per_minute_tumbling';
  const counter = remembered(applied, counted, bucketAt(window, nowMs), (windowKey) => ({
    scope: applied.scope,
    counted,
    window,
    windowKey,
    filter: '',
  }));
  return chargeOf(counter, { limit, thresholdBp: null }, state, nowMs);
}

const chargeOf = (
  { name, key, expiresAtMs }: NamedCounter,
  { limit, thresholdBp }: { readonly limit: number; readonly thresholdBp: number | null },
  state: TenantState,
  nowMs: number,
): Charge => ({
  name,
  key,
  used: valueIn(state.counters.get(key), name.windowKey, nowMs),
  limit,
  expiresAtMs,
  thresholdBp,
});

function counterOf(rule: ActionQuota | RiskClassQuota, { applied, call }: Use): NamedCounter {
  const { window } = rule;
  if (window !== 'per_run') {
    const scope = window === 'per_tenant_per_day' ? call.tenantScope : applied.scope;
    return remembered(applied, rule, bucketAt(window, call.nowMs), (windowKey) =>
      nameOf(rule, scope, windowKey),
    );
  }
  assert(call.runId !== null, 'a call under a quota for runs names its run');
  const name = nameOf(rule, applied.scope, call.runId);
  return { name, key: counterKey(name), expiresAtMs: call.nowMs + rule.runTtlMs };
}

const nameOf = (rule: ActionQuota | RiskClassQuota, scope: ScopePath, windowKey: string): CounterName => ({
  scope,
  counted: 'riskClass' in rule ? `risk:${rule.riskClass}` : `kind:${rule.actionKind}`,
  window: rule.window,
  windowKey,
  filter: 'riskClass' in rule ? '' : filterOf(rule),
});

/** What is counted under a policy at a scope: a rule of the policy, or a rate. */
type Countable = ActionQuota | RiskClassQuota | 'reservations' | 'commits';

/** By policy and scope, then by rule: its counter in the bucket that was asked for last. Only saves work. */
const counters = new WeakMap<Applied, Map<Countable, NamedCounter>>();

function remembered(
  applied: Applied,
  counted: Countable,
  { key: windowKey, endMs }: Bucket,
  name: (windowKey: string) => CounterName,
): NamedCounter {
  const ofPolicy = counters.get(applied) ?? new Map<Countable, NamedCounter>();
  if (ofPolicy.size === 0) counters.set(applied, ofPolicy);
  const known = ofPolicy.get(counted);
  if (known !== undefined && known.expiresAtMs === endMs) return known;
  const named = name(windowKey);
  const counter = { name: named, key: counterKey(named), expiresAtMs: endMs };
  ofPolicy.set(counted, counter);
  return counter;
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

/** The counter after one more call, as the event says it: what is usual there is left out. */
export function useOf({ name, used, limit, expiresAtMs, thresholdBp }: Charge): QuotaUse {
  const { scope, counted, window, windowKey, filter } = name;
  const use: QuotaUse = { scope, counted, window, windowKey, used: used + 1, limit };
  const reaches = (count: number): boolean => thresholdBp !== null && count * WHOLE_BP >= thresholdBp * limit;
  const isCrossing = thresholdBp !== null && reaches(used + 1) && !reaches(used);
  if (filter === '' && window !== 'per_run' && !isCrossing) return use;
  return {
    ...use,
    ...(filter !== '' && { filter }),
    ...(window === 'per_run' && { expiresAtMs }),
    ...(isCrossing && { crossedBp: thresholdBp }),
  };
}

/** Folds what a call used. @returns the counters that are given back when its hold is */
export function countUses(state: TenantState, uses: readonly QuotaUse[], atMs: number): CounterKey[] {
  const ofRuns: CounterKey[] = [];
  for (const use of uses) {
    const { scope, counted, window, windowKey, filter = '', used, limit } = use;
    const key = counterKey(use);
    const before = valueIn(state.counters.get(key), windowKey, atMs);
    assert(used === before + 1, 'a counter goes up by one call');
    const expiresAtMs = endOf(use, atMs);
    const runTtlMs = window === 'per_run' ? expiresAtMs - atMs : null;
    state.counters.set(key, {
      scope,
      counted,
      window,
      windowKey,
      filter,
      used,
      limit,
      expiresAtMs,
      runTtlMs,
      lastUsedAtMs: atMs,
    });
    if (window === 'per_run') ofRuns.push(key);
  }
  return ofRuns;
}

/** A run's counter says when it is over; that of a calendar window is over with the window. */
function endOf({ window, windowKey, expiresAtMs }: QuotaUse, atMs: number): number {
  if (window === 'per_run') {
    assert(expiresAtMs !== undefined, 'a use of a run says when its counter is over');
    return expiresAtMs;
  }
  const { key, endMs } = bucketAt(window, atMs);
  assert(key === windowKey, 'a call is counted in the window that it falls into');
  return endMs;
}

/** Gives back what a call that never happened had used of its run's quotas. */
export function giveBack(state: TenantState, keys: readonly CounterKey[], atMs: number): void {
  for (const key of keys) {
    const counter = state.counters.get(key);
    if (counter === undefined || counter.used === 0 || counter.expiresAtMs <= atMs) continue;
    state.counters.set(key, { ...counter, used: counter.used - 1 });
  }
}

/** Sets counters back to nothing. A run goes on from there: its counter lives as long again as after a call. */
export function resetCounters(state: TenantState, names: readonly CounterName[], atMs: number): void {
  for (const name of names) {
    const key = counterKey(name);
    const counter = state.counters.get(key);
    assert(counter !== undefined, 'a counter that is reset exists');
    const { runTtlMs } = counter;
    const expiresAtMs = runTtlMs === null ? counter.expiresAtMs : atMs + runTtlMs;
    state.counters.set(key, { ...counter, used: 0, expiresAtMs });
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
