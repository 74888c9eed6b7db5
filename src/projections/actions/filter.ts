/** Which actions of the record are asked for, as conditions on their rows. */

import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Decision, Operation, OutcomeRecorded } from '../../domain/events.js';
import type { ReadTables } from '../database.js';

export interface ActionFilter {
  readonly tenantId?: string | undefined;
  /** The session's id; case does not matter, here and in the levels and the dimension. */
  readonly sessionId?: string | undefined;
  readonly workspace?: string | undefined;
  readonly app?: string | undefined;
  readonly agent?: string | undefined;
  readonly toolset?: string | undefined;
  readonly dimension?: { readonly key: string; readonly value: string } | undefined;
  readonly operation?: Operation | undefined;
  readonly decision?: Decision | 'PENDING' | undefined;
  readonly reasonCode?: string | undefined;
  readonly policyId?: string | undefined;
  readonly tier?: number | undefined;
  readonly actionKind?: string | undefined;
  readonly toolName?: string | undefined;
  readonly toolServer?: string | undefined;
  readonly harness?: string | undefined;
  readonly keyId?: string | undefined;
  readonly operatorId?: string | undefined;
  /** A person who answered the approval that the action asked for or ran on. */
  readonly approverId?: string | undefined;
  /** `none`: nothing is known of what came of it. */
  readonly outcome?: OutcomeRecorded['data']['status'] | 'none' | undefined;
  readonly traceId?: string | undefined;
  /** From this moment on, up to, not including, the other; ms since the epoch. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Found in the tool, what it was given and its effects, whatever the case. */
  readonly text?: string | undefined;
  /** Nothing recorded after this position of the ledger, inclusive. */
  readonly positionMax?: number | undefined;
}

/** The same question in the one way in which rows are written: what does not mind the case is lower-cased. */
export const normalized = (filter: ActionFilter): ActionFilter => ({
  ...filter,
  sessionId: filter.sessionId?.toLowerCase(),
  workspace: filter.workspace?.toLowerCase(),
  app: filter.app?.toLowerCase(),
  agent: filter.agent?.toLowerCase(),
  toolset: filter.toolset?.toLowerCase(),
  text: filter.text?.toLowerCase(),
  dimension: filter.dimension && {
    key: filter.dimension.key.toLowerCase(),
    value: filter.dimension.value.toLowerCase(),
  },
});

type Where = ExpressionBuilder<ReadTables, 'actions'>;

/** @param filter normalized */
export function conditionsOf(where: Where, filter: ActionFilter): Expression<SqlBool>[] {
  const equal = [
    ['tenant_id', filter.tenantId],
    ['session_id', filter.sessionId],
    ['workspace', filter.workspace],
    ['app', filter.app],
    ['agent', filter.agent],
    ['toolset', filter.toolset],
    ['operation', filter.operation],
    ['decision', filter.decision],
    ['reason_code', filter.reasonCode],
    ['policy_id', filter.policyId],
    ['action_kind', filter.actionKind],
    ['tool_name', filter.toolName],
    ['tool_server', filter.toolServer],
    ['harness', filter.harness],
    ['key_id', filter.keyId],
    ['operator_id', filter.operatorId],
    ['trace_id', filter.traceId],
  ] as const;
  const bounds = [
    ['tier', '=', filter.tier],
    ['proposed_at_ms', '>=', filter.fromMs],
    ['proposed_at_ms', '<', filter.untilMs],
    ['position', '<=', filter.positionMax],
  ] as const;
  const beside = besideTheNarrowest(filter);
  return [
    ...equal.flatMap(([column, value]) => {
      if (value === undefined) return [];
      return [beside.has(column) ? where(unindexed<string>(column), '=', value) : where(column, '=', value)];
    }),
    ...bounds.flatMap(([column, comparison, value]) => {
      if (value === undefined) return [];
      const compared = beside.has(column) ? unindexed<bigint>(column) : sql.ref<bigint>(column);
      return [where(compared, comparison, BigInt(value))];
    }),
    ...inEveryTenant(where, filter),
    ...placeInTime(where, filter),
    ...(filter.outcome === undefined ? [] : [outcomeIs(where, filter.outcome)]),
    ...(filter.dimension === undefined ? [] : [hasDimension(where, filter.dimension)]),
    ...(filter.approverId === undefined ? [] : [answeredBy(where, filter.approverId)]),
    ...(filter.text === undefined ? [] : [contains(filter.text)]),
  ];
}

