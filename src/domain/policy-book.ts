/** The policies of a tenant in the order in which they are asked. Immutable: a change makes a new book. */

import type { PolicyId, ScopePath } from './ids.js';
import type { PolicyRules } from './policy.events.js';
import { compilePattern, covers, type ScopePattern } from './scope-pattern.js';

export interface Policy extends PolicyRules {
  readonly policyId: PolicyId;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The policy that applies to a request, and the most specific of the request's scopes that it covers. */
export interface Applied {
  readonly policy: Policy;
  readonly scope: ScopePath;
}

/** Whether a policy applies, and what stands in its way. */
export interface PolicyMatch {
  readonly policy: Policy;
  /** The most specific scope that it covers; null for none. */
  readonly scope: ScopePath | null;
  readonly verdict: 'applies' | 'outranked' | 'not_in_effect' | 'disabled' | 'other_scopes';
}

interface Entry {
  readonly policy: Policy;
  readonly pattern: ScopePattern;
}

/** Paths whose policies are remembered before the memory is emptied. */
const REMEMBERED_MAX = 4_096;

export class PolicyBook {
  static readonly EMPTY = new PolicyBook(new Map());
  private readonly entries: readonly Entry[];
  /** By the full path of a subject: what covers it, whatever the time. Only saves work. */
  private readonly remembered = new Map<ScopePath, readonly Applied[]>();

  private constructor(private readonly policies: ReadonlyMap<PolicyId, Policy>) {
    this.entries = [...policies.values()]
      .filter(({ status }) => status === 'ACTIVE')
      .sort(byPrecedence)
      .map((policy) => ({ policy, pattern: compilePattern(policy.scopePattern) }));
  }

  static of(policies: Iterable<Policy>): PolicyBook {
    return new PolicyBook(new Map([...policies].map((policy) => [policy.policyId, policy])));
  }

  get size(): number {
    return this.policies.size;
  }

  get(policyId: PolicyId): Policy | undefined {
    return this.policies.get(policyId);
  }

  values(): Iterable<Policy> {
    return this.policies.values();
  }

  with(policy: Policy): PolicyBook {
    return new PolicyBook(new Map(this.policies).set(policy.policyId, policy));
  }

  without(policyId: PolicyId): PolicyBook {
    const rest = new Map(this.policies);
    rest.delete(policyId);
    return new PolicyBook(rest);
  }

  /**
   * The one policy whose rules apply: of the active ones that cover any of the scopes and are in effect now, the
   * first in precedence. Rules of several policies are never mixed.
   * @param scopes of a subject, from the tenant down, each a prefix of the next
   */
  applying(scopes: readonly ScopePath[], nowMs: number): Applied | null {
    const path = scopes.at(-1);
    if (path === undefined || this.entries.length === 0) return null;
    const covering = this.remembered.get(path) ?? this.remember(path, scopes);
    return covering.find(({ policy }) => isInEffect(policy, nowMs)) ?? null;
  }

  /** Every policy in the order in which they are asked, and why each does or does not apply. */
  matches(scopes: readonly ScopePath[], nowMs: number): PolicyMatch[] {
    const applied = this.applying(scopes, nowMs)?.policy;
    const deepestFirst = [...scopes].reverse();
    return [...this.policies.values()].sort(byPrecedence).map((policy) => {
      const pattern = compilePattern(policy.scopePattern);
      const scope = deepestFirst.find((candidate) => covers(pattern, candidate)) ?? null;
      if (policy === applied) return { policy, scope, verdict: 'applies' };
      if (policy.status !== 'ACTIVE') return { policy, scope, verdict: 'disabled' };
      if (scope === null) return { policy, scope, verdict: 'other_scopes' };
      return { policy, scope, verdict: isInEffect(policy, nowMs) ? 'outranked' : 'not_in_effect' };
    });
  }

  private remember(path: ScopePath, scopes: readonly ScopePath[]): readonly Applied[] {
    const deepestFirst = [...scopes].reverse();
    const covering: Applied[] = [];
    for (const { policy, pattern } of this.entries) {
      const scope = deepestFirst.find((candidate) => covers(pattern, candidate));
      if (scope !== undefined) covering.push({ policy, scope });
    }
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.clear();
    this.remembered.set(path, covering);
    return covering;
  }
}

/** Higher priority first, then the longer pattern, then the older policy. */
function byPrecedence(a: Policy, b: Policy): number {
  return (
    b.priority - a.priority ||
    b.scopePattern.length - a.scopePattern.length ||
    a.createdAtMs - b.createdAtMs ||
    (a.policyId < b.policyId ? -1 : 1)
  );
}

const isInEffect = ({ effectiveFromMs, effectiveUntilMs }: Policy, nowMs: number): boolean =>
  (effectiveFromMs === null || effectiveFromMs <= nowMs) &&
  (effectiveUntilMs === null || nowMs < effectiveUntilMs);
