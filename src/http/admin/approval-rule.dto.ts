/** Approval rules of policies on the wire: which calls people are asked about, and whom. */

import { IsBoolean, IsInt, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { RiskClass } from '../../domain/assessment.js';
import type { ApprovalConditions, ApprovalRule } from '../../domain/events.js';
import { ListOfOneOf, Of, Optional, OrNull, TextList } from '../fields.js';

const RISK_CLASSES: readonly RiskClass[] = [
  'read_only',
  'local_mutation',
  'side_effect',
  'external_side_effect',
  'high_risk',
];
const GROUP = /^[a-zA-Z0-9_.-]{1,128}$/;
const POINTS_MAX = 1_000_000;
const SECOND_MS = 1_000;
const MONTH_MS = 31 * 86_400_000;
/** What is asked when a rule does not say: a quarter to use the answer, an hour to give it. */
const ANSWER_WITHIN_MS = 60 * 60 * 1000;
const USE_WITHIN_MS = 15 * 60 * 1000;
/** What a rule for exceeded budgets may add when it does not say. */
const MISSING_POINTS = 400;

/** Each condition that is given must hold; a rule without any fits every call. */
export class ApprovalConditionsDto {
  @Optional()
  @IsInt()
  @Min(0)
  @Max(4)
  readonly min_tier?: number;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(POINTS_MAX)
  readonly min_points?: number;

  @Optional()
  @ListOfOneOf(RISK_CLASSES)
  readonly risk_classes?: readonly RiskClass[];

  @Optional()
  @TextList({ itemsMax: 100, lengthMin: 1, lengthMax: 64 })
  readonly action_kinds?: readonly string[];

  /** `name` or `server:name`; `*` stands for any run of characters. */
  @Optional()
  @TextList({ itemsMax: 100, lengthMin: 1, lengthMax: 256 })
  readonly tools?: readonly string[];

  @Optional()
  @TextList({ itemsMax: 20, lengthMin: 1, lengthMax: 64 })
  readonly environments?: readonly string[];

  /** Only calls for which a RISK_POINTS budget is short. */
  @Optional()
  @IsBoolean()
  readonly budget_exceeded?: boolean;
}

export class EscalationDto {
  @IsInt()
  @Min(SECOND_MS)
  @Max(MONTH_MS)
  readonly after_ms!: number;

  @Matches(GROUP)
  readonly group!: string;
}

export class ApprovalRuleDto {
  @MinLength(1)
  @MaxLength(128)
  readonly name!: string;

  @Optional()
  @Of(ApprovalConditionsDto)
  readonly when?: ApprovalConditionsDto;

  /** Points that an approval adds at each budget that is short. */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(POINTS_MAX)
  readonly max_missing_points?: number;

  /** Left out: every approver of the tenant. */
  @Optional()
  @Matches(GROUP)
  readonly group?: string;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(10)
  readonly quorum?: number;

  /** Null: for ever. */
  @OrNull({ type: 'integer', minimum: SECOND_MS, maximum: MONTH_MS })
  readonly answer_within_ms?: number | null;

  /** Null: until it is used. */
  @OrNull({ type: 'integer', minimum: SECOND_MS, maximum: MONTH_MS })
  readonly use_within_ms?: number | null;

  @Optional()
  @IsBoolean()
  readonly passkey?: boolean;

  /** Whether a link sent to an approver stands for the person; never for tier 4. */
  @Optional()
  @IsBoolean()
  readonly links?: boolean;

  @Optional()
  @Of(EscalationDto)
  readonly escalation?: EscalationDto;
}

export const approvalRuleFrom = (body: ApprovalRuleDto): ApprovalRule => ({
  name: body.name,
  when: conditionsFrom(body.when ?? {}),
  missingPointsMax: body.max_missing_points ?? (body.when?.budget_exceeded ? MISSING_POINTS : 0),
  group: body.group ?? null,
  quorum: body.quorum ?? 1,
  answerWithinMs: body.answer_within_ms === undefined ? ANSWER_WITHIN_MS : body.answer_within_ms,
  useWithinMs: body.use_within_ms === undefined ? USE_WITHIN_MS : body.use_within_ms,
  passkey: body.passkey ?? false,
  links: body.links ?? false,
  escalation: body.escalation ? { afterMs: body.escalation.after_ms, group: body.escalation.group } : null,
});

const conditionsFrom = (when: ApprovalConditionsDto): ApprovalConditions => ({
  tierMin: (when.min_tier ?? null) as ApprovalConditions['tierMin'],
  pointsMin: when.min_points ?? null,
  riskClasses: when.risk_classes ?? [],
  actionKinds: when.action_kinds ?? [],
  tools: when.tools ?? [],
  environments: when.environments ?? [],
  budgetExceeded: when.budget_exceeded ?? false,
});

/** As it binds: what a request left out is there. */
export const approvalRuleOf = (rule: ApprovalRule): ApprovalRuleDto => ({
  name: rule.name,
  when: conditionsOf(rule.when),
  max_missing_points: rule.missingPointsMax,
  ...(rule.group !== null && { group: rule.group }),
  quorum: rule.quorum,
  answer_within_ms: rule.answerWithinMs,
  use_within_ms: rule.useWithinMs,
  passkey: rule.passkey,
  links: rule.links,
  ...(rule.escalation !== null && {
    escalation: { after_ms: rule.escalation.afterMs, group: rule.escalation.group },
  }),
});

const conditionsOf = (when: ApprovalConditions): ApprovalConditionsDto => ({
  ...(when.tierMin !== null && { min_tier: when.tierMin }),
  ...(when.pointsMin !== null && { min_points: when.pointsMin }),
  ...(when.riskClasses.length > 0 && { risk_classes: when.riskClasses }),
  ...(when.actionKinds.length > 0 && { action_kinds: when.actionKinds }),
  ...(when.tools.length > 0 && { tools: when.tools }),
  ...(when.environments.length > 0 && { environments: when.environments }),
  ...(when.budgetExceeded && { budget_exceeded: true }),
});
