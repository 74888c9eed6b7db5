/** The commands a tenant's ledger takes, with everything a decision needs beside the state. */

import type { Amount, Unit } from './amount.js';
import type { AnswerApproval, CancelApproval } from './approval.commands.js';
import type { Approver } from './approval-rules.js';
import type { Assessment, WholeCall } from './assessment.js';
import type {
  Action,
  ApiKeyChanges,
  ApiKeyIssued,
  BudgetChanges,
  ChargeId,
  FundingOperation,
  GateRecord,
  JsonObject,
  ObserveMode,
  OutcomeRecorded,
  OveragePolicy,
  Period,
  PeriodClosed,
  RecordedEvent,
  RolloverPolicy,
  TenantChanges,
  TenantSettings,
} from './events.js';
import type {
  ApprovalId,
  DebitId,
  DecisionId,
  EnvironmentId,
  KeyId,
  PolicyId,
  ReservationId,
  RiskRuleId,
  ScopePath,
  TemplateId,
  TenantId,
  ToolId,
} from './ids.js';
import type { Counted, CustomKind, PolicyChanges, PolicyRules, QuotaWindow } from './policy.events.js';
import type { EnvironmentRegistration, RiskRule, ToolRegistration } from './registry.events.js';
import type { ReservationStatus, TenantState } from './state.js';
import type { Subject } from './subject.js';

export interface OpenTenant {
  readonly type: 'OpenTenant';
  readonly tenantId: TenantId;
  readonly name: string;
  readonly parentTenantId: string | null;
  readonly settings: TenantSettings;
  readonly metadata: Readonly<Record<string, string>>;
}
export interface ChangeTenantStatus {
  readonly type: 'ChangeTenantStatus';
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
  readonly reason: string | null;
}
/** Changes properties, and the status with them, in one append. */
export interface UpdateTenant {
  readonly type: 'UpdateTenant';
  readonly changes: TenantChanges;
  /** Null leaves it as it is. */
  readonly status: ChangeTenantStatus['status'] | null;
  readonly reason: string | null;
}
export interface IssueApiKey {
  readonly type: 'IssueApiKey';
  readonly key: ApiKeyIssued['data'];
}
export interface UpdateApiKey {
  readonly type: 'UpdateApiKey';
  readonly keyId: KeyId;
  readonly changes: ApiKeyChanges;
}
export interface RevokeApiKey {
  readonly type: 'RevokeApiKey';
  readonly keyId: KeyId;
  readonly reason: string | null;
}
export interface CreateBudget {
  readonly type: 'CreateBudget';
  /** Names the record of its refusal. */
  readonly decisionId: DecisionId;
  readonly scope: string;
  readonly unit: Unit;
  readonly allocated: bigint;
  readonly overdraftLimit: bigint;
  readonly overagePolicy: OveragePolicy | null;
  readonly rolloverPolicy: RolloverPolicy;
  /** The first period; it is followed by others of its length. Null: the budget has none. */
  readonly period: StatedPeriod | null;
  readonly metadata: JsonObject;
}
/**
 * A period as the protocol gives it, in ms since the epoch: from `startMs` up to, not including, `endMs`. It ends in
 * the future and lasts a minute at least.
 */
