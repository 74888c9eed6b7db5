/** Queries of the audit record. */

import type { Amount, Unit } from '../../domain/amount.js';
import type { Assessment } from '../../domain/assessment.js';
import type { DenyDetail } from '../../domain/deny-detail.js';
import type {
  Action,
  BalanceAfter,
  Caps,
  Decision,
  GateRecord,
  JsonObject,
  Operation,
  OutcomeRecorded,
} from '../../domain/events.js';
import type { Subject } from '../../domain/subject.js';
import type { ReadDatabase } from '../database.js';
import { integerKey, orderedBy, type SortDirection, textKey } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { numberOrNull, parse, parseOrNull } from '../read.js';
import type { Row } from '../table.js';
import type { actionHoldsTable, actionsTable } from './actions.table.js';
import { type ActionFilter, conditionsOf, normalized } from './filter.js';

export type { ActionFilter } from './filter.js';

/** One proposed action, as the answers to the auditor's five questions. */
export interface ActionView {
  readonly actionId: string;
  readonly tenantId: string;
  /** Where the record stands in the ledger. */
  readonly ledger: {
    readonly position: number;
    readonly revision: number;
    readonly eventId: string;
    readonly hash: string;
  };
  readonly proposed: {
    readonly atMs: number;
    readonly operation: Operation;
    readonly sessionId: string | null;
    readonly subject: Subject | null;
    readonly action: Action | null;
    readonly estimate: Amount | null;
    readonly metadata: JsonObject | null;
    /** The tool call, redacted; null for a request without one. */
    readonly toolCall: ToolCallView | null;
    readonly assessment: Assessment | null;
  };
  readonly decided: {
    readonly decision: Decision | 'PENDING';
    readonly reasonCode: string | null;
    readonly message: string | null;
    readonly details: JsonObject | null;
    /** Which quota, scope and policy stood in the way, and what would help; null when nothing did. */
    readonly deny: DenyDetail | null;
    readonly policyId: string | null;
    /** True when the decision was recorded and did not bind. */
    readonly observed: boolean;
    readonly caps: Caps | null;
    /** False when the request was refused with an error instead of answered with a decision. */
    readonly answered: boolean;
    readonly repeats: number;
    readonly balances: readonly BalanceAfter[];
  };
  readonly authorized: {
    /** Null when it was not. */
    readonly atMs: number | null;
    readonly scopePath: string | null;
    readonly affectedScopes: readonly string[];
    /** The reservation that the request made, or named. */
    readonly reservationId: string | null;
    readonly holds: readonly ActionHold[];
    /** The question to people that it asked, or ran on; null where there is none. */
    readonly approval: ActionApproval | null;
  };
  /** Null while nothing is known of it. */
  readonly outcome: {
    readonly status: OutcomeRecorded['data']['status'];
    readonly atMs: number;
    readonly httpStatus: number | null;
    readonly exitCode: number | null;
    readonly error: string | null;
    readonly outputSha256: string | null;
    readonly refunded: boolean;
  } | null;
  readonly carriedBy: {
    readonly actorType: string;
    readonly keyId: string | null;
    readonly operatorId: string | null;
    readonly sourceIp: string | null;
    readonly userAgent: string | null;
    readonly requestId: string | null;
    readonly traceId: string | null;
    readonly idempotencyKey: string | null;
  };
}

export interface ToolCallView extends Omit<GateRecord, 'sessionId' | 'assessment' | 'session' | 'holds'> {}

export interface ActionApproval {
  readonly approvalId: string;
  readonly status: string;
  /** Who answered, in order. */
  readonly answers: readonly {
    readonly operatorId: string;
    readonly answer: string;
    readonly channel: string;
    readonly atMs: number;
  }[];
}

export interface ActionHold {
  readonly reservationId: string;
  readonly unit: Unit;
  readonly amount: bigint;
  readonly heldAtMs: number;
  readonly expiresAtMs: number;
  readonly heldScopes: readonly string[];
  readonly balancesHeld: readonly BalanceAfter[];
  readonly status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  readonly endReason: string | null;
  readonly settledAtMs: number | null;
  readonly actual: bigint | null;
  readonly charged: bigint | null;
  readonly released: bigint | null;
  readonly balancesSettled: readonly BalanceAfter[] | null;
}

type ActionRow = Row<typeof actionsTable>;
type HoldRow = Row<typeof actionHoldsTable>;

export class ActionQueries {
  constructor(private readonly db: ReadDatabase) {}

