/** Subjects and the scopes derived from them (cycles-protocol-v0, SCOPE DERIVATION). */

import type { Unit } from './amount.js';
import type { BudgetKey, ScopePath, TenantId } from './ids.js';

/** The six levels of a subject, in canonical order. */
export const LEVELS = ['tenant', 'workspace', 'app', 'workflow', 'agent', 'toolset'] as const;
export type Level = (typeof LEVELS)[number];

/** Who acts, as the client sent it; `dimensions` round-trip and are no scopes. */
export type Subject = { readonly [L in Level]?: string } & {
  readonly dimensions?: Readonly<Record<string, string>>;
};

/** Values outside this have no stable place in a scope path. */
export const SUBJECT_VALUE = /^[a-zA-Z0-9_.-]+$/;

/**
 * The scopes of a subject from the tenant down, each a prefix of the next; levels not given are skipped.
 * Lower-cased, or `agent:Bot` would dodge the budget of `agent:bot`.
 */
export function deriveScopes(subject: Subject, tenantId: TenantId): ScopePath[] {
  let path = `tenant:${tenantId}`;
  const scopes = [path as ScopePath];
  for (const level of LEVELS) {
    const value = level === 'tenant' ? undefined : subject[level];
    if (value === undefined) continue;
    path += `/${level}:${value.toLowerCase()}`;
    scopes.push(path as ScopePath);
  }
  return scopes;
}

export const budgetKey = (scope: ScopePath, unit: Unit): BudgetKey => `${scope}|${unit}` as BudgetKey;

/** The level that a scope path ends in: `workflow` for `tenant:acme/workflow:run-7`. */
export function levelOf(scope: string): Level | undefined {
  const last = scope.slice(scope.lastIndexOf('/') + 1);
  const level = last.slice(0, last.indexOf(':'));
  return LEVELS.find((known) => known === level);
}

/** Parses a canonical scope path of the given tenant; undefined when it is malformed or another tenant's. */
export function parseScope(text: string, tenantId: TenantId): ScopePath | undefined {
  const segments = text.toLowerCase().split('/');
  if (segments[0] !== `tenant:${tenantId}`) return undefined;
  let depth = 0;
  for (const segment of segments.slice(1)) {
    const colon = segment.indexOf(':');
    const level = LEVELS.findIndex((known) => known === segment.slice(0, colon));
    if (level <= depth || !SUBJECT_VALUE.test(segment.slice(colon + 1))) return undefined;
    depth = level;
  }
  return segments.join('/') as ScopePath;
}
