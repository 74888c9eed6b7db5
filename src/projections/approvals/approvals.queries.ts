/** Queries of the approvals read model: the inbox, the history, one approval, and what changed. */

import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Amount, Unit } from '../../domain/amount.js';
import type { ApprovalTerms, Shortfall } from '../../domain/approval.events.js';
import type { Action } from '../../domain/events.js';
import type { Subject } from '../../domain/subject.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import { integerKey, orderedBy, textKey } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { parse } from '../read.js';
import type { Row } from '../table.js';
import type { approvalAnswersTable, approvalsTable } from './approvals.table.js';

export type ApprovalStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED' | 'CONSUMED';

export interface ApprovalFilter {
  /** Null: every tenant. */
  readonly tenants: readonly string[] | null;
  readonly status?: ApprovalStatus | undefined;
  /** Only questions put to all approvers or to one of these groups. */
  readonly groups?: readonly string[] | undefined;
  readonly sessionScope?: string | undefined;
}

export interface ApprovalAnswerView {
  readonly operatorId: string;
  readonly answer: 'approve' | 'reject';
  readonly channel: string;
  readonly note: string | null;
  readonly hasPasskey: boolean;
  readonly atMs: number;
}

export interface ApprovalView {
  readonly approvalId: string;
  readonly tenantId: string;
  readonly status: ApprovalStatus;
  readonly decisionId: string;
  readonly actionHash: string;
  readonly sessionScope: string;
  readonly scopePath: string;
  readonly subject: Subject;
  readonly action: Action;
  readonly asked: Amount;
  /** The money that a tool call would hold besides; null for none. */
  readonly money: Amount | null;
  readonly tier: number | null;
  readonly terms: ApprovalTerms;
  readonly escalatedGroup: string | null;
  readonly policyId: string | null;
  readonly keyId: string | null;
  readonly ownerOperatorId: string | null;
  readonly shortfalls: readonly Shortfall[];
  readonly votes: number;
  readonly quorum: number;
  readonly requestedAtMs: number;
  readonly answerByMs: number | null;
  readonly usableUntilMs: number | null;
  readonly closedAtMs: number | null;
  readonly reason: string | null;
  /** The decision or the reservation that it allowed. */
  readonly allowed: string | null;
}

/** Where a change stands among all. */
export interface ChangeKey {
  /** Position in the ledger. */
  readonly position: number;
  readonly approvalId: string;
}

export interface ApprovalChange extends ChangeKey {
  readonly status: ApprovalStatus;
}

/** Ids that one query names. */
const IDS_MAX = 500;

type ApprovalRow = Row<typeof approvalsTable>;
type AnswerRow = Row<typeof approvalAnswersTable>;

export class ApprovalQueries {
  /** @param catchUp waits until the read models have what any process has appended */
  constructor(
    private readonly db: ReadDatabase,
    private readonly catchUp: () => Promise<void>,
  ) {}

  /** Looks again after one catch-up: a question that another node has just put is no unknown one. */
  async get(approvalId: string): Promise<ApprovalView | null> {
    const found = await this.find(approvalId);
    if (found !== null) return found;
    await this.catchUp();
    return this.find(approvalId);
  }