export interface StatedPeriod {
  readonly startMs: number;
  readonly endMs: number;
}
export interface UpdateBudget {
  readonly type: 'UpdateBudget';
  readonly scope: string;
  readonly unit: Unit;
  /** Null leaves it as it is. */
  readonly overdraftLimit: bigint | null;
  readonly changes: Omit<BudgetChanges, 'period'> & { readonly period?: StatedPeriod | null };
}
export interface FundBudget {
  readonly type: 'FundBudget';
  /** Names the record of its refusal. */
  readonly decisionId: DecisionId;
  readonly scope: string;
  readonly unit: Unit;
  readonly operation: FundingOperation;
  readonly amount: bigint;
  readonly spent: bigint | null;
  readonly reason: string | null;
  readonly metadata: JsonObject;
}
export interface FreezeBudget {
  readonly type: 'FreezeBudget';
  readonly scope: string;
  readonly unit: Unit;
  readonly reason: string | null;
}
export interface UnfreezeBudget {
  readonly type: 'UnfreezeBudget';
  readonly scope: string;
  readonly unit: Unit;
  readonly reason: string | null;
}
export interface DefineBudgetTemplate {
  readonly type: 'DefineBudgetTemplate';
  readonly templateId: TemplateId;
  /** The id of the standing daily budget's template, used when this is the tenant's first session template. */
  readonly dailyTemplateId: TemplateId;
  readonly scopePattern: string;
  readonly unit: Unit;
  readonly allocated: bigint;
  readonly overdraftLimit: bigint;
  readonly rolloverPolicy: RolloverPolicy;
  readonly period: Period | null;
  /** The template whose place it takes, in the same append: no request is decided without either. */
  readonly replaces?: TemplateId;
}
export interface RetireBudgetTemplate {
  readonly type: 'RetireBudgetTemplate';
  readonly templateId: TemplateId;
}
export interface CreatePolicy {
  readonly type: 'CreatePolicy';
  readonly policyId: PolicyId;
  readonly rules: PolicyRules;
}
export interface UpdatePolicy {
  readonly type: 'UpdatePolicy';
  readonly policyId: PolicyId;
  readonly changes: PolicyChanges;
}
export interface DeletePolicy {
  readonly type: 'DeletePolicy';
  readonly policyId: PolicyId;
}
export interface DeclareActionKind {
  readonly type: 'DeclareActionKind';
  readonly declared: CustomKind;
}
/** Sets the counters of one name back to nothing, whatever narrows them. */
export interface ResetQuotaCounter {
  readonly type: 'ResetQuotaCounter';
  readonly scope: ScopePath;
  readonly counted: Counted;
  readonly window: QuotaWindow;
  readonly windowKey: string;
  readonly reason: string | null;
}
/** Registers a tool, or registers it anew. Operators only, like everything of the registry. */
export interface RegisterTool {
  readonly type: 'RegisterTool';
  readonly tool: ToolRegistration;
}
export interface RemoveTool {
  readonly type: 'RemoveTool';
  readonly toolId: ToolId;
}
export interface SetRiskRule {
  readonly type: 'SetRiskRule';
  readonly rule: RiskRule;
}
export interface RemoveRiskRule {
  readonly type: 'RemoveRiskRule';
  readonly ruleId: RiskRuleId;
}
export interface RegisterEnvironment {
  readonly type: 'RegisterEnvironment';
  readonly registration: EnvironmentRegistration;
}
export interface RemoveEnvironment {
  readonly type: 'RemoveEnvironment';
  readonly environmentId: EnvironmentId;
}
export type RegistryCommand =
  | RegisterTool
  | RemoveTool
  | SetRiskRule
  | RemoveRiskRule
  | RegisterEnvironment
  | RemoveEnvironment;
