/** Commands that set budgets and templates up, with the parts that no test varies filled in. */

import type { Unit } from '../../src/domain/amount.js';
import type { Command, CreateBudget } from '../../src/domain/commands.js';
import type { OveragePolicy } from '../../src/domain/events.js';
import type { DecisionId, TemplateId, TenantId } from '../../src/domain/ids.js';
import type { SequentialIds } from './simulated-ports.js';

export const createBudget = (
  ids: SequentialIds,
  scope: string,
  unit: Unit,
  allocated: bigint,
  overdraftLimit: bigint,
  overagePolicy: OveragePolicy | null,
): CreateBudget => ({
  type: 'CreateBudget',
  decisionId: ids.mint('dec') as DecisionId,
  scope,
  unit,
  allocated,
  overdraftLimit,
  overagePolicy,
  rolloverPolicy: 'NONE',
  period: null,
  metadata: {},
});

/** A template whose pattern begins with `tenant:T`, which stands for the tenant. */
export const defineTemplate = (
  ids: SequentialIds,
  tenantId: TenantId,
  pattern: string,
  unit: Unit,
  allocated: bigint,
): Command => ({
  type: 'DefineBudgetTemplate',
  templateId: ids.mint('tpl') as TemplateId,
  dailyTemplateId: ids.mint('tpl') as TemplateId,
  scopePattern: pattern.replace('tenant:T', `tenant:${tenantId}`),
  unit,
  allocated,
  overdraftLimit: 0n,
  rolloverPolicy: 'NONE',
  period: null,
});
