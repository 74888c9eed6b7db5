/** What reads are answered from: the folded state of a tenant, and the read models once they have caught up. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Writers } from '../commands/writers.js';
import { authorizeRead, checkScopeFilter, withFixedLevels } from '../domain/access.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ScopePath, TenantId } from '../domain/ids.js';
import { isRefusal, type Refusal } from '../domain/refusals.js';
import type { ApiKey } from '../domain/state.js';
import { deriveScopes, type Subject } from '../domain/subject.js';
import type { ReadStoreStatus } from '../ports/read-store.port.js';
import type { ActionQueries } from '../projections/actions/actions.queries.js';
import type { ShadowQueries } from '../projections/actions/shadow.queries.js';
import type { ApprovalQueries } from '../projections/approvals/approvals.queries.js';
import type { BalanceQueries } from '../projections/balances/balances.queries.js';
import type { ChargeRowQueries } from '../projections/charges/charge-rows.queries.js';
import type { ChargebackQueries } from '../projections/charges/chargeback.queries.js';
import type { PeriodQueries } from '../projections/charges/periods.queries.js';
import type { RunRateQueries } from '../projections/charges/run-rates.queries.js';
import type { UnitCostQueries } from '../projections/charges/unit-costs.queries.js';
import type { DirectoryQueries } from '../projections/directory/directory.queries.js';
import type { NotificationQueries } from '../projections/notifications/notifications.queries.js';
import type { OperatorLogQueries } from '../projections/operator-log/operator-log.queries.js';
import type { ReservationQueries } from '../projections/reservations/reservations.queries.js';
import type { SessionQueries } from '../projections/sessions/sessions.queries.js';
import type { LedgerSource } from '../replay/stream.js';
import { HttpFailure } from './failure.js';
import { sendRefusal } from './reply.js';

/** Injects `Reading`. */
export const READING = Symbol('Reading');

export interface Reading {
  readonly balances: BalanceQueries;
  readonly reservations: ReservationQueries;
  readonly directory: DirectoryQueries;
  readonly actions: ActionQueries;
  readonly sessions: SessionQueries;
  readonly shadow: ShadowQueries;
  readonly operatorLog: OperatorLogQueries;
  readonly approvals: ApprovalQueries;
  readonly notifications: NotificationQueries;
  readonly chargeback: ChargebackQueries;
  readonly billed: ChargeRowQueries;
  readonly periods: PeriodQueries;
  readonly unitCosts: UnitCostQueries;
  readonly runRates: RunRateQueries;
  /** The event of a tenant's ledger at a revision; null where there is none. */
  eventAt(tenantId: TenantId, revision: number): Promise<RecordedEvent | null>;
  /** Where the ledger itself is read back from. */
  readonly ledger: LedgerSource;
  /** Waits until the read models have everything this process has appended. */
  catchUp(): Promise<void>;
  status(): ReadStoreStatus;
  rebuild(names: readonly string[] | 'all'): Promise<void>;
}

/**
 * Checks a key's validity and permission against its tenant's state, which also records what has fallen due,
 * so that the read that follows sees it. Remembers the key on the request for the scope filter.
 * @returns false when the request has been answered with a refusal
 */
export const readAuthority =
  (writers: Writers) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const { caller } = request;
    const access = request.routeOptions.config.declaration?.access;
    const needed = access?.reads ?? access?.writes;
    if (caller?.type !== 'api_key' || needed === undefined) return true;
    const { tenantId, keyId } = caller;
    const admit = (key: ApiKey | undefined, nowMs: number): Refusal | null => {
      const first = authorizeRead(key, needed, nowMs);
      if (first === null || access?.formerly === undefined) return first;
      const isFormer = authorizeRead(key, access.formerly, nowMs) === null;
      if (isFormer) reply.header('X-Cycles-Permission-Deprecated', access.formerly);
      return isFormer ? null : first;
    };
    const look = (staleMaxMs?: number): Promise<Refusal | null> =>
      writers.read(
        tenantId,
        (state, { nowMs }) => {
          request.key = state.keys.get(keyId) ?? null;
          return admit(request.key ?? undefined, nowMs);
        },
        staleMaxMs,
      );
    // What another node has just issued or widened is no reason to refuse.
    const refused = (await look()) && (await look(0));
    if (refused === null) return true;
    sendRefusal(request, reply, refused);
    return false;
  };

/** The tenant of the caller's key. Only for routes that take no admin key. */
export function tenantOfCaller({ caller }: FastifyRequest): TenantId {
  if (caller?.type === 'api_key') return caller.tenantId;
  throw new Error('a route without an API key asks for its tenant');
}

/** The refusal of a key that is limited to other scopes; null for operators and unlimited keys. */
export const checkScope = (key: ApiKey | null, path: ScopePath): Refusal | null =>
  key === null ? null : checkScopeFilter(key, path);

/** The subject a read is about, with the key's fixed levels, or why the key may not read it. */
export function placeRead(subject: Subject, tenantId: TenantId, key: ApiKey | null): Subject | Refusal {
  const placed = withFixedLevels(subject, key ?? undefined);
  if (isRefusal(placed)) return placed;
  const path = deriveScopes(placed, tenantId).at(-1) ?? (`tenant:${tenantId}` as ScopePath);
  return checkScope(key, path) ?? placed;
}

const LIMIT_DEFAULT = 50;

/**
 * The page a list asks for.
 * @throws HttpFailure 400 when the limit is not 1 to `limitMax`
 */
export function pageOf(query: { limit?: string; cursor?: string }, limitMax: number) {
  const { limit: text = String(LIMIT_DEFAULT) } = query;
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limitMax) {
    const message = `limit must be a whole number from 1 to ${limitMax}.`;
    throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'limit' });
  }
  return { limit, cursor: query.cursor ?? null };
}

/** The cursor fields of a list's answer. */
export const cursorOf = (nextCursor: string | null) =>
  nextCursor === null ? { has_more: false } : { has_more: true, next_cursor: nextCursor };