  private async find(approvalId: string): Promise<ApprovalView | null> {
    const row = await this.db
      .selectFrom('approvals')
      .selectAll()
      .where('approval_id', '=', approvalId)
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row);
  }

  /** Who answered what, in order. */
  async answers(approvalId: string): Promise<ApprovalAnswerView[]> {
    const rows = await this.db
      .selectFrom('approval_answers')
      .selectAll()
      .where('approval_id', '=', approvalId)
      .orderBy('revision')
      .execute();
    return rows.map(answerViewOf);
  }

  /** Newest first. */
  async list(filter: ApprovalFilter, page: PageRequest): Promise<Page<ApprovalView>> {
    const question = questionOf({ list: 'approvals', ...filter });
    const ordering = orderedBy<ApprovalRow>(
      question,
      [integerKey('position'), textKey('approval_id')],
      'desc',
    );
    const select = this.db
      .selectFrom('approvals')
      .selectAll()
      .where((of) => fits(of, filter));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: viewOf });
  }

  /** How many wait for an answer. */
  async pendingCount(filter: Omit<ApprovalFilter, 'status'>): Promise<number> {
    const row = await this.db
      .selectFrom('approvals')
      .select((of) => of.fn.countAll<bigint>().as('count'))
      .where((of) => fits(of, { ...filter, status: 'PENDING' }))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  /** Which of some approvals are no longer pending. */
  async settledAmong(approvalIds: readonly string[]): Promise<string[]> {
    const settled: string[] = [];
    for (let at = 0; at < approvalIds.length; at += IDS_MAX) {
      const rows = await this.db
        .selectFrom('approvals')
        .select('approval_id')
        .where('approval_id', 'in', approvalIds.slice(at, at + IDS_MAX))
        .where('status', '!=', 'PENDING')
        .execute();
      settled.push(...rows.map((row) => row.approval_id));
    }
    return settled;
  }

  /** What changed after a change, oldest first. One append may change many: those go by their ids. */
  async changedSince({ position, approvalId }: ChangeKey, limit: number): Promise<ApprovalChange[]> {
    const at = BigInt(position);
    const rows = await this.db
      .selectFrom('approvals')
      .select(['approval_id', 'status', 'changed_position'])
      .where('changed_position', '>=', at)
      .where((of) => of.or([of('changed_position', '>', at), of('approval_id', '>', approvalId)]))
      .orderBy('changed_position')
      .orderBy('approval_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      approvalId: row.approval_id,
      status: row.status as ApprovalStatus,
      position: Number(row.changed_position),
    }));
  }
}

function fits(of: ExpressionBuilder<ReadTables, 'approvals'>, filter: ApprovalFilter): Expression<SqlBool> {
  const { tenants, status, groups, sessionScope } = filter;
  const all: Expression<SqlBool>[] = [];
  if (tenants !== null) all.push(of('tenant_id', 'in', [...tenants]));
  if (status !== undefined) all.push(of('status', '=', status));
  if (sessionScope !== undefined) all.push(of('session_scope', '=', sessionScope));
  if (groups !== undefined) {
    const named =
      groups.length === 0
        ? []
        : [of('asked_group', 'in', [...groups]), of('escalated_group', 'in', [...groups])];
    all.push(of.or([of('asked_group', 'is', null), ...named]));
  }
  return of.and(all);
}

const viewOf = (row: ApprovalRow): ApprovalView => ({
  approvalId: row.approval_id,
  tenantId: row.tenant_id,
  status: row.status as ApprovalStatus,
  decisionId: row.decision_id,
  actionHash: row.action_hash,
  sessionScope: row.session_scope,
  scopePath: row.scope_path,
  subject: parse(row.subject),
  action: parse(row.action),
  asked: { unit: row.asked_unit as Unit, amount: row.asked_amount },
  money: moneyOf(row),
  tier: numberOf(row.tier),
  terms: parse(row.terms),
  escalatedGroup: row.escalated_group,
  policyId: row.policy_id,
  keyId: row.key_id,
  ownerOperatorId: row.owner_operator_id,
  shortfalls: parse<{ scope: Shortfall['scope']; amount: string }[]>(row.shortfalls).map(
    ({ scope, amount }) => ({
      scope,
      amount: BigInt(amount),
    }),
  ),
  votes: Number(row.votes),
  quorum: Number(row.quorum),
  requestedAtMs: Number(row.requested_at_ms),
  answerByMs: numberOf(row.answer_by_ms),
  usableUntilMs: numberOf(row.usable_until_ms),
  closedAtMs: numberOf(row.closed_at_ms),
  reason: row.reason,
  allowed: row.allowed,
});

/** Rows of the version before, which are read while they are rebuilt, have no such columns. */
const moneyOf = ({ money_unit: unit, money_amount: amount }: Partial<ApprovalRow>): Amount | null =>
  typeof unit === 'string' && typeof amount === 'bigint' ? { unit: unit as Unit, amount } : null;

const numberOf = (value: bigint | null): number | null => (value === null ? null : Number(value));

const answerViewOf = (row: AnswerRow): ApprovalAnswerView => ({
  operatorId: row.operator_id,
  answer: row.answer as 'approve' | 'reject',
  channel: row.channel,
  note: row.note,
  hasPasskey: row.passkey !== null,
  atMs: Number(row.at_ms),
});
