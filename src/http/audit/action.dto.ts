/** Query strings of the audit record: what each filter takes, and what they ask for together. */

import { IsIn, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import type { Decision, Operation, OutcomeRecorded } from '../../domain/events.js';
import type { ActionFilter } from '../../projections/actions/actions.queries.js';
import { HttpFailure } from '../failure.js';
import { DateTime, Optional } from '../fields.js';

const TEXT_LENGTH_MAX = 256;

const OPERATIONS = [
  'decide',
  'reserve',
  'dry_run',
  'observe',
  'commit',
  'release',
  'extend',
  'debit',
  'create_budget',
  'fund',
  'tool_call',
  'outcome',
] as const satisfies readonly Operation[];
const DECISIONS = ['ALLOW', 'ALLOW_WITH_CAPS', 'DENY', 'PENDING'] as const;
const OUTCOMES = ['succeeded', 'failed', 'unknown', 'none'] as const;

export class ActionFilterDto {
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly session_id?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly workspace?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly app?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly agent?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly toolset?: string;

  /** `key:value`, as in `team:payments`. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  @Matches(/^[^:]+:.+$/)
  readonly dimension?: string;

  @Optional()
  @IsIn(OPERATIONS)
  readonly operation?: Operation;

  @Optional()
  @IsIn(DECISIONS)
  readonly decision?: Decision | 'PENDING';

  /** A reason code, as in `BUDGET_EXCEEDED`. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly reason?: string;

  @Optional()
  @IsString()
  @MaxLength(64)
  readonly policy_id?: string;

  @Optional()
  @Matches(/^[0-4]$/)
  readonly tier?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly kind?: string;

  /** The name of the tool. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly tool?: string;

  /** The server of the tool. */
  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly tool_server?: string;

  @Optional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  readonly harness?: string;

  @Optional()
  @IsString()
  @MaxLength(64)
  readonly key_id?: string;

  /** The operator who sent it. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly operator_id?: string;

  /** The operator who answered its approval. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly approver?: string;

  /** `none`: nothing is known of what came of it. */
  @Optional()
  @IsIn(OUTCOMES)
  readonly outcome?: OutcomeRecorded['data']['status'] | 'none';

  @Optional()
  @Matches(/^[0-9a-f]{32}$/)
  readonly trace_id?: string;

  /** From this moment on. */
  @Optional()
  @DateTime()
  readonly from?: string;

  /** Up to, not including, this moment. */
  @Optional()
  @DateTime()
  readonly to?: string;

  /** Found in the tool, what it was given and its effects. */
  @Optional()
  @IsString()
  @MinLength(2)
  @MaxLength(128)
  readonly text?: string;
}

export class ActionListQueryDto extends ActionFilterDto {
  /** 1 to 200; 50 when left out. */
  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(512)
  readonly cursor?: string;
}

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export class ExportQueryDto extends ActionFilterDto {
  /** NDJSON when left out. */
  @Optional()
  @IsIn(EXPORT_FORMATS)
  readonly format?: ExportFormat;
}

/** @throws HttpFailure 400 when `from` does not lie before `to` */
export function actionFilterOf(query: ActionFilterDto): ActionFilter {
  return {
    tenantId: query.tenant_id,
    sessionId: query.session_id,
    workspace: query.workspace,
    app: query.app,
    agent: query.agent,
    toolset: query.toolset,
    dimension: query.dimension === undefined ? undefined : dimensionOf(query.dimension),
    operation: query.operation,
    decision: query.decision,
    reasonCode: query.reason,
    policyId: query.policy_id,
    tier: query.tier === undefined ? undefined : Number(query.tier),
    actionKind: query.kind,
    toolName: query.tool,
    toolServer: query.tool_server,
    harness: query.harness,
    keyId: query.key_id,
    operatorId: query.operator_id,
    approverId: query.approver,
    outcome: query.outcome,
    traceId: query.trace_id,
    ...windowOf(query),
    text: query.text,
  };
}

/** Nobody's dimension has a colon in its key, but values may. */
function dimensionOf(text: string): { key: string; value: string } {
  const colon = text.indexOf(':');
  return { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

/**
 * The period that is asked about, in ms since the epoch.
 * @throws HttpFailure 400 when it ends before it begins
 */
export function windowOf({ from, to }: { readonly from?: string; readonly to?: string }) {
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const untilMs = to === undefined ? undefined : Date.parse(to);
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    throw new HttpFailure(400, 'INVALID_REQUEST', 'from must lie before to.', { field: 'from' });
  }
  return { fromMs, untilMs };
}
