/** Budget templates: patterns of scopes whose budget opens by itself on first use. */

import type { Unit } from './amount.js';
import type { BudgetCreated } from './events.js';
import { sha256 } from './hash-chain.js';
import type { ScopePath } from './ids.js';
import { periodAt } from './period.js';
import { type BudgetTemplate, balanceOf, type TenantState } from './state.js';
import { LEVELS, SUBJECT_VALUE } from './subject.js';

/**
 * Whether a pattern covers a scope: segment by segment, `level:*` standing for one value and `**` for any
 * number of levels, none included.
 */
export function patternMatches(pattern: string, scope: ScopePath): boolean {
  return segmentsMatch(pattern.split('/'), scope.split('/'));
}

function segmentsMatch(pattern: readonly string[], scope: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return scope.length === 0;
  if (first === '**') {
    for (let skipped = 0; skipped <= scope.length; skipped++) {
      if (segmentsMatch(rest, scope.slice(skipped))) return true;
    }
    return false;
  }
  const [head, ...tail] = scope;
  if (head === undefined) return false;
  const matches = first.endsWith(':*') ? head.startsWith(first.slice(0, -1)) : first === head;
  return matches && segmentsMatch(rest, tail);
}

/** What is wrong with a pattern, as a sentence, or null. It must begin with the tenant and end in a level. */
export function patternProblem(pattern: string, tenantId: string): string | null {
  const segments = pattern.split('/');
  if (segments[0] !== `tenant:${tenantId}`) return `scope_pattern must begin with tenant:${tenantId}`;
  if (segments.filter((segment) => segment === '**').length > 1) return 'scope_pattern may contain ** once';
  let depth = 0;
  for (const segment of segments.slice(1)) {
    if (segment === '**') continue;
    const colon = segment.indexOf(':');
    const level = LEVELS.findIndex((known) => known === segment.slice(0, colon));
    const value = segment.slice(colon + 1);
    if (level <= depth) return 'scope_pattern must name levels in canonical order';
    if (value !== '*' && !SUBJECT_VALUE.test(value))
      return `scope_pattern has a malformed value in ${segment}`;
    if (value !== value.toLowerCase()) return 'scope_pattern must be lower case';
    depth = level;
  }
  return segments.at(-1) === '**' ? 'scope_pattern must end in a level' : null;
}

/** The template that opens a budget at a scope: the longest pattern wins, then the older one. */
export function templateFor(scope: ScopePath, unit: Unit, state: TenantState): BudgetTemplate | undefined {
  let best: BudgetTemplate | undefined;
  for (const template of state.templates.values()) {
    if (template.unit !== unit || !patternMatches(template.scopePattern, scope)) continue;
    if (best === undefined || template.scopePattern.length > best.scopePattern.length) best = template;
  }
  return best;
}

/** A ledger id that needs no randomness: one (tenant, scope, unit) has one budget for ever. */
export function ledgerIdOf(scope: ScopePath, unit: Unit): string {
  return `ldg_${sha256(`${scope}|${unit}`).slice(0, 26)}`;
}

/** The event that opens a template's budget at a scope. */
export function openFromTemplate(template: BudgetTemplate, scope: ScopePath, nowMs: number): BudgetCreated {
  const { unit, allocated, overdraftLimit } = template;
  const opening = {
    scope,
    unit,
    allocated,
    overdraftLimit,
    spent: 0n,
    reserved: 0n,
    debt: 0n,
    uncovered: 0n,
  };
  return {
    type: 'BudgetCreated',
    data: {
      ledgerId: ledgerIdOf(scope, unit),
      scope,
      unit,
      allocated,
      overdraftLimit,
      overagePolicy: null,
      rolloverPolicy: template.rolloverPolicy,
      period: template.period === null ? null : periodAt(template.period, nowMs),
      template: template.templateId,
      metadata: {},
      balances: [balanceOf(opening)],
    },
  };
}
