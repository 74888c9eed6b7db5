/** An auditor's own view of a tenant's policies: which one applies, what it refuses, and what was counted. */

import { demand } from './demand.js';

/** A policy as its events state it: as much of it as the simulated operators write. */
interface Rules {
  readonly policyId: string;
  readonly scopePattern: string;
  readonly priority: number;
  readonly status: string;
  readonly caps: object | null;
  readonly deniedKinds: readonly string[];
  readonly actionQuotas: readonly (Quota & { readonly actionKind: string })[];
  readonly riskClassQuotas: readonly (Quota & { readonly riskClass: string })[];
  readonly effectiveFromMs: number | null;
  readonly effectiveUntilMs: number | null;
}
interface Quota {
  readonly maxCalls: number;
  readonly window: string;
  readonly runTtlMs: number;
}
interface Kept {
  readonly rules: Rules;
  readonly createdAtMs: number;
}

/** A request, as far as policies look at it. */
export interface Asking {
  readonly scopes: readonly string[];
  readonly kind: string;
  readonly runId: string | null;
  readonly atMs: number;
}

interface Stated {
  readonly scope: string;
  readonly counted: string;
  readonly window: string;
  readonly windowKey: string;
  readonly used: number;
  readonly limit: number;
}

/** Of the kinds that the simulated clients ask for; that of a call of a tool is not counted. */
const CLASSES: Readonly<Record<string, string>> = {
  'llm.completion': 'side_effect',
  'db.query': 'read_only',
  'message.email.send': 'external_side_effect',
};

const DIGITS: Readonly<Record<string, number>> = {
  per_minute_tumbling: 16,
  per_hour_tumbling: 13,
  per_day_tumbling: 10,
  per_tenant_per_day: 10,
};

export class Rulebook {
  private readonly policies = new Map<string, Kept>();
  /** How many calls were counted, by what, where and in which window. */
  private readonly counts = new Map<string, number>();
  /** When what a run has used is forgotten. */
  private readonly forgottenAtMs = new Map<string, number>();
  private readonly ofRuns = new Map<string, readonly string[]>();

  enter(type: string, data: object, atMs: number): void {
    const { policyId, changes, ...rules } = data as Rules & { changes?: object };
    if (type === 'PolicyDeleted') this.policies.delete(policyId);
    else if (type === 'PolicyCreated')
      this.policies.set(policyId, { rules: { ...rules, policyId }, createdAtMs: atMs });
    else {
      const known = this.policies.get(policyId);
      demand(known !== undefined, 'a policy changes that was never made');
      this.policies.set(policyId, { ...known, rules: { ...known.rules, ...changes } });
    }
  }

  /** The code of what a policy refuses; null when none does. */
  refusalOf(asking: Asking): string | null {
    const applied = this.applying(asking);
    if (applied === null) return null;
    if (applied.rules.deniedKinds.includes(asking.kind)) return 'kind_denied';
    const isFull = this.counted(applied, asking).some(
      ({ name, limit }) => this.usedOf(name, asking.atMs) >= limit,
    );
    return isFull ? 'quota_exceeded' : null;
  }

  /** Enters a hold: it was let in, under the policy and the caps that apply, and counted as it states. @throws Violation */
  hold(data: object, asking: Asking): void {
    const {
      reservationId,
      policyId,
      caps,
      quotas = [],
    } = data as {
      reservationId: string;
      policyId?: string;
      caps: object | null;
      quotas?: readonly Stated[];
    };
    demand(this.refusalOf(asking) === null, `a hold that a policy refuses: ${this.refusalOf(asking)}`);
    const applied = this.applying(asking);
    demand(policyId === applied?.rules.policyId, `a hold under ${policyId}, not ${applied?.rules.policyId}`);
    demand(JSON.stringify(caps) === JSON.stringify(applied?.rules.caps ?? null), 'a hold with other caps');
    const counted = applied === null ? [] : this.counted(applied, asking);
    const mine = counted.map(({ name, limit }) => `${name} ${this.usedOf(name, asking.atMs) + 1}/${limit}`);
    const theirs = quotas.map(
      (q) => `${q.scope} ${q.counted} ${q.window} ${q.windowKey} ${q.used}/${q.limit}`,
    );
    demand(mine.join() === theirs.join(), `a hold counted as ${theirs.join()}, it should be ${mine.join()}`);
    for (const { name, ttlMs } of counted) {
      this.counts.set(name, this.usedOf(name, asking.atMs) + 1);
      if (ttlMs !== null) this.forgottenAtMs.set(name, asking.atMs + ttlMs);
    }
    this.ofRuns.set(
      reservationId,
      counted.flatMap(({ name, ttlMs }) => (ttlMs === null ? [] : [name])),
    );
  }

