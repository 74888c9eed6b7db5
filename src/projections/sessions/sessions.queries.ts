/** Queries of the sessions read model: what agents did, run by run. */

import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { Subject } from '../../domain/subject.js';
import type { ReadDatabase, ReadTables } from '../database.js';
import { integerKey, orderedBy, textKey } from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { numberOrNull, parseOrNull } from '../read.js';
import type { Row } from '../table.js';
import type { sessionsTable } from './sessions.table.js';

export interface SessionFilter {
  readonly tenantId?: string | undefined;
  readonly harness?: string | undefined;
  /** Case does not matter. */
  readonly agent?: string | undefined;
  readonly keyId?: string | undefined;
  /** Only sessions in which something was decided so. */
  readonly decision?: 'ALLOW' | 'ALLOW_WITH_CAPS' | 'DENY' | 'PENDING' | undefined;
  /** Only sessions in which something of this tier or a higher one was proposed. */
  readonly tierMin?: number | undefined;
  /** Only sessions that proposed something from this moment on, and began before the other; ms since the epoch. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** What a session holds and used of one unit, with all adjustments. */
export interface SessionUse {
  readonly unit: Unit;
  readonly held: bigint;
  readonly charged: bigint;
  readonly released: bigint;
}

export interface SessionView {
  readonly tenantId: string;
  readonly sessionId: string;
  /** Of its first proposal. */
  readonly firstRevision: number;
  readonly firstAtMs: number;
  /** Of whatever happened last in it: a proposal, a settlement, an outcome, an adjustment, an answer. */
  readonly lastAtMs: number;
  readonly subject: Subject | null;
  readonly harness: string | null;
  readonly keyId: string | null;
  readonly proposals: {
    readonly total: number;
    readonly allowed: number;
    readonly allowedWithCaps: number;
    readonly denied: number;
    readonly pending: number;
    readonly observed: number;
  };
  readonly highestTier: number | null;
  readonly pointsProposed: bigint;
  readonly used: readonly SessionUse[];
  /** Questions to people that nobody has answered yet. */
  readonly openApprovals: number;
}

type SessionRow = Row<typeof sessionsTable>;

/** What is added up beside the rows: amounts, and when something last happened. */
interface Sums {
  readonly used: SessionUse[];
  lastAtMs: number;
  openApprovals: number;
}

const COUNTED = { ALLOW: 'allowed', ALLOW_WITH_CAPS: 'capped', DENY: 'denied', PENDING: 'pending' } as const;

export class SessionQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** @param sessionId case does not matter */
  async find(tenantId: string, sessionId: string): Promise<SessionView | null> {
    const row = await this.db
      .selectFrom('sessions')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('session_id', '=', sessionId.toLowerCase())
      .executeTakeFirst();
    return row === undefined ? null : viewOf(row, await this.sumsOf([row]));
  }

