/**
 * The scope patterns of policies (cycles-governance-admin, Policy.scope_pattern): a path, in which `*` stands for
 * one or more levels and `level:*` for any value of that level. One that does not begin with the tenant may stand
 * anywhere below it: `agent:x` is `*` followed by it.
 */

import type { ScopePath } from './ids.js';
import { LEVELS, SUBJECT_VALUE } from './subject.js';

/** A pattern taken apart, so that matching costs no splitting. */
export interface ScopePattern {
  readonly text: string;
  readonly segments: readonly string[];
}

export function compilePattern(text: string): ScopePattern {
  const segments = text.split('/');
  const isAnchored = segments[0] === '*' || segments[0]?.startsWith('tenant:') === true;
  return { text, segments: isAnchored ? segments : ['*', ...segments] };
}

/** Whether a pattern covers the whole of a scope. */
export function covers(pattern: ScopePattern, scope: ScopePath): boolean {
  return match(pattern.segments, 0, scope.split('/'), 0);
}

function match(pattern: readonly string[], p: number, scope: readonly string[], s: number): boolean {
  const wanted = pattern[p];
  if (wanted === undefined) return s === scope.length;
  const segment = scope[s];
  if (segment === undefined) return false;
  if (wanted === '*') return match(pattern, p + 1, scope, s + 1) || match(pattern, p, scope, s + 1);
  const isMatch = wanted.endsWith(':*') ? segment.startsWith(wanted.slice(0, -1)) : wanted === segment;
  return isMatch && match(pattern, p + 1, scope, s + 1);
}

/** What is wrong with a pattern, as a sentence that names the field, or null. */
export function scopePatternProblem(text: string, tenantId: string): string | null {
  const segments = text.split('/');
  if (segments.length > LEVELS.length) return `scope_pattern has more than ${LEVELS.length} segments.`;
  let depth = -1;
  for (const [index, segment] of segments.entries()) {
    if (segment === '*') {
      if (segments[index - 1] === '*') return 'scope_pattern has two * beside each other.';
      continue;
    }
    const colon = segment.indexOf(':');
    const level = LEVELS.findIndex((known) => known === segment.slice(0, colon));
    const value = segment.slice(colon + 1);
    if (level < 0) return `scope_pattern has no level in "${segment}"; the levels are ${LEVELS.join(', ')}.`;
    if (level <= depth) return `scope_pattern must name levels in the order ${LEVELS.join(', ')}.`;
    if (value !== '*' && !SUBJECT_VALUE.test(value))
      return `scope_pattern has a malformed value in "${segment}".`;
    if (value !== value.toLowerCase()) return 'scope_pattern must be lower case, as scopes are.';
    if (level === 0 && value !== '*' && value !== tenantId) {
      return `scope_pattern names another tenant than ${tenantId}.`;
    }
    depth = level;
  }
  return null;
}
