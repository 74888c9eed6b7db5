/** The options of the audit commands as the query strings that the server takes. */

import type { GlobalOptions } from '../connection.js';

export interface PeriodOptions {
  readonly from?: string;
  readonly to?: string;
}

export interface FilterOptions extends GlobalOptions, PeriodOptions {
  readonly tenant?: string;
  readonly session?: string;
  readonly workspace?: string;
  readonly app?: string;
  readonly agent?: string;
  readonly toolset?: string;
  readonly dimension?: string;
  readonly operation?: string;
  readonly decision?: string;
  readonly reason?: string;
  readonly policy?: string;
  readonly tier?: string;
  readonly kind?: string;
  readonly tool?: string;
  readonly harness?: string;
  readonly key?: string;
  readonly operator?: string;
  readonly approver?: string;
  readonly outcome?: string;
  readonly trace?: string;
  readonly text?: string;
}

export type Query = Readonly<Record<string, string | undefined>>;

export const queryOf = (options: FilterOptions): Query => ({
  tenant_id: options.tenant,
  session_id: options.session,
  workspace: options.workspace,
  app: options.app,
  agent: options.agent,
  toolset: options.toolset,
  dimension: options.dimension,
  operation: options.operation,
  decision: options.decision,
  reason: options.reason,
  policy_id: options.policy,
  tier: options.tier,
  kind: options.kind,
  tool: options.tool,
  harness: options.harness,
  key_id: options.key,
  operator_id: options.operator,
  approver: options.approver,
  outcome: options.outcome,
  trace_id: options.trace,
  text: options.text,
  from: options.from,
  to: options.to,
});

/** As text after a question mark, without what was not given. */
export const searchOf = (query: Query): string =>
  new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