  /** A hold ended without anything having happened: its run has its calls back. */
  release(reservationId: string, atMs: number): void {
    for (const name of this.ofRuns.get(reservationId) ?? []) {
      this.counts.set(name, Math.max(0, this.usedOf(name, atMs) - 1));
    }
  }

  private usedOf(name: string, atMs: number): number {
    return (this.forgottenAtMs.get(name) ?? Number.POSITIVE_INFINITY) <= atMs
      ? 0
      : (this.counts.get(name) ?? 0);
  }

  /** Each rule that counts the request, and the name of its counter: it has its window in it. */
  private counted({ rules, scope }: Applied, { scopes, kind, runId, atMs }: Asking) {
    const all = [
      ...rules.riskClassQuotas
        .filter(({ riskClass }) => riskClass === CLASSES[kind])
        .map((quota) => ({ ...quota, what: `risk:${quota.riskClass}` })),
      ...rules.actionQuotas
        .filter(({ actionKind }) => actionKind === kind)
        .map((quota) => ({ ...quota, what: `kind:${quota.actionKind}` })),
    ];
    return all.map(({ what, window, maxCalls: limit, runTtlMs }) => {
      const isRun = window === 'per_run';
      const windowKey = isRun ? runId : new Date(atMs).toISOString().slice(0, DIGITS[window]);
      const where = window === 'per_tenant_per_day' ? scopes[0] : scope;
      return { name: `${where} ${what} ${window} ${windowKey}`, limit, ttlMs: isRun ? runTtlMs : null };
    });
  }

  /** The highest priority, then the longer pattern, then the older, then the smaller id. */
  private applying({ scopes, atMs }: Asking): Applied | null {
    const matching = [...this.policies.values()].flatMap(({ rules, createdAtMs }) => {
      const covers = expressionOf(rules.scopePattern);
      const scope = scopes.filter((each) => covers.test(each)).at(-1);
      const { status, effectiveFromMs: from, effectiveUntilMs: until } = rules;
      const isOn = status === 'ACTIVE' && (from === null || atMs >= from) && (until === null || atMs < until);
      return scope !== undefined && isOn ? [{ rules, scope, createdAtMs }] : [];
    });
    matching.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    return matching[0] ?? null;
  }
}

interface Applied {
  readonly rules: Rules;
  readonly scope: string;
  readonly createdAtMs: number;
}

function isBefore(a: Applied, b: Applied): boolean {
  if (a.rules.priority !== b.rules.priority) return a.rules.priority > b.rules.priority;
  const [longA, longB] = [a.rules.scopePattern.length, b.rules.scopePattern.length];
  if (longA !== longB) return longA > longB;
  return a.createdAtMs === b.createdAtMs
    ? a.rules.policyId < b.rules.policyId
    : a.createdAtMs < b.createdAtMs;
}

/** `*` is one or more levels, `level:*` any value; what does not begin with the tenant stands anywhere below it. */
function expressionOf(pattern: string): RegExp {
  const full = /^(tenant:|\*)/.test(pattern) ? pattern : `*/${pattern}`;
  const parts = full
    .split('/')
    .map((part) => (part === '*' ? '[^/]+(?:/[^/]+)*' : part.replace(':*', ':[^/]+').replaceAll('.', '\\.')));
  return new RegExp(`^${parts.join('/')}$`);
}