/** Filters from the narrowest on: a trace leaves a few actions, a session tens, a reason those that were refused. */
const NARROWEST = [
  ['traceId', new Set(['tenant_id', 'session_id', 'reason_code', 'tier', 'tool_name'])],
  ['sessionId', new Set(['reason_code', 'tier', 'tool_name'])],
  ['reasonCode', new Set(['tier', 'tool_name'])],
] as const;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * The columns whose indexes are not to be used. SQLite keeps no statistics here: of two indexes that fit it takes
 * either, and would look for the twenty calls of a session among all that a tool ever made.
 */
const besideTheNarrowest = (filter: ActionFilter): ReadonlySet<string> =>
  NARROWEST.find(([name]) => filter[name] !== undefined)?.[1] ?? NOTHING;

/** Tenants are few, and the index of sessions is by tenant: asking each in turn beats reading the whole record. */
const inEveryTenant = (
  where: Where,
  { tenantId, sessionId, traceId }: ActionFilter,
): Expression<SqlBool>[] =>
  sessionId === undefined || tenantId !== undefined || traceId !== undefined
    ? []
    : [where('actions.tenant_id', 'in', where.selectFrom('tenants').select('tenants.tenant_id'))];

/** A column as an expression of the same value, which no index is on. */
const unindexed = <T>(column: string) => sql<T>`nullif(${sql.ref(column)}, null)`;

/**
 * A tenant's time never runs backwards, so that a period is a stretch of its ledger: where that ends is looked up
 * first, or a page about last year would begin its search today.
 */
function placeInTime(where: Where, { tenantId, untilMs }: ActionFilter): Expression<SqlBool>[] {
  if (tenantId === undefined || untilMs === undefined) return [];
  const last = where
    .selectFrom('actions as earlier')
    .select('earlier.position')
    .where('earlier.tenant_id', '=', tenantId)
    .where('earlier.proposed_at_ms', '<', BigInt(untilMs))
    .orderBy('earlier.proposed_at_ms', 'desc')
    .orderBy('earlier.position', 'desc')
    .limit(1);
  return [where('position', '<=', last)];
}

const outcomeIs = (where: Where, outcome: string): Expression<SqlBool> =>
  outcome === 'none' ? where('outcome', 'is', null) : where('outcome', '=', outcome);

/** Members of canonical JSON begin after a brace or a comma, which no quoted text can imitate. */
function hasDimension(where: Where, { key, value }: { key: string; value: string }): Expression<SqlBool> {
  const member = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  return where.or(['{', ','].map((before) => likeText(sql.ref('dimensions'), before + member)));
}

/** The questions a person answered: what was proposed first, and what ran on the answer. */
function answeredBy(where: Where, operatorId: string): Expression<SqlBool> {
  const ofPerson = (column: 'decision_id' | 'allowed') =>
    where
      .selectFrom('approvals')
      .innerJoin('approval_answers', 'approval_answers.approval_id', 'approvals.approval_id')
      .where('approval_answers.operator_id', '=', operatorId)
      .where(`approvals.${column}`, 'is not', null)
      .select(`approvals.${column} as id`);
  return where('action_id', 'in', ofPerson('decision_id').unionAll(ofPerson('allowed')) as never);
}

/** What has no tool is looked for by the kind and the name of its action. */
const contains = (text: string): Expression<SqlBool> =>
  likeText(
    sql`coalesce(searched, lower(coalesce(action_kind, '') || ' ' || coalesce(action_name, '')))`,
    text,
  );

const likeText = (within: Expression<unknown>, text: string): Expression<SqlBool> =>
  sql<boolean>`${within} like ${`%${text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`} escape '\\'`;