/** A preflight (POST /v1/decide) or a dry run of a reserve: evaluates, records, holds nothing. */
export interface Decide {
  readonly type: 'Decide';
  readonly operation: 'decide' | 'dry_run';
  readonly decisionId: DecisionId;
  readonly subject: Subject;
  readonly action: Action;
  readonly estimate: Amount;
  readonly metadata: JsonObject | null;
  /** Asked for with a dry run; left out it is the tenant's. */
  readonly observeMode?: ObserveMode;
  /** Everybody who may answer in this tenant; left out where no answer matters. */
  readonly approvers?: readonly Approver[];
}
export interface Reserve {
  readonly type: 'Reserve';
  readonly reservationId: ReservationId;
  readonly decisionId: DecisionId;
  readonly subject: Subject;
  readonly action: Action;
  readonly estimate: Amount;
  readonly ttlMs: number | null;
  readonly gracePeriodMs: number | null;
  readonly overagePolicy: OveragePolicy | null;
  readonly metadata: JsonObject | null;
  /** Asked for with the request; left out it is the tenant's. */
  readonly observeMode?: ObserveMode;
  /** Everybody who may answer in this tenant; left out where no answer matters. */
  readonly approvers?: readonly Approver[];
}
export interface Commit {
  readonly type: 'Commit';
  readonly reservationId: ReservationId;
  readonly decisionId: DecisionId;
  readonly actual: Amount;
  readonly metrics: JsonObject | null;
  readonly metadata: JsonObject | null;
}
export interface Release {
  readonly type: 'Release';
  readonly reservationId: ReservationId;
  readonly decisionId: DecisionId;
  readonly reason: string | null;
}
/** Lengthens a hold (POST /v1/reservations/{id}/extend). */
export interface Extend {
  readonly type: 'Extend';
  readonly reservationId: ReservationId;
  readonly decisionId: DecisionId;
  /** Counted from the reservation's expiry, 1 to 86,400,000. */
  readonly extendByMs: number;
  readonly metadata: JsonObject | null;
}
/** A charge for something that was not reserved (POST /v1/events). */
export interface Debit {
  readonly type: 'Debit';
  readonly debitId: DebitId;
  readonly decisionId: DecisionId;
  readonly subject: Subject;
  readonly action: Action;
  readonly actual: Amount;
  readonly overagePolicy: OveragePolicy | null;
  readonly metrics: JsonObject | null;
  readonly clientTimeMs: number | null;
  readonly metadata: JsonObject | null;
}
/** Corrects a charge that is over. Operators only. */
export interface AdjustCharge {
  readonly type: 'AdjustCharge';
  readonly charge: SettledCharge;
  /** Added to the charge; negative gives a part of it back. */
  readonly delta: bigint;
  readonly reason: string;
  readonly metadata: JsonObject;
}
/** A charge as its `Committed` or `Debited` recorded it. That is over and never changes, so anyone may have read it. */
export interface SettledCharge {
  readonly chargeId: ChargeId;
  readonly unit: Unit;
  readonly charged: bigint;
  readonly scopes: readonly ScopePath[];
}
/** Sets the amounts of a budget to what they should have been. Operators only; what is held stays held. */
export interface CorrectBudget {
  readonly type: 'CorrectBudget';
  readonly scope: string;
  readonly unit: Unit;
  readonly allocated: bigint;
  readonly spent: bigint;
  readonly debt: bigint;
  readonly uncovered: bigint;
  readonly reason: string;
}
/** Closes the books of a period, with what the stream itself says was charged in it. */
export interface ClosePeriod extends Readonly<PeriodClosed['data']> {
  readonly type: 'ClosePeriod';
}
/** What is registered and declared, and whether the approvers are those of this very moment, as using an approval needs. */
export interface AssessedBy extends Pick<TenantState, 'registry' | 'kinds'> {
  readonly knowsPeople: boolean;
}
/** A tool call at the gate, already assessed and redacted. */
export interface SubmitToolCall {
  readonly type: 'SubmitToolCall';
  readonly toolCallId: DecisionId;
  /** One for each unit that may be held. */
  readonly riskReservationId: ReservationId;
  readonly moneyReservationId: ReservationId;
  /** Workspace, app and agent as asked for; what the key fixes need not be given and must not be contradicted. */
  readonly subject: Subject;
  readonly toolset: string;
  /** The kind that the tenant declared for the tool; null for that of the assessment, which scores it in any case. */
  readonly declaredKind: string | null;
  readonly record: Omit<GateRecord, 'session' | 'holds' | 'assessment'>;
  readonly assessment: Assessment;
  /** What was known when the call was assessed; left out where nothing is written meanwhile. */
  readonly assessedBy?: AssessedBy;
  /** All of a call whose record has only its beginning; null, or left out, where it is too long for people to be shown. */
  readonly whole?: WholeCall | null;
  readonly estimate: Amount | null;
  /** How long the hold waits for an outcome, in ms. */
  readonly holdMs: number;
  /** Whether the tool is registered as one that needs approval. */
  readonly requiresApproval: boolean;
  /** Everybody who may answer in this tenant. */
  readonly approvers: readonly Approver[];
  /** The approval that this request has waited for: if it is over, another is not asked for. Null for a new request. */
  readonly waitedFor: ApprovalId | null;
}
export interface RecordOutcome {
  readonly type: 'RecordOutcome';
  readonly decisionId: DecisionId;
  readonly toolCallId: DecisionId;
  readonly status: OutcomeRecorded['data']['status'];
  readonly httpStatus: number | null;
  readonly exitCode: number | null;
  readonly error: string | null;
  readonly outputSha256: string | null;
  /** What it cost in money; risk always settles at the assessed points. */
  readonly actual: Amount | null;
}

export type Command =
  | OpenTenant
  | ChangeTenantStatus
  | UpdateTenant
  | IssueApiKey
  | UpdateApiKey
  | RevokeApiKey
  | CreateBudget
  | UpdateBudget
  | FundBudget
  | FreezeBudget
  | UnfreezeBudget
  | DefineBudgetTemplate
  | RetireBudgetTemplate
  | CreatePolicy
  | UpdatePolicy
  | DeletePolicy
  | DeclareActionKind
  | ResetQuotaCounter
  | RegistryCommand
  | Decide
  | Reserve
  | Commit
  | Release
  | Extend
  | Debit
  | AdjustCharge
  | CorrectBudget
  | ClosePeriod
  | SubmitToolCall
  | RecordOutcome
  | AnswerApproval
  | CancelApproval;

export type CommandType = Command['type'];

/** What the writer knows about a request beyond the state: an earlier answer, a reservation that is over. */
export interface Prior {
  /** The event that answered the same idempotency claim before. */
  readonly answer: RecordedEvent | null;
  /** How the named reservation ended, when the state no longer holds it. */
  readonly reservation: Exclude<ReservationStatus, 'ACTIVE'> | null;
  /** The named tool call, when the state no longer holds it: whether it was allowed, and its outcome. */
  readonly toolCall: { readonly allowed: boolean; readonly outcome: string | null } | null;
}

export const NO_PRIOR: Prior = { answer: null, reservation: null, toolCall: null };
