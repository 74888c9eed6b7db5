/** What is tried on a tenant's past: rules that were not in force then, in the place of those they would replace. */

import type { Command, DefineBudgetTemplate } from '../../domain/commands.js';
import type { Origin, RecordedEvent } from '../../domain/events.js';
import type { PolicyId, TemplateId } from '../../domain/ids.js';
import type { PolicyRules } from '../../domain/policy.events.js';
import type { Refusal } from '../../domain/refusals.js';
import type { RiskRule, ToolRegistration } from '../../domain/registry.events.js';
import { ruleIdOf, toolIdOf } from '../../domain/registry.js';
import { forkState, type TenantState } from '../../domain/state.js';
import { World } from './world.js';

export type TemplateDraft = Omit<
  DefineBudgetTemplate,
  'type' | 'templateId' | 'dailyTemplateId' | 'replaces'
>;

/** Any number of these, each in the place of its namesake; a template in that of its pattern and unit. */
export interface Draft {
  readonly policies?: readonly PolicyRules[];
  readonly templates?: readonly TemplateDraft[];
  readonly tools?: readonly ToolRegistration[];
  readonly rules?: readonly RiskRule[];
}

/** Whether calls have to be scored anew under it. */
export const isAboutScores = ({ tools = [], rules = [] }: Draft): boolean => tools.length + rules.length > 0;

const ORIGIN: Origin = {
  actor: { type: 'admin' },
  sourceIp: null,
  userAgent: null,
  requestId: 'what-if',
  traceId: null,
  traceFlags: null,
  idempotencyKey: null,
  requestHash: null,
};

/** Puts a draft in force. Answers why it cannot be; null when it is. */
export function putInForce(world: World, draft: Draft, nowMs: number): Refusal | null {
  for (const command of commandsOf(draft, world.state)) {
    const ruling = world.decide(command, ORIGIN, nowMs);
    if (ruling.kind === 'refused') return ruling.refusal;
  }
  return null;
}

/**
 * Why a draft could not be put in force in a tenant as it is; null when it could. That the tenant is closed by now is
 * no reason: its past is not. The state stays as it is.
 */
export function refusedNow(state: TenantState, draft: Draft, nowMs: number): Refusal | null {
  if (state.tenant?.status === 'CLOSED') return null;
  return putInForce(new World(forkState(state)), draft, nowMs);
}

/** Each is made when the one before it is carried out. */
function* commandsOf(draft: Draft, state: TenantState): Generator<Command> {
  for (const [nth, rules] of (draft.policies ?? []).entries()) yield* policyCommands(rules, nth, state);
  for (const [nth, template] of (draft.templates ?? []).entries()) {
    const replaces = templateLike(template, state);
    yield {
      type: 'DefineBudgetTemplate',
      templateId: `tpl_draft_${nth}` as TemplateId,
      dailyTemplateId: `tpl_draft_${nth}_daily` as TemplateId,
      ...template,
      ...(replaces !== undefined && { replaces }),
    };
  }
  for (const tool of draft.tools ?? []) yield { type: 'RegisterTool', tool };
  for (const rule of draft.rules ?? []) yield { type: 'SetRiskRule', rule };
}

function* policyCommands(rules: PolicyRules, nth: number, state: TenantState): Generator<Command> {
  const replaced = [...state.policies.values()].find(({ name }) => name === rules.name);
  const policyId = replaced?.policyId ?? (`pol_draft_${nth}` as PolicyId);
  if (replaced?.scopePattern === rules.scopePattern) {
    const { scopePattern: _pattern, approvalRules = [], ...others } = rules;
    yield { type: 'UpdatePolicy', policyId, changes: { ...others, approvalRules } };
    return;
  }
  if (replaced !== undefined) yield { type: 'DeletePolicy', policyId };
  yield { type: 'CreatePolicy', policyId, rules };
}

type Patterned = Pick<TemplateDraft, 'scopePattern' | 'unit'>;
const isLike = (one: Patterned, other: Patterned): boolean =>
  one.scopePattern === other.scopePattern && one.unit === other.unit;

const templateLike = (template: TemplateDraft, state: TenantState): TemplateId | undefined =>
  [...state.templates.values()].find((each) => isLike(each, template))?.templateId;

/** Whether an event would have changed what the draft stands in for: under the draft it did not come about. */
export function isStoodInFor(draft: Draft, event: RecordedEvent, state: TenantState): boolean {
  const { policies = [], templates = [], tools = [], rules = [] } = draft;
  switch (event.type) {
    case 'PolicyCreated':
      return policies.some(({ name }) => name === event.data.name);
    case 'PolicyUpdated':
    case 'PolicyDeleted': {
      const policy = state.policies.get(event.data.policyId);
      return policy === undefined || policies.some(({ name }) => name === policy.name);
    }
    case 'BudgetTemplateDefined':
      return state.templates.has(event.data.templateId) || templates.some((each) => isLike(each, event.data));
    case 'BudgetTemplateRetired':
      return !state.templates.has(event.data.templateId);
    case 'ToolRegistered':
    case 'ToolRemoved':
      return tools.some((tool) => toolIdOf(tool) === event.data.toolId);
    case 'RiskRuleSet':
    case 'RiskRuleRemoved':
      return rules.some((rule) => ruleIdOf(rule) === event.data.ruleId);
    default:
      return false;
  }
}