  /**
   * Those that began last come first, so that pages stay stable while sessions go on.
   * @param page limit 1 to 100
   * @throws InvalidCursor for a cursor of another question
   */
  async list(filter: SessionFilter, page: PageRequest): Promise<Page<SessionView>> {
    const question = questionOf({ list: 'sessions', ...filter, agent: filter.agent?.toLowerCase() });
    const ordering = orderedBy<SessionRow>(question, [integerKey('position'), textKey('session_id')], 'desc');
    const select = this.db
      .selectFrom('sessions')
      .selectAll()
      .where((where) => where.and(conditionsOf(where, filter)));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    const sums = await this.sumsOf(rows.slice(0, page.limit));
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: (row) => viewOf(row, sums) });
  }

  private async sumsOf(rows: readonly SessionRow[]): Promise<ReadonlyMap<string, Sums>> {
    const sums = new Map<string, Sums>();
    for (const row of rows) {
      sums.set(idOf(row), { used: [], lastAtMs: Number(row.last_at_ms), openApprovals: 0 });
    }
    for (const tenantId of new Set(rows.map((row) => row.tenant_id))) {
      const ofTenant = rows.filter((row) => row.tenant_id === tenantId);
      const sessionIds = ofTenant.map((row) => row.session_id);
      await Promise.all([
        this.addUse(sums, tenantId, sessionIds),
        this.addOutcomes(sums, tenantId, sessionIds),
        this.addApprovals(sums, tenantId, sessionIds),
      ]);
    }
    return sums;
  }

  private async addUse(sums: ReadonlyMap<string, Sums>, tenantId: string, sessionIds: string[]) {
    const rows = await this.db
      .selectFrom('action_holds')
      .select(['session_id', 'unit'])
      .select([
        sql<bigint>`cast(sum(case when status = 'HELD' then amount else 0 end) as bigint)`.as('held'),
        sql<bigint>`cast(sum(coalesce(charged, 0)) as bigint)`.as('charged'),
        sql<bigint>`cast(sum(coalesce(released, 0)) as bigint)`.as('released'),
        sql<bigint>`max(held_at_ms)`.as('held_at_ms'),
        sql<bigint | null>`max(settled_at_ms)`.as('settled_at_ms'),
        sql<bigint | null>`max(adjusted_at_ms)`.as('adjusted_at_ms'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('session_id', 'in', sessionIds)
      .groupBy(['session_id', 'unit'])
      .orderBy('unit')
      .execute();
    for (const row of rows) {
      const sum = sums.get(idOf({ tenant_id: tenantId, session_id: row.session_id ?? '' }));
      if (sum === undefined) continue;
      const { unit, held, charged, released } = row;
      sum.used.push({ unit: unit as Unit, held, charged, released });
      touch(sum, row.held_at_ms, row.settled_at_ms, row.adjusted_at_ms);
    }
  }

  private async addOutcomes(sums: ReadonlyMap<string, Sums>, tenantId: string, sessionIds: string[]) {
    const rows = await this.db
      .selectFrom('actions')
      .select(['session_id', (of) => of.fn.max('outcome_at_ms').as('at_ms')])
      .where('tenant_id', '=', tenantId)
      .where('session_id', 'in', sessionIds)
      .groupBy('session_id')
      .execute();
    for (const { session_id, at_ms } of rows) {
      const sum = sums.get(idOf({ tenant_id: tenantId, session_id: session_id ?? '' }));
      if (sum !== undefined) touch(sum, at_ms);
    }
  }

  private async addApprovals(sums: ReadonlyMap<string, Sums>, tenantId: string, sessionIds: string[]) {
    const rows = await this.db
      .selectFrom('actions')
      .innerJoin('approvals', 'approvals.decision_id', 'actions.action_id')
      .leftJoin('approval_answers', 'approval_answers.approval_id', 'approvals.approval_id')
      .select(['actions.session_id', 'approvals.approval_id', 'approvals.status', 'approvals.closed_at_ms'])
      .select((of) => of.fn.max('approval_answers.at_ms').as('answered_at_ms'))
      .where('actions.tenant_id', '=', tenantId)
      .where('actions.session_id', 'in', sessionIds)
      .where('actions.decision', '=', 'PENDING')
      .groupBy(['actions.session_id', 'approvals.approval_id', 'approvals.status', 'approvals.closed_at_ms'])
      .execute();
    for (const { session_id, status, closed_at_ms, answered_at_ms } of rows) {
      const sum = sums.get(idOf({ tenant_id: tenantId, session_id: session_id ?? '' }));
      if (sum === undefined) continue;
      touch(sum, closed_at_ms, answered_at_ms);
      if (status === 'PENDING') sum.openApprovals += 1;
    }
  }
}

const idOf = ({ tenant_id, session_id }: Pick<SessionRow, 'tenant_id' | 'session_id'>): string =>
  `${tenant_id}/${session_id}`;

function touch(sum: Sums, ...times: readonly (bigint | null)[]): void {
  sum.lastAtMs = Math.max(sum.lastAtMs, ...times.map(Number));
}

function conditionsOf(
  where: ExpressionBuilder<ReadTables, 'sessions'>,
  filter: SessionFilter,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [];
  if (filter.tenantId !== undefined) all.push(where('tenant_id', '=', filter.tenantId));
  if (filter.harness !== undefined) all.push(where('harness', '=', filter.harness));
  if (filter.agent !== undefined) all.push(where('agent', '=', filter.agent.toLowerCase()));
  if (filter.keyId !== undefined) all.push(where('key_id', '=', filter.keyId));
  if (filter.decision !== undefined) all.push(where(COUNTED[filter.decision], '>', 0n));
  if (filter.tierMin !== undefined) all.push(where('highest_tier', '>=', BigInt(filter.tierMin)));
  if (filter.fromMs !== undefined) all.push(where('last_at_ms', '>=', BigInt(filter.fromMs)));
  if (filter.untilMs !== undefined) all.push(where('first_at_ms', '<', BigInt(filter.untilMs)));
  return all;
}

function viewOf(row: SessionRow, sums: ReadonlyMap<string, Sums>): SessionView {
  const { used = [], lastAtMs = Number(row.last_at_ms), openApprovals = 0 } = sums.get(idOf(row)) ?? {};
  return {
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    firstRevision: Number(row.revision),
    firstAtMs: Number(row.first_at_ms),
    lastAtMs,
    subject: parseOrNull<Subject>(row.subject),
    harness: row.harness,
    keyId: row.key_id,
    proposals: {
      total: Number(row.actions),
      allowed: Number(row.allowed),
      allowedWithCaps: Number(row.capped),
      denied: Number(row.denied),
      pending: Number(row.pending),
      observed: Number(row.observed),
    },
    highestTier: numberOrNull(row.highest_tier),
    pointsProposed: row.points_proposed,
    used,
    openApprovals,
  };
}