  async find(actionId: string): Promise<ActionView | null> {
    const select = this.db.selectFrom('actions').selectAll().where('action_id', '=', actionId);
    const row = await select.executeTakeFirst();
    if (row === undefined) return null;
    const [holds, approvals] = await Promise.all([this.holdsOf([row]), this.approvalsOf([row])]);
    return viewOf(row, { holds, approvals });
  }

  /**
   * The audit record, newest first unless asked otherwise. Pages stay stable while events arrive.
   * @param page limit 1 to 200
   * @throws InvalidCursor for a cursor of another question
   */
  async list(
    asked: ActionFilter,
    page: PageRequest,
    direction: SortDirection = 'desc',
  ): Promise<Page<ActionView>> {
    const filter = normalized(asked);
    const question = questionOf({ list: 'actions', ...filter, direction });
    const ordering = orderedBy<ActionRow>(
      question,
      [integerKey('position'), textKey('action_id')],
      direction,
    );
    const select = this.db
      .selectFrom('actions')
      .selectAll()
      .where((where) => where.and(conditionsOf(where, filter)));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    const shown = rows.slice(0, page.limit);
    const [holds, approvals] = await Promise.all([this.holdsOf(shown), this.approvalsOf(shown)]);
    return pageOf(rows, page.limit, {
      keyOf: ordering.keyOf,
      toItem: (row) => viewOf(row, { holds, approvals }),
    });
  }

  /** The newest tool call of a session that was let run under an idempotency key; null when there is none. */
  async allowedCall(tenantId: string, sessionId: string, idempotencyKey: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('actions')
      .select('action_id')
      .where('tenant_id', '=', tenantId)
      .where('session_id', '=', sessionId.toLowerCase())
      .where('idempotency_key', '=', idempotencyKey)
      .where('decision', 'in', ['ALLOW', 'ALLOW_WITH_CAPS'])
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.action_id ?? null;
  }

  private async holdsOf(rows: readonly ActionRow[]): Promise<HoldRow[]> {
    const held = rows.filter((row) => row.authorized_at_ms !== null || row.operation === 'debit');
    const ids = held.map((row) => row.action_id);
    if (ids.length === 0) return [];
    const select = this.db.selectFrom('action_holds').selectAll().where('action_id', 'in', ids);
    return select.orderBy('reservation_id').execute();
  }

  /** The approvals that actions asked for or ran on, with everybody's answer. */
  private async approvalsOf(rows: readonly ActionRow[]): Promise<ApprovalRow[]> {
    const ids = rows.filter(mayRestOnApproval).map((row) => row.action_id);
    if (ids.length === 0) return [];
    return this.db
      .selectFrom('approvals')
      .leftJoin('approval_answers', 'approval_answers.approval_id', 'approvals.approval_id')
      .select(['approvals.approval_id', 'approvals.decision_id', 'approvals.allowed', 'approvals.status'])
      .select(['operator_id', 'answer', 'channel', 'at_ms'])
      .where((where) =>
        where.or([where('approvals.decision_id', 'in', ids), where('approvals.allowed', 'in', ids)]),
      )
      .orderBy('revision')
      .execute();
  }
}

interface ApprovalRow {
  readonly approval_id: string;
  readonly decision_id: string;
  readonly allowed: string | null;
  readonly status: string;
  readonly operator_id: string | null;
  readonly answer: string | null;
  readonly channel: string | null;
  readonly at_ms: bigint | null;
}

/** Only what waits, or was let run, has to do with a person's answer. */
const mayRestOnApproval = ({ operation, decision }: ActionRow): boolean =>
  (operation === 'tool_call' || operation === 'reserve') && decision !== 'DENY';

interface Beside {
  readonly holds: readonly HoldRow[];
  readonly approvals: readonly ApprovalRow[];
}

function viewOf(row: ActionRow, { holds, approvals }: Beside): ActionView {
  return {
    actionId: row.action_id,
    tenantId: row.tenant_id,
    ledger: {
      position: Number(row.position),
      revision: Number(row.revision),
      eventId: row.event_id,
      hash: row.event_hash,
    },
    proposed: proposedOf(row),
    decided: {
      decision: row.decision as Decision | 'PENDING',
      reasonCode: row.reason_code,
      message: row.message,
      details: parseOrNull<JsonObject>(row.details),
      deny: denyOf(row.deny),
      policyId: row.policy_id,
      observed: row.observed === 1n,
      caps: parseOrNull<Caps>(row.caps),
      answered: row.answered === 1n,
      repeats: Number(row.repeats),
      balances: balancesOf(row.decided_on),
    },
    authorized: {
      atMs: numberOrNull(row.authorized_at_ms),
      scopePath: row.scope_path,
      affectedScopes: parse<string[]>(row.affected_scopes),
      reservationId: row.reservation_id,
      holds: holds.filter((hold) => hold.action_id === row.action_id).map(holdOf),
      approval: approvalOf(row, approvals),
    },
    outcome: outcomeOf(row),
    carriedBy: {
      actorType: row.actor_type,
      keyId: row.key_id,
      operatorId: row.operator_id,
      sourceIp: row.source_ip,
      userAgent: row.user_agent,
      requestId: row.request_id,
      traceId: row.trace_id,
      idempotencyKey: row.idempotency_key,
    },
  };
}

