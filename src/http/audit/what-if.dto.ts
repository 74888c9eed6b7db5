/** Body of a what-if, and the lines of its answer. */

import { IsString, MaxLength } from 'class-validator';
import type { Draft } from '../../replay/what-if/draft.js';
import type { Verdict } from '../../replay/what-if/verdict.js';
import type { Difference, Totals, WhatIfStep } from '../../replay/what-if/what-if.js';
import { BudgetTemplateRequestDto } from '../admin/budget-template.dto.js';
import { OwnPolicyRequestDto } from '../admin/policy.dto.js';
import { rulesFrom } from '../admin/policy-rules.js';
import { RiskRuleRequestDto, ruleFrom } from '../admin/risk-rule.dto.js';
import { ToolRequestDto, toolFrom } from '../admin/tool.dto.js';
import { HttpFailure } from '../failure.js';
import { DateTime, ListOf, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';

const DRAFTS_MAX = 100;
const invalid = (field: string, message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });

/** Each part of the draft is as it would be sent to be put in force. */
export class WhatIfRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  /** From this moment on; what was recorded before it stands. */
  @DateTime()
  readonly from!: string;

  /** Up to, not including, this moment. */
  @DateTime()
  readonly to!: string;

  /** Each in the place of the policy of its name, or beside the others. */
  @Optional()
  @ListOf(OwnPolicyRequestDto, { itemsMax: DRAFTS_MAX })
  readonly policies?: readonly OwnPolicyRequestDto[];

  /** Each in the place of the template of its pattern and unit. */
  @Optional()
  @ListOf(BudgetTemplateRequestDto, { itemsMax: DRAFTS_MAX })
  readonly budget_templates?: readonly BudgetTemplateRequestDto[];

  @Optional()
  @ListOf(ToolRequestDto, { itemsMax: DRAFTS_MAX })
  readonly tools?: readonly ToolRequestDto[];

  @Optional()
  @ListOf(RiskRuleRequestDto, { itemsMax: DRAFTS_MAX })
  readonly risk_rules?: readonly RiskRuleRequestDto[];
}

/** @throws HttpFailure 400 that names the field */
export function draftFrom(body: WhatIfRequestDto): Draft {
  const { tenant_id: tenantId, policies = [], budget_templates: templates = [] } = body;
  const { tools = [], risk_rules: rules = [] } = body;
  const parts = { policies, budget_templates: templates, tools, risk_rules: rules };
  if (Object.values(parts).every(({ length }) => length === 0)) {
    throw invalid('policies', 'A draft has a policy, a budget template, a tool or a risk rule at least.');
  }
  for (const [field, items] of Object.entries(parts)) {
    const foreign = items.findIndex((item) => (item.tenant_id ?? tenantId) !== tenantId);
    if (foreign >= 0)
      throw invalid(`${field}.${foreign}.tenant_id`, 'A draft is about the tenant of the request.');
  }
  return {
    policies: policies.map(rulesFrom),
    templates: templates.map(templateFrom),
    tools: tools.map(toolFrom),
    rules: rules.map(ruleFrom),
  };
}

function templateFrom(body: BudgetTemplateRequestDto, nth: number) {
  const { unit, allocated, overdraft_limit: overdraft } = body;
  for (const [field, amount] of Object.entries({ allocated, overdraft_limit: overdraft })) {
    if (amount === undefined || amount.unit === unit) continue;
    throw invalid(
      `budget_templates.${nth}.${field}.unit`,
      `${field} must be in ${unit}, as the template is.`,
    );
  }
  return {
    scopePattern: body.scope_pattern,
    unit,
    allocated: BigInt(allocated.amount),
    overdraftLimit: BigInt(overdraft?.amount ?? 0),
    rolloverPolicy: body.rollover_policy ?? 'NONE',
    period: body.period ?? null,
  } as const;
}

/** @throws HttpFailure 400 that names the field */
export function periodFrom({ from, to }: WhatIfRequestDto): {
  readonly fromMs: number;
  readonly untilMs: number;
} {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(to)];
  if (fromMs >= untilMs) throw invalid('from', 'from must lie before to.');
  return { fromMs, untilMs };
}

/** One line of the answer. The last one has `complete`. */
export function lineOf(step: WhatIfStep): object {
  switch (step.kind) {
    case 'progress': {
      const { phase, revision, atMs, decisions } = step;
      return { progress: { phase, revision, at: isoOf(atMs), decisions } };
    }
    case 'difference':
      return { difference: differenceOf(step) };
    case 'refused': {
      const { message, details } = step.refusal;
      return { refused: { message, ...(details && { details }) }, complete: false };
    }
    case 'total':
      return { total: totalsOf(step.totals), basis: BASIS, complete: true };
  }
}

/** What was compared, in words, since nobody can see it in the numbers. */
const BASIS =
  'Recorded requests, decided again as they came; recorded calls are without their secrets and files. ' +
  'People are those of now, and what they were not asked then they have not answered.';

function differenceOf({ event, before, after, scored }: Difference): object {
  const { data } = event;
  const gate = event.type === 'Decided' ? event.data.gate : null;
  const subject = 'subject' in data ? data.subject : null;
  const score = ({ tier, riskPoints }: { readonly tier: number; readonly riskPoints: number }) => ({
    tier,
    risk_points: riskPoints,
  });
  return {
    action_id: actionIdOf(event),
    revision: event.revision,
    at: event.metadata.occurredAt,
    operation:
      event.type === 'Decided' ? event.data.operation : event.type === 'Debited' ? 'debit' : 'reserve',
    session_id: gate?.sessionId ?? subject?.workflow ?? null,
    subject,
    action: 'action' in data ? data.action : null,
    tool: gate?.tool.name ?? null,
    ...(gate && score(gate.assessment)),
    before: verdictOf(before),
    after: verdictOf(after),
    ...(scored && { scored_before: score(scored.before), scored_after: score(scored.after) }),
  };
}

function actionIdOf({ type, data }: Difference['event']): string | null {
  if (type === 'Decided') return data.decisionId;
  if (type === 'Reserved') return data.reservationId;
  return type === 'Debited' ? data.debitId : null;
}

const verdictOf = ({ decision, reasonCode, message, policyId, caps }: Verdict): object => ({
  decision,
  reason_code: reasonCode,
  message,
  policy_id: policyId,
  ...(caps && { caps }),
});

const totalsOf = (totals: Totals): object => ({
  decisions: totals.decisions,
  different: totals.different,
  refused_that_ran: totals.refusedThatRan,
  allowed_that_were_refused: totals.allowedThatWereRefused,
  approvals_asked: totals.asked,
  approvals_no_longer_asked: totals.noLongerAsked,
  other_caps: totals.otherCaps,
  repeats: totals.repeats,
  not_reproduced: totals.notReproduced,
  not_reread: totals.notReread,
});
