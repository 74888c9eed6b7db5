/** Decides about budget templates. */

import { canonicalJson } from './canonical-json.js';
import type { DefineBudgetTemplate, RetireBudgetTemplate } from './commands.js';
import type { BudgetTemplateDefined, BudgetTemplateRetired } from './events.js';
import type { TemplateId } from './ids.js';
import { type Refusal, refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import type { BudgetTemplate, Tenant, TenantState } from './state.js';
import { levelOf } from './subject.js';
import { patternProblem } from './template.js';

/** The standing daily budget: a session is not new authority without limit. */
const DAILY_POINTS = 500n;

/**
 * Defines a template. With the tenant's first RISK_POINTS template for sessions comes the shipped standing
 * budget: 500 points a day for each app, which the sessions' holds draw on too. Operators may retire it. One that
 * takes the place of the one of its pattern and unit retires that in the same append.
 */
export function defineBudgetTemplate(
  { command }: Request<DefineBudgetTemplate>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { type: _type, dailyTemplateId, replaces, ...asked } = command;
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  const problem = patternProblem(asked.scopePattern, tenant.tenantId);
  if (problem !== null) return refuse(refusal('request_invalid', `${problem}.`, { field: 'scope_pattern' }));

  const known = [...state.templates.values()];
  const same = known.find((t) => t.scopePattern === asked.scopePattern && t.unit === asked.unit);
  if (replaces !== undefined && same?.templateId !== replaces) return refuse(notFound(replaces));
  if (same !== undefined && isSameTemplate(same, command)) return accept();
  const retired: BudgetTemplateRetired[] =
    replaces === undefined ? [] : [{ type: 'BudgetTemplateRetired', data: { templateId: replaces } }];
  if (same !== undefined && retired.length === 0) {
    return refuse(
      refusal('template_exists', `A template for ${asked.scopePattern} in ${asked.unit} exists.`),
    );
  }
  const defined: BudgetTemplateDefined = {
    type: 'BudgetTemplateDefined',
    data: { ...asked, shipped: false },
  };
  const isFirstForSessions =
    isForSessions(asked) &&
    !known.some((t) => isForSessions(t) || (t.unit === 'RISK_POINTS' && levelOf(t.scopePattern) === 'app'));
  if (!isFirstForSessions) return accept(...retired, defined);
  return accept(defined, {
    type: 'BudgetTemplateDefined',
    data: {
      templateId: dailyTemplateId,
      scopePattern: `tenant:${tenant.tenantId}/**/app:*`,
      unit: 'RISK_POINTS',
      allocated: DAILY_POINTS,
      overdraftLimit: 0n,
      rolloverPolicy: 'NONE',
      period: 'daily',
      shipped: true,
    },
  });
}

const isForSessions = (template: Pick<BudgetTemplate, 'unit' | 'scopePattern'>): boolean =>
  template.unit === 'RISK_POINTS' && levelOf(template.scopePattern) === 'workflow';

const isSameTemplate = (known: BudgetTemplate, asked: DefineBudgetTemplate): boolean =>
  canonicalJson([known.allocated, known.overdraftLimit, known.rolloverPolicy, known.period]) ===
  canonicalJson([asked.allocated, asked.overdraftLimit, asked.rolloverPolicy, asked.period]);

/** Retires a template; the budgets it opened stay. */
export function retireBudgetTemplate(
  { command }: Request<RetireBudgetTemplate>,
  tenant: Tenant,
  state: TenantState,
): Ruling {
  const { templateId } = command;
  if (!state.templates.has(templateId)) {
    return refuse(notFound(templateId));
  }
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  return accept({ type: 'BudgetTemplateRetired', data: { templateId } });
}

const notFound = (templateId: TemplateId): Refusal =>
  refusal('template_not_found', `The budget template ${templateId} does not exist.`);