function approvalOf({ action_id: id }: ActionRow, approvals: readonly ApprovalRow[]): ActionApproval | null {
  const [first, ...others] = approvals.filter((each) => each.decision_id === id || each.allowed === id);
  if (first === undefined) return null;
  const answers = [first, ...others].flatMap(({ operator_id, answer, channel, at_ms }) =>
    operator_id === null || answer === null || channel === null || at_ms === null
      ? []
      : [{ operatorId: operator_id, answer, channel, atMs: Number(at_ms) }],
  );
  return { approvalId: first.approval_id, status: first.status, answers };
}

const proposedOf = (row: ActionRow): ActionView['proposed'] => ({
  atMs: Number(row.proposed_at_ms),
  operation: row.operation as Operation,
  sessionId: row.session_id,
  subject: parseOrNull<Subject>(row.subject),
  action: parseOrNull<Action>(row.action),
  estimate:
    row.estimate_unit === null || row.estimate_amount === null
      ? null
      : { unit: row.estimate_unit as Unit, amount: row.estimate_amount },
  metadata: parseOrNull<JsonObject>(row.metadata),
  toolCall: toolCallOf(row),
  assessment: parseOrNull<Assessment>(row.assessment),
});

function toolCallOf(row: ActionRow): ToolCallView | null {
  if (row.harness === null || row.tool_name === null) return null;
  return {
    harness: row.harness,
    tool: { name: row.tool_name, server: row.tool_server, input: parseOrNull<unknown>(row.tool_input) },
    inputTruncated: row.tool_input_truncated === 1n,
    inputDigest: row.tool_input_digest ?? '',
    cwd: row.cwd,
    context: parseOrNull<GateRecord['context']>(row.context) ?? {},
    files: parseOrNull<GateRecord['files']>(row.files) ?? [],
    actionHash: row.action_hash ?? '',
  };
}

function outcomeOf(row: ActionRow): ActionView['outcome'] {
  if (row.outcome === null || row.outcome_at_ms === null) return null;
  return {
    status: row.outcome as OutcomeRecorded['data']['status'],
    atMs: Number(row.outcome_at_ms),
    httpStatus: numberOrNull(row.http_status),
    exitCode: numberOrNull(row.exit_code),
    error: row.outcome_error,
    outputSha256: row.output_sha256,
    refunded: row.refunded === 1n,
  };
}

/** Amounts are stored as text. */
function denyOf(json: string | null): DenyDetail | null {
  if (json === null) return null;
  const { budgetRemaining, ...deny } = parse<
    Omit<DenyDetail, 'budgetRemaining'> & { budgetRemaining?: string }
  >(json);
  return { ...deny, ...(budgetRemaining !== undefined && { budgetRemaining: BigInt(budgetRemaining) }) };
}

const holdOf = (row: HoldRow): ActionHold => ({
  reservationId: row.reservation_id,
  unit: row.unit as Unit,
  amount: row.amount,
  heldAtMs: Number(row.held_at_ms),
  expiresAtMs: Number(row.expires_at_ms),
  heldScopes: parse<string[]>(row.held_scopes),
  balancesHeld: balancesOf(row.balances_held),
  status: row.status as ActionHold['status'],
  endReason: row.end_reason,
  settledAtMs: numberOrNull(row.settled_at_ms),
  actual: row.actual,
  charged: row.charged,
  released: row.released,
  balancesSettled: row.balances_settled === null ? null : balancesOf(row.balances_settled),
});

type StoredBalance = {
  readonly [K in keyof BalanceAfter]: BalanceAfter[K] extends bigint ? string : BalanceAfter[K];
};

const balancesOf = (json: string): BalanceAfter[] =>
  parse<StoredBalance[]>(json).map((stored) => ({
    scope: stored.scope,
    unit: stored.unit,
    allocated: BigInt(stored.allocated),
    spent: BigInt(stored.spent),
    reserved: BigInt(stored.reserved),
    debt: BigInt(stored.debt),
    overdraftLimit: BigInt(stored.overdraftLimit),
    uncovered: BigInt(stored.uncovered),
  }));
