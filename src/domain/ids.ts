/** Branded identifiers, so that one kind of id cannot be passed where another is meant. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type KeyId = Branded<'KeyId'>;
/** `rsv_` + ULID. */
export type ReservationId = Branded<'ReservationId'>;
/** `dec_` + ULID: one decision; for a gate call also the tool call's id. */
export type DecisionId = Branded<'DecisionId'>;
/** `tpl_` + ULID. */
export type TemplateId = Branded<'TemplateId'>;
/** `evt_` + ULID: one charge without a reservation, the protocol's event. */
export type DebitId = Branded<'DebitId'>;
/** `pol_` + ULID. */
export type PolicyId = Branded<'PolicyId'>;
/** `tool_` + 26 hex digits of a hash of the tool's server and name. */
export type ToolId = Branded<'ToolId'>;
/** `rule_` + 26 hex digits of a hash of the rule's name. */
export type RiskRuleId = Branded<'RiskRuleId'>;
/** `env_` + 26 hex digits of a hash of the host or name. */
export type EnvironmentId = Branded<'EnvironmentId'>;
/** Names one quota counter inside a tenant. */
export type CounterKey = Branded<'CounterKey'>;
/** `opr_` + ULID: one person who operates the server. */
export type OperatorId = Branded<'OperatorId'>;
/** `apr_` + ULID: one question to people about one call. */
export type ApprovalId = Branded<'ApprovalId'>;
/** `chn_` + ULID: one way to reach people who are asked. */
export type ChannelId = Branded<'ChannelId'>;
/** `per_` + ULID: one closed period of a tenant's charges. */
export type PeriodId = Branded<'PeriodId'>;
/** Names one call of one place in a tenant: what an approval is bound to. */
export type CallKey = Branded<'CallKey'>;
/** Canonical, lower-cased path such as `tenant:acme/app:ide/workflow:run-7`. */
export type ScopePath = Branded<'ScopePath'>;
/** `<scope path>|<unit>`: names one budget inside a tenant. */
export type BudgetKey = Branded<'BudgetKey'>;
/** Names an answered request inside a tenant: `<operation>|<object>|<idempotency key>`. */
export type Claim = Branded<'Claim'>;

/** The id kinds that a command brings along, minted by its handler. */
export type IdPrefix = 'rsv' | 'dec' | 'key' | 'tpl' | 'evt' | 'pol' | 'opr' | 'apr' | 'per' | 'chn';
